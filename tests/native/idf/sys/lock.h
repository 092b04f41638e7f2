/* Of ESP-IDF's C library: a null lock is free, and its first use creates it. */
#ifndef SYS_LOCK_H
#define SYS_LOCK_H

#ifdef __cplusplus
extern "C" {
#endif

struct lock_of_system;
typedef struct lock_of_system *_lock_t;

void _lock_acquire(_lock_t *lock);
void _lock_release(_lock_t *lock);

#ifdef __cplusplus
}
#endif

#endif
