/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/api.h"

#include <string.h>

static const struct {
	const char *name;
	enum shelf_kind kind;
	bool alone; /* one record, or null */
} parts[] = {
    {"devices", SHELF_DEVICES, false},
    {"destinations", SHELF_DESTINATIONS, false},
    {"episodes", SHELF_EPISODES, false},
    {"findings", SHELF_FINDINGS, false},
    {"gaps", SHELF_GAPS, false},
    {"notices", SHELF_NOTICES, false},
    {"run", SHELF_ONE_RUN, true},
    {"summary", SHELF_ONE_SUMMARY, true},
};

/* Records are JSON as they came (feed_line() read them), and inert (ESCAPE_JSON). */
static void
write_records(struct writer *w, const struct shelf *shelf, bool alone)
{
	size_t count = shelf_count(shelf);

	if (!alone)
		write_char(w, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			write_char(w, ',');
		write_text(w, shelf_at(shelf, i).text);
	}
	if (!alone)
		write_char(w, ']');
	else if (count == 0)
		write_text(w, "null");
}

static void
write_head(struct writer *w, const struct feed *feed, const char *name)
{
	writef(w, "{\"schema\":\"porchlight.api/1\",\"boot\":");
	if (feed_boot(feed)[0])
		writef(w, "\"%s\"", feed_boot(feed));
	else
		write_text(w, "null");
	writef(w, ",\"%s\":", name);
}

bool
api_write(struct writer *w, const struct feed *feed, const char *what)
{
	if (strcmp(what, "state") == 0) {
		write_head(w, feed, what);
		write_text(w, feed_state_record(feed) ? feed_state_record(feed) : "null");
		write_text(w, "}\n");
		return true;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		bool concludes =
		    parts[i].kind == SHELF_FINDINGS || parts[i].kind == SHELF_ONE_SUMMARY;
		const struct shelf *shelf = concludes ? feed_concluded(feed, parts[i].kind)
		                                      : feed_shelf(feed, parts[i].kind);

		if (strcmp(parts[i].name, what) != 0)
			continue;
		write_head(w, feed, what);
		write_records(w, shelf, parts[i].alone);
		if (!parts[i].alone) {
			write_text(w, ",\"forgotten\":");
			write_u64(w, shelf_forgotten(shelf));
		}
		write_text(w, "}\n");
		return true;
	}
	return false;
}
