/* Of ESP-IDF's C library: a lock that is all zero is a lock that nobody holds. */
#ifndef SYS_LOCK_H
#define SYS_LOCK_H

#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    pthread_mutex_t mutex;
} _lock_t;

void _lock_acquire(_lock_t *lock);
void _lock_release(_lock_t *lock);

#ifdef __cplusplus
}
#endif

#endif
