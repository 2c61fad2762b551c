/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_IMPORT_H
#define RULES_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include <porchlight/error.h>

/* What someone else wrote, and what of it becomes a rule file. */
struct import {
	const char *path; /* as the user named it, for errors */
	const char *leaf; /* its name alone: the source of what is imported */
	const char *bytes;
	size_t len;
	const char *name; /* what the user calls it: an id */
	const char *seen; /* the day the file is of, "2026-11-19" */
};

struct imported {
	char *text;         /* a rule file; the caller frees it */
	const char *folder; /* "trackers", "organisations" or "vendors": where it belongs */
	size_t facts;       /* hosts and prefixes taken */
	size_t passed;      /* lines and entries that speak of something else, or twice */
};

/*
 * Reads a list of domains (rules/lists.h), the host: and ip: lines of a protos.txt of nDPI
 * (host:"a.example",ip:192.0.2.0/24@Name), or the DNS names of an MUD file (RFC 8520, 8)
 * with the ports beside them (those below the domain of its URL are the maker's, of others nothing
 * is known), and writes them in our format, all `experimental`.  What was
 * written has been loaded.  False fills *error.
 */
bool rules_import(const struct import *import, struct imported *imported,
    struct porch_error *error);

#endif
