/* SPDX-License-Identifier: Apache-2.0 */

/* The first byte says which kind of row the others are; what can be read is written and read again.
 */
#include <stdlib.h>
#include <string.h>

#include "history_codec.h"

/* Without rules, as whoever only forgets has it: no maker is known, and no word of advice. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t written[HISTORY_BYTES], again[HISTORY_BYTES];
static struct history_names names; /* of the receiver that was read last */

union row {
	struct history_session session;
	struct history_hour hour;
	struct device device;
	struct history_receiver receiver;
	struct history_rest rest;
	struct history_ledger ledger;
	struct track_episode episode;
	struct history_gap gap;
	struct history_word word;
};

static bool
read_row(unsigned kind, struct cursor c, const struct porch_rules *rules, struct arena *arena,
    union row *row)
{
	switch (kind) {
	case HISTORY_SESSION:
		return history_read_session(c, arena, &row->session);
	case HISTORY_HOUR:
		return history_read_hour(c, &row->hour);
	case HISTORY_DEVICE:
		return history_read_device(c, rules, &row->device);
	case HISTORY_RECEIVER:
		return history_read_receiver(c, rules, &names, &row->receiver);
	case HISTORY_REST:
		return history_read_rest(c, rules, &row->rest);
	case HISTORY_LEDGER:
		return history_read_ledger(c, &row->ledger);
	case HISTORY_EPISODE:
		return history_read_episode(c, &row->episode);
	case HISTORY_GAP:
		return history_read_gap(c, arena, &row->gap);
	case HISTORY_LABEL:
	case HISTORY_MARK:
		return history_read_word(c, &row->word);
	default:
		return false;
	}
}

static void
write_row(unsigned kind, struct bytes *b, const struct porch_rules *rules, const union row *row)
{
	switch (kind) {
	case HISTORY_SESSION:
		history_write_session(b, &row->session);
		break;
	case HISTORY_HOUR:
		history_write_hour(b, &row->hour);
		break;
	case HISTORY_DEVICE:
		history_write_device(b, &row->device);
		break;
	case HISTORY_RECEIVER:
		history_write_receiver(b, rules, &row->receiver);
		break;
	case HISTORY_REST:
		history_write_rest(b, rules, &row->rest);
		break;
	case HISTORY_LEDGER:
		history_write_ledger(b, &row->ledger);
		break;
	case HISTORY_EPISODE:
		history_write_episode(b, &row->episode);
		break;
	case HISTORY_GAP:
		history_write_gap(b, &row->gap);
		break;
	default:
		history_write_word(b, &row->word);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct porch_rules *rules;
	unsigned kind = size > 0 ? data[0] % HISTORY_KINDS : 0;
	struct bytes one = bytes_over(written, sizeof(written));
	struct bytes other = bytes_over(again, sizeof(again));
	struct arena *arena = arena_new();
	struct porch_error error;
	union row row;

	if (!rules)
		rules = porch_rules_load(NULL, 0, &error);
	if (!rules || !arena)
		abort();
	if (size > 0 && read_row(kind, cursor_over(data + 1, size - 1), rules, arena, &row)) {
		write_row(kind, &one, rules, &row);
		if (!one.cut) {
			if (!read_row(kind, cursor_over(written, one.len), rules, arena, &row))
				abort();
			write_row(kind, &other, rules, &row);
			if (one.len != other.len || memcmp(written, again, one.len) != 0)
				abort();
		}
	}
	arena_free(arena);
	return 0;
}
