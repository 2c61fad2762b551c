/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create */
#include "sink/messenger/outbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/messenger/outbox_file.h"

#define PARTS_MAX   16 /* files of one outbox: the share of it that goes at once */
#define PART_MEMORY (OUTBOX_MEMORY / PARTS_MAX)
#define NAME_SIZE   128
#define CLOCK_SET   10 /* times as old as an item may become */

struct part {
	unsigned serial; /* in the file's name */
	int fd;
	bool in_memory;
	uint64_t size;
	uint64_t last;  /* number of the last item, or of the last before when empty */
	int64_t newest; /* when the last was added */
};

struct outbox {
	char name[NAME_SIZE];
	int folder;   /* -1: in memory */
	int position; /* file, locked while something changes; -1 in memory */
	uint64_t bound;
	int64_t keep;
	struct outbox_position at;
	uint64_t last; /* number of the last item added */
	struct part parts[PARTS_MAX];
	size_t count;
	size_t reading; /* part, and place in it, of the next item */
	uint64_t offset;
	bool unsynced;
	bool disk_failed;
	char bytes[OUTBOX_ITEM_MAX + 1];
};

static bool
refuse(struct porch_error *error, const char *file, const char *why)
{
	snprintf(error->file, sizeof(error->file), "%s", file);
	error->where[0] = '\0';
	error->offset = -1;
	snprintf(error->text, sizeof(error->text), "%s", why);
	return false;
}

static void
part_name(const struct outbox *o, unsigned serial, char name[static NAME_SIZE + 24])
{
	snprintf(name, NAME_SIZE + 24, "%s-%010u" OUTBOX_SUFFIX, o->name, serial);
}

static void
save_position(struct outbox *o)
{
	if (o->position >= 0 &&
	    pwrite(o->position, &o->at, sizeof(o->at), 0) != (ssize_t)sizeof(o->at))
		o->disk_failed = true;
}

/* Takes a part's numbers from its items; what was cut at its end goes. */
static void
survey(struct outbox *o, struct part *part)
{
	struct outbox_head head;
	uint64_t offset = 0;

	part->last = o->last;
	while (outbox_read(part->fd, &offset, &head, o->bytes)) {
		part->last = head.number;
		part->newest = head.kept;
	}
	part->size = offset;
	if (ftruncate(part->fd, (off_t)offset) != 0)
		o->disk_failed = true;
	if (part->last > o->last)
		o->last = part->last;
}

static int
by_serial(const void *a, const void *b)
{
	const struct part *x = a;
	const struct part *y = b;

	return (x->serial > y->serial) - (x->serial < y->serial);
}

static bool
serial_of(const struct outbox *o, const char *file, unsigned *serial)
{
	char again[NAME_SIZE + 24];
	size_t len = strlen(o->name);

	if (strncmp(file, o->name, len) != 0 || file[len] != '-')
		return false;
	*serial = (unsigned)strtoul(file + len + 1, NULL, 10);
	part_name(o, *serial, again);
	return strcmp(file, again) == 0;
}

static void
close_parts(struct outbox *o)
{
	for (size_t i = 0; i < o->count; i++)
		close(o->parts[i].fd);
	o->count = 0;
}

