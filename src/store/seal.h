/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "crypto/siv.h"

/*
 * What hides the rows of a store.  Its key lies in a file of its own, 0600, as a line of hex
 * digits: whoever deletes that file has erased every row.
 */
struct seal;

#define SEAL_TAG SIV_TAG

/* What stands beside a sealed row in the clear, and may not be another row's. */
struct seal_place {
	uint16_t kind;
	uint64_t session;
	int64_t time;
	int64_t device;        /* as seal_device() has it */
	uint8_t key[SEAL_TAG]; /* as seal_key() has it */
};

/* Reads the key, or makes one where there is none and *made is given.  NULL fills error. */
struct seal *seal_open(const char *path, bool *made, struct porch_error *error);
void seal_close(struct seal *seal);

/* A name that stands for the key of a row of that kind. */
bool seal_key(struct seal *seal, uint16_t kind, const void *key, size_t len,
    uint8_t tag[static SEAL_TAG]);
/* A number that stands for a device; 0 for 0. */
int64_t seal_device(struct seal *seal, uint64_t device);

/* SEAL_TAG bytes longer than they were. */
bool seal_bytes(struct seal *seal, const struct seal_place *place, const void *bytes, size_t len,
    uint8_t *sealed);
/* SEAL_TAG bytes shorter; false if they were not sealed for this place with this key. */
bool seal_open_bytes(struct seal *seal, const struct seal_place *place, const void *sealed,
    size_t len, uint8_t *bytes);

#endif
