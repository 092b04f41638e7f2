/*
 * How the boot record changes where app and runtime belong together: `clr_slot` names the runtime slot of the chosen app, and the
 * previous app belongs to the other one. Without runtime slots, or for an app that runs on any, the rules for the app alone hold.
 */
#ifndef NANOOTA_PAIR_H
#define NANOOTA_PAIR_H

#include "nanoota_runtime.h"

/* Whether the record binds its app to a runtime slot that this board has. */
bool nanoota_is_pair(const nanoota_run *run);

/* Whether the app that the record chooses belongs to the runtime that does not run. */
bool nanoota_is_of_other(const nanoota_run *run);

/* The record that ends a trial: the pair before it, or if that cannot start, the same pair in safe mode. */
nanoota_record nanoota_pair_end_trial(const nanoota_run *run, uint16_t reason);

/* Whether the record is confirmed, and the pair before it is unchanged. */
bool nanoota_pair_may_revert(const nanoota_run *run);

/* The record of a revert of confirmed firmware to what was before. */
nanoota_record nanoota_pair_revert(const nanoota_run *run, uint16_t reason);

/*
 * The record after the loss of the runtime that it names: the pair before it, if it is unchanged; else the same app, on the runtime
 * that there is.
 */
nanoota_record nanoota_pair_lose_runtime(const nanoota_run *run);

/* The record for the app of the other slot, after the loss of the app that the record chooses. */
nanoota_record nanoota_pair_with_other_app(const nanoota_run *run, nanoota_record reverted);

#endif
