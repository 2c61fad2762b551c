/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ahead.h"

#include <pthread.h>
#include <stdlib.h>

#define BLOCKS 5 /* two lent, and some that wait or are filled */

struct ahead {
	ahead_fill_fn *fill;
	void *user;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t filled; /* blocks ever; number n lies at n % BLOCKS */
	uint64_t taken;
	bool done; /* the last block is the end or damage */
	bool stop;
	struct ahead_block block[BLOCKS];
};

/* Whether there is a block to fill; waits until there is.  Two of those taken are still lent. */
static bool
wait_for_room(struct ahead *a)
{
	bool stop;

	pthread_mutex_lock(&a->lock);
	while (!a->stop && a->filled + 2 >= a->taken + BLOCKS)
		pthread_cond_wait(&a->moved, &a->lock);
	stop = a->stop;
	pthread_mutex_unlock(&a->lock);
	return !stop;
}

static void *
read_on(void *user)
{
	struct ahead *a = user;
	bool done = false;

	while (!done && wait_for_room(a)) {
		struct ahead_block *block = &a->block[a->filled % BLOCKS];

		a->fill(block, a->user);
		done = block->len <= 0;
		pthread_mutex_lock(&a->lock);
		a->filled++;
		a->done = done;
		pthread_cond_signal(&a->moved);
		pthread_mutex_unlock(&a->lock);
	}
	return NULL;
}

struct ahead *
ahead_new(ahead_fill_fn *fill, void *user)
{
	struct ahead *a = malloc(sizeof(*a)); /* blocks are touched as they are filled */

	if (!a)
		return NULL;
	a->fill = fill;
	a->user = user;
	a->filled = a->taken = 0;
	a->done = a->stop = false;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->moved, NULL);
	if (pthread_create(&a->thread, NULL, read_on, a) == 0)
		return a;
	pthread_cond_destroy(&a->moved);
	pthread_mutex_destroy(&a->lock);
	free(a);
	return NULL;
}

void
ahead_free(struct ahead *a)
{
	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	pthread_cond_destroy(&a->moved);
	pthread_mutex_destroy(&a->lock);
	free(a);
}

struct ahead_block *
ahead_next(struct ahead *a)
{
	struct ahead_block *block;

	pthread_mutex_lock(&a->lock);
	while (a->taken == a->filled && !a->done)
		pthread_cond_wait(&a->moved, &a->lock);
	if (a->taken < a->filled)
		a->taken++;
	block = &a->block[(a->taken - 1) % BLOCKS];
	pthread_cond_signal(&a->moved);
	pthread_mutex_unlock(&a->lock);
	return block;
}
