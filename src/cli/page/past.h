/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PAGE_PAST_H
#define CLI_PAGE_PAST_H

#include "cli/confine.h"
#include "cli/options.h"
#include "sink/site/site.h"

/* What a history tells the page: read anew each time, in a process that ends with it. */

#define PAST_FILES  64 /* files and folders at most */
#define PAST_FOLDER 4096
struct past_folders {
	char folder[4][PAST_FOLDER];
};

/* Whether one is kept. */
bool past_kept(const struct options *options);
/* Where sessions are kept: the history's name and ".page"; false where there is no history. */
bool past_sessions(const struct options *options, char path[static PAST_FOLDER]);
/* What reading it opens; returns how many.  Folders' names are written into *room. */
size_t past_files(const struct options *options, struct past_folders *room,
    struct confine_path files[static PAST_FILES]);
/* Writes what is asked of the last days; false when there is nothing to read. */
bool past_write(const struct options *options, enum site_work what, unsigned days,
    struct writer *w);

#endif
