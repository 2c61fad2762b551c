/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_FOLDER_H
#define RULES_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include <porchlight/error.h>

#include "rules/ruleset.h"

/* The rule files of some folders, as they lay on the disk. */
struct rule_files {
	struct pool *pool; /* names */
	struct rule_file *file;
	size_t count;
	size_t room;
	size_t bytes;
};

#define FOLDER_FILES 2048 /* in all folders together */
#define FOLDER_BYTES (64U << 20)

/*
 * Reads what a user named.  A file is a list of domains; of a folder, reads every *.json and the
 * text files of addresses/ below folder, in order of name.  A symbolic link, anything but files and
 * folders, and a file of an unknown kind are errors; names that begin with a dot or end in a tilde,
 * and README.md, NOTICE and LICENSE, are passed over, as are captures, which rules may carry for
 * their tests.  False fills *error.
 */
bool folder_read(struct rule_files *files, const char *folder, unsigned number,
    struct porch_error *error);
void rule_files_free(struct rule_files *files);

#endif
