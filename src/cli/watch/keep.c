/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/keep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redact/pcapng.h"
#include "sink/report.h"
#include "sink/rotation.h"

#define DAY        (INT64_C(86400) * 1000000)
#define BYTES      (UINT64_C(256) << 20)
#define BYTES_MIN  (UINT64_C(1) << 20)
#define DAYS       30
#define DAYS_MAX   36500
#define LINK_TYPES 16
#define TICK       INT64_C(10000000)

struct keep {
	struct rotation *files;
	struct pcapng_out out;
	char folder[KEEP_PATH];
	uint16_t link_type[LINK_TYPES]; /* of the interfaces of the file that is being written */
	size_t link_types;
	uint64_t lost; /* frames that could not be written */
	bool failing;
	int64_t ticked; /* when files were looked at */
};

static bool
read_size(const char *text, size_t length, uint64_t *bytes)
{
	static const char units[] = "kMG";
	const char *unit = length > 1 ? strchr(units, text[length - 1]) : NULL;
	size_t digits = unit ? length - 1 : length;
	uint64_t size = 0;

	if (digits == 0 || digits > 9)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		size = size * 10 + (uint64_t)(text[i] - '0');
	}
	size <<= unit ? 10 * (unit - units + 1) : 0;
	if (size < BYTES_MIN)
		return false;
	*bytes = size;
	return true;
}

static bool
read_days(const char *text, unsigned *days)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || number < 1 || number > DAYS_MAX)
		return false;
	*days = (unsigned)number;
	return true;
}

/* A folder's own name may hold a colon where no size follows it. */
bool
keep_read(const char *text, struct keep_options *options)
{
	const char *last = strrchr(text, ':'), *before = NULL;
	size_t length = strlen(text);

	options->bytes = BYTES;
	options->days = DAYS;
	for (const char *at = text; last && at < last; at++)
		before = *at == ':' ? at : before;
	if (before && read_size(before + 1, (size_t)(last - before - 1), &options->bytes) &&
	    read_days(last + 1, &options->days))
		length = (size_t)(before - text);
	else if (last && read_size(last + 1, strlen(last + 1), &options->bytes))
		length = (size_t)(last - text);
	else if (last && strspn(last + 1, "0123456789kMG") == strlen(last + 1))
		return false; /* a size that is none, or none that is enough */
	if (length == 0 || length >= sizeof(options->folder))
		return false;
	memcpy(options->folder, text, length);
	options->folder[length] = '\0';
	return true;
}

static bool
write_block(const void *bytes, size_t len, void *user)
{
	struct keep *keep = user;

	return rotation_write(keep->files, bytes, len);
}

static struct rotation_options
rotation_of(const struct keep_options *options)
{
	return (struct rotation_options){
	    .prefix = "kept",
	    .suffix = "pcapng",
	    .bytes = options->bytes,
	    .age = (int64_t)options->days * DAY,
	};
}

size_t
keep_files(const char *folder, bool erase, size_t *left)
{
	static const struct keep_options any = {.days = DAYS};
	const struct rotation_options files = rotation_of(&any);

	return rotation_files(folder, &files, erase, left);
}

struct keep *
keep_open(const struct keep_options *options, struct porch_error *error)
{
	const struct rotation_options files = rotation_of(options);
	struct keep *keep = calloc(1, sizeof(*keep));

	if (!keep) {
		*error = (struct porch_error){.text = "out of memory", .offset = -1};
		return NULL;
	}
	snprintf(keep->folder, sizeof(keep->folder), "%s", options->folder);
	keep->files = rotation_open(options->folder, &files, error);
	if (!keep->files) {
		free(keep);
		return NULL;
	}
	keep->out = (struct pcapng_out){.write = write_block, .user = keep};
	return keep;
}

void
keep_close(struct keep *keep)
{
	if (!keep)
		return;
	rotation_close(keep->files);
	free(keep);
}

const char *
keep_folder(const struct keep *keep)
{
	return keep->folder;
}

static void
begin_file(struct keep *keep)
{
	static const char *const comments[] = {REPORT_KEPT};

	keep->out.failed = false;
	keep->link_types = 0;
	pcapng_section(&keep->out, comments, 1);
}

/* Interfaces are told by their link type only; -1 when there are too many. */
static int
interface_of(struct keep *keep, uint16_t link_type)
{
	for (size_t i = 0; i < keep->link_types; i++)
		if (keep->link_type[i] == link_type)
			return (int)i;
	if (keep->link_types == LINK_TYPES)
		return -1;
	pcapng_interface(&keep->out, link_type);
	keep->link_type[keep->link_types] = link_type;
	return (int)keep->link_types++;
}

void
keep_frame(struct keep *keep, const struct frame *frame, size_t bytes)
{
	struct frame cut = *frame;
	int interface;

	if (rotation_turn(keep->files, frame->time))
		begin_file(keep);
	cut.captured = (uint32_t)(bytes < frame->captured ? bytes : frame->captured);
	interface = interface_of(keep, frame->link_type);
	if (interface >= 0)
		pcapng_packet(&keep->out, (uint32_t)interface, &cut, frame->bytes);
	if (interface < 0 || keep->out.failed)
		keep->lost++;
}

bool
keep_tick(struct keep *keep, int64_t now, char *line, size_t size)
{
	bool was = keep->failing;
	int number;

	if (now >= keep->ticked && now - keep->ticked < TICK)
		return false;
	keep->ticked = now;
	rotation_tick(keep->files, now);
	number = rotation_errno(keep->files);
	keep->failing = number != 0;
	if (number == 0 || was)
		return false;
	snprintf(line, size, "%s: packets cannot be kept: %s; %" PRIu64 " were not", keep->folder,
	    strerror(number), keep->lost);
	return true;
}
