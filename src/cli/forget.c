/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/history_file.h"
#include "cli/say.h"
#include "cli/watch/keep.h"
#include "cli/watch/messenger.h"
#include "home/device.h"
#include "sink/messenger/outbox.h"

#define ID_DIGITS 16

/* "d" and 16 hex digits, as records have it, or a MAC. */
static bool
read_device(const char *text, uint64_t *id)
{
	struct device_key key;
	struct mac mac;
	char *end;

	if (mac_parse(text, &mac)) {
		key = device_key_mac(&mac);
		*id = device_key_id(&key);
		return true;
	}
	if (text[0] != 'd' || strlen(text) != 1 + ID_DIGITS ||
	    strspn(text + 1, "0123456789abcdef") != ID_DIGITS)
		return false;
	*id = strtoull(text + 1, &end, 16);
	return *id != 0;
}

/* Messages that wait tell of devices too. */
static bool
forget_messages(const struct options *options, uint64_t device)
{
	struct options where = *options;
	char folder[4096];

	if (!where.history)
		where.history = HISTORY_FOLDER;
	if (!messenger_folder(&where, folder, sizeof(folder)) || access(folder, F_OK) != 0 ||
	    outbox_forget(folder, device))
		return true;
	say("%s: not all that waits there could be erased", folder);
	return false;
}

/*
 * Packets that --keep kept are of all devices in one file: with everything they go too; of one
 * device it is said where they still are.
 */
static bool
forget_packets(const struct options *options, uint64_t device)
{
	struct keep_options keep;
	size_t count, left;

	if (!options->keep || !keep_read(options->keep, &keep))
		return true;
	count = keep_files(keep.folder, device == 0, &left);
	if (left > 0) {
		say("%s: not all packets that were kept there could be erased", keep.folder);
		return false;
	}
	if (device == 0 && count > 0 && !options->quiet)
		printf("Erased %zu files of packets.\n", count);
	else if (count > 0 && device != 0)
		say("%s: %zu files of packets may still hold some of this device; remove them, or "
		    "wait until they are too old",
		    keep.folder, count);
	return true;
}

static int
forget(const struct options *options, uint64_t device)
{
	struct history_setup setup = history_file(options);
	struct porch_error error;
	struct history *history;
	uint64_t rows;
	bool done;

	setup.must_be_there = true;
	history = history_open(&setup, &error);
	done = history && history_forget(history, device, &rows, &error);
	history_close(history);
	if (!done) {
		say_error(&error);
		return EXIT_NO_RESULT;
	}
	if (!options->quiet)
		printf("Erased %" PRIu64 " rows.\n", rows);
	if (!forget_messages(options, device) || !forget_packets(options, device))
		return EXIT_NO_RESULT;
	return EXIT_DONE;
}

int
forget_main(int argc, char **argv)
{
	struct options options;
	uint64_t device = 0;
	int status;

	if (command_begin(&options, FOR_FORGET, "forget --device ID|MAC | --all", argc, argv,
	        &status)) {
		if (options.arguments.count > 0)
			status = command_refuse("forget", "takes no argument");
		else if (options.all == (options.forget != NULL))
			status = command_refuse("forget", "either --device or --all");
		else if (options.forget && !read_device(options.forget, &device))
			status =
			    command_refuse("forget", "--device takes an id of a record or a MAC");
		else
			status = forget(&options, device);
	}
	options_free(&options);
	return status;
}
