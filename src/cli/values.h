/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_VALUES_H
#define CLI_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/colour.h"

/* What may stand after an option.  Each answers false, and changes nothing, for another text. */

#define JOBS_MAX 256

/* Digits only, from 1 to JOBS_MAX. */
bool value_jobs(const char *text, unsigned *jobs);
/* Digits only, at most a year. */
bool value_seconds(const char *text, unsigned *seconds);
/* An RFC 3339 time or date, or seconds since 1970 with up to six decimals; to microseconds. */
bool value_time(const char *text, int64_t *time);
bool value_when(const char *text, enum when *when);
/* Digits only, any 64-bit number. */
bool value_seed(const char *text, uint64_t *seed);
/* An address, or address and prefix length. */
bool value_prefix(const char *text);
/* The first len bytes are a MAC or an IP address. */
bool value_subject(const char *text, size_t len);
/* "MAC|IP=NAME" with a name that is not empty. */
bool value_label(const char *text);

#endif
