/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_RAW_H
#define SOURCE_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <porchlight/error.h>

/* The bytes of a file as they are stored, front to back, and their SHA-256. */
struct raw;

/* path "-" is standard input.  Folders are refused.  Returns NULL and says why. */
struct raw *raw_open(const char *path, bool hash, struct porch_error *error);
struct raw *raw_open_memory(const void *bytes, size_t len, bool hash, struct porch_error *error);

/* As read(2), but goes on after a signal. */
ssize_t raw_read(struct raw *raw, void *out, size_t len);

uint64_t raw_total(const struct raw *raw); /* 0 when not known */
uint64_t raw_consumed(const struct raw *raw);
void raw_sha256(struct raw *raw,
    char hex[static 65]); /* of what was read; "" if none, or read failed */
void raw_close(struct raw *raw);

#endif
