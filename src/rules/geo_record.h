/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_GEO_RECORD_H
#define RULES_GEO_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a record of an address database says.  Publishers name the same thing differently; the
 * names that are known stand in geo_record.c, all others are passed over.
 */
struct geo_record {
	int64_t asn;          /* -1 unknown */
	const char *operator; /* of that autonomous system: in the section, not NUL-terminated */
	size_t operator_len;  /* 0 unknown */
	char country[3];      /* ISO 3166-1 alpha-2, or "" */
	bool anycast;
	bool access; /* households and phones; never with hosting */
	bool hosting;
};

/* As mmdb_walk(): false when the record at an offset of the data section is damaged. */
bool geo_record_read(struct geo_record *record, const uint8_t *section, size_t len, size_t offset,
    uint64_t *budget);

#endif
