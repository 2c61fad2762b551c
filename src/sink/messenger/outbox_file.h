/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_OUTBOX_FILE_H
#define SINK_MESSENGER_OUTBOX_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One item in a file of an outbox, and the file itself; the processor's own byte order. */
struct outbox_head {
	uint32_t mark; /* OUTBOX_MARK */
	uint32_t len;
	uint64_t check; /* of the rest of the head and the bytes that follow */
	uint64_t number;
	uint64_t device;
	int64_t kept; /* when it was added */
};

#define OUTBOX_MARK   0x31626f70U /* "pob1" */
#define OUTBOX_SUFFIX ".spool"

/* Where an outbox stands, in NAME.position. */
struct outbox_position {
	uint64_t mark;
	uint64_t changes; /* counts what others erased */
	uint64_t done;    /* number of the last delivered item */
	uint64_t lost;
	uint64_t lost_told; /* of those */
};

uint64_t outbox_check(const struct outbox_head *head, const void *bytes);

/*
 * Reads the item at *offset into room for OUTBOX_ITEM_MAX + 1 bytes and steps over it.  False
 * at the end, and at what was cut or damaged.
 */
bool outbox_read(int fd, uint64_t *offset, struct outbox_head *head, char *bytes);
/* False when it is not whole: then the file is as long as before. */
bool outbox_write(int fd, uint64_t offset, const struct outbox_head *head, const void *bytes);

/* Writes a file anew without a device's items.  False when it cannot. */
bool outbox_erase(int folder, const char *file, uint64_t device);

#endif