/* Opens the parts that lie in the folder, oldest first. */
static bool
find_parts(struct outbox *o)
{
	int copy = openat(o->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *entry;
	unsigned serial;

	if (!list) {
		if (copy >= 0)
			close(copy);
		return false;
	}
	while (o->count < PARTS_MAX && (entry = readdir(list)) != NULL) {
		if (!serial_of(o, entry->d_name, &serial))
			continue;
		o->parts[o->count] = (struct part){.serial = serial,
		    .fd = openat(o->folder, entry->d_name, O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
		if (o->parts[o->count].fd >= 0)
			o->count++;
	}
	closedir(list);
	qsort(o->parts, o->count, sizeof(o->parts[0]), by_serial);
	if (o->last < o->at.done)
		o->last = o->at.done;
	for (size_t i = 0; i < o->count; i++)
		survey(o, &o->parts[i]);
	return true;
}

void
outbox_rewind(struct outbox *o)
{
	o->reading = 0;
	o->offset = 0;
}

/*
 * Holds the lock of the outbox; where another process erased something meanwhile, the files are
 * read anew, and what waits in memory goes, as it may be what was to be erased.  The position of
 * this process stays: nobody else delivers.
 */
static void
lock(struct outbox *o)
{
	struct outbox_position there;

	if (o->position < 0)
		return;
	while (flock(o->position, LOCK_EX) != 0 && errno == EINTR)
		continue;
	if (pread(o->position, &there, sizeof(there), 0) != (ssize_t)sizeof(there) ||
	    there.changes == o->at.changes)
		return;
	o->at.changes = there.changes;
	close_parts(o);
	find_parts(o);
	outbox_rewind(o);
	save_position(o);
}

static void
unlock(struct outbox *o)
{
	if (o->position >= 0)
		flock(o->position, LOCK_UN);
}

static bool
open_position(struct outbox *o)
{
	char file[NAME_SIZE + 16];

	snprintf(file, sizeof(file), "%s.position", o->name);
	o->position = openat(o->folder, file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (o->position < 0)
		return false;
	while (flock(o->position, LOCK_EX) != 0 && errno == EINTR)
		continue;
	if (pread(o->position, &o->at, sizeof(o->at), 0) != (ssize_t)sizeof(o->at) ||
	    o->at.mark != OUTBOX_MARK)
		o->at = (struct outbox_position){.mark = OUTBOX_MARK};
	return true;
}

static bool
open_folder(struct outbox *o, const char *folder, struct porch_error *error)
{
	bool found;

	o->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (o->folder < 0 || !open_position(o))
		return refuse(error, folder, strerror(errno));
	found = find_parts(o);
	save_position(o);
	unlock(o);
	return found || refuse(error, folder, "cannot be listed");
}

struct outbox *
outbox_open(const struct outbox_setup *setup, struct porch_error *error)
{
	struct outbox *o = calloc(1, sizeof(*o));

	if (!o) {
		refuse(error, "", "out of memory");
		return NULL;
	}
	snprintf(o->name, sizeof(o->name), "%s", setup->name);
	o->folder = o->position = -1;
	o->bound = setup->bound;
	o->keep = setup->keep;
	if (setup->folder && !open_folder(o, setup->folder, error)) {
		outbox_free(o);
		return NULL;
	}
	return o;
}

void
outbox_free(struct outbox *o)
{
	if (!o)
		return;
	outbox_tick(o, INT64_MIN);
	close_parts(o);
	if (o->position >= 0)
		close(o->position);
	if (o->folder >= 0)
		close(o->folder);
	free(o);
}

static void
remove_part(const struct outbox *o, const struct part *part)
{
	char file[NAME_SIZE + 24];

	close(part->fd);
	if (part->in_memory)
		return;
	part_name(o, part->serial, file);
	unlinkat(o->folder, file, 0);
}

/* Items of a part that were not delivered. */
static uint64_t
undelivered(struct outbox *o, const struct part *part)
{
	struct outbox_head head;
	uint64_t offset = 0;
	uint64_t count = 0;

	while (part->last > o->at.done && outbox_read(part->fd, &offset, &head, o->bytes))
		count += head.number > o->at.done;
	return count;
}

/* Takes the oldest part away; what was in it and not delivered is lost. */
static void
drop_oldest(struct outbox *o)
{
	struct part *part = &o->parts[0];

	o->at.lost += undelivered(o, part);
	if (part->last > o->at.done)
		o->at.done = part->last;
	remove_part(o, part);
	memmove(part, part + 1, (o->count - 1) * sizeof(*part));
	o->count--;
	if (o->reading > 0)
		o->reading--;
	else
		o->offset = 0;
	save_position(o);
}

/* A fresh part, on disk if that may be. */
static bool
begin_part(struct outbox *o, bool on_disk)
{
	unsigned serial = o->count > 0 ? o->parts[o->count - 1].serial + 1 : 1;
	char file[NAME_SIZE + 24];
	int fd;

	if (o->count == PARTS_MAX)
		drop_oldest(o);
	part_name(o, serial, file);
	if (on_disk)
		fd = openat(o->folder, file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		    0600);
	else
		fd = memfd_create("porchlight", MFD_CLOEXEC);
	if (fd < 0)
		return false;
	o->parts[o->count++] =
	    (struct part){.serial = serial, .fd = fd, .in_memory = !on_disk, .last = o->last};
	return true;
}

/* The part that takes len more bytes, or NULL. */
static struct part *
part_for(struct outbox *o, size_t len, bool on_disk)
{
	uint64_t most = on_disk ? o->bound / PARTS_MAX : PART_MEMORY;
	struct part *part = o->count > 0 ? &o->parts[o->count - 1] : NULL;

	if (part && part->in_memory != on_disk && (part->size == 0 || part->size + len <= most))
		return part;
	return begin_part(o, on_disk) ? &o->parts[o->count - 1] : NULL;
}

static bool
append(struct outbox *o, const struct outbox_head *head, const void *bytes, bool on_disk)
{
	struct part *part = part_for(o, sizeof(*head) + head->len, on_disk);

	if (!part)
		return false;
	if (!outbox_write(part->fd, part->size, head, bytes)) {
		if (part->size == 0)
			remove_part(o, &o->parts[--o->count]);
		return false;
	}
	part->size += sizeof(*head) + head->len;
	part->last = head->number;
	part->newest = head->kept;
	return true;
}

bool
outbox_add(struct outbox *o, uint64_t device, const char *bytes, size_t len, int64_t now)
{
	struct outbox_head head = {
	    .mark = OUTBOX_MARK, .len = (uint32_t)len, .device = device, .kept = now};
	bool kept;

	if (len > OUTBOX_ITEM_MAX) {
		o->at.lost++;
		return false;
	}
	lock(o);
	head.number = o->last + 1;
	head.check = outbox_check(&head, bytes);
	kept = o->folder >= 0 && append(o, &head, bytes, true);
	o->disk_failed = o->folder >= 0 && !kept;
	if (!kept)
		kept = append(o, &head, bytes, false);
	if (kept)
		o->last = head.number;
	else
		o->at.lost++;
	o->unsynced = true;
	unlock(o);
	return kept;
}

bool
outbox_next(struct outbox *o, struct outbox_item *item)
{
	struct outbox_head head;
	bool found = false;

	lock(o);
	while (!found && o->reading < o->count) {
		struct part *part = &o->parts[o->reading];

		if (part->last > o->at.done && o->offset < part->size) {
			found = outbox_read(part->fd, &o->offset, &head, o->bytes);
			if (!found)
				o->offset = part->size; /* damaged: nothing after it can be found */
			found = found && head.number > o->at.done;
		} else if (o->reading + 1 < o->count) {
			o->reading++;
			o->offset = 0;
		} else {
			break;
		}
	}
	unlock(o);
	if (found)
		*item = (struct outbox_item){.number = head.number,
		    .device = head.device,
		    .bytes = o->bytes,
		    .len = head.len};
	return found;
}

/* Nothing that was delivered stays longer than what waits behind it in the same file. */
static void
tidy(struct outbox *o)
{
	struct part *part;

	while (o->count > 1 && o->parts[0].last <= o->at.done)
		drop_oldest(o);
	if (o->count == 0)
		return;
	part = &o->parts[0];
	if (o->count == 1 && part->last <= o->at.done && part->size > 0) {
		if (ftruncate(part->fd, 0) == 0)
			part->size = 0;
		part->last = o->last;
		outbox_rewind(o);
	}
}

void
outbox_done(struct outbox *o, uint64_t number)
{
	lock(o);
	if (number > o->at.done && number <= o->last) {
		o->at.done = number;
		save_position(o);
		tidy(o);
	}
	unlock(o);
}

/* An age beyond all measure is a clock that was set: then it begins anew. */
static void
give_up_old(struct outbox *o, int64_t now)
{
	while (o->keep > 0 && o->count > 0 && o->parts[0].last > o->at.done) {
		int64_t age = now - o->parts[0].newest;

		if (age >= CLOCK_SET * o->keep)
			o->parts[0].newest = now;
		if (age <= o->keep || age >= CLOCK_SET * o->keep)
			return;
		drop_oldest(o);
	}
}

void
outbox_tick(struct outbox *o, int64_t now)
{
	lock(o);
	if (now != INT64_MIN)
		give_up_old(o, now);
	if (o->unsynced && o->count > 0 && !o->parts[o->count - 1].in_memory)
		fdatasync(o->parts[o->count - 1].fd);
	o->unsynced = false;
	unlock(o);
}

uint64_t
outbox_waiting(const struct outbox *o)
{
	return o->last > o->at.done ? o->last - o->at.done : 0;
}

uint64_t
outbox_lost(const struct outbox *o)
{
	return o->at.lost;
}

uint64_t
outbox_lost_untold(const struct outbox *o)
{
	return o->at.lost - o->at.lost_told;
}

void
outbox_lost_told(struct outbox *o, uint64_t count)
{
	lock(o);
	o->at.lost_told += count;
	save_position(o);
	unlock(o);
}

bool
outbox_on_disk(const struct outbox *o)
{
	return o->folder >= 0 && !o->disk_failed;
}
