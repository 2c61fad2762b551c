/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>

#include "store/seal.h"
#include "store/store.h"

/*
 * What the files of the store share: store_open.c opens, store_rows.c reads and writes,
 * store_room.c keeps and gives back room.
 */

#define STORE_PATH 4096

enum statement { STATEMENT_PUT, STATEMENT_DROP, STATEMENT_FIND, STATEMENTS };

struct store {
	sqlite3 *db;
	struct seal *seal;
	sqlite3_stmt *statement[STATEMENTS]; /* prepared when first used */
	char path[STORE_PATH];
	char reserve[STORE_PATH + 16];
	size_t reserve_bytes; /* 0: read only */
	uint8_t *buffer;      /* of STORE_MAX + SEAL_TAG */
	char lost[256];
};

enum store_result store_result_of(int code);
/* One or more statements without results. */
enum store_result store_run(struct store *store, const char *sql);
/* The first column of the first row; fallback when there is none. */
int64_t store_number(struct store *store, const char *sql, int64_t fallback);

#endif
