/* SPDX-License-Identifier: Apache-2.0 */
#include "score/truth.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/format.h"
#include "base/host.h"
#include "rules/reader.h"

#define SCHEMA      "porchlight.truth/1"
#define DEVICES_MAX 1000
#define LABELS_MAX  100000
#define BYTES_MAX   (INT64_C(1) << 53)

static const char *const kinds[] = {"unknown", "doorbell", "camera", "hub", "other", NULL};
static const char *const contents[] = {
    "unknown", "video", "picture", "audio", "media", "metadata", "firmware", "files", NULL};
static const char *const shapes[] = {"stream", "burst", "series", "trickle", NULL};

struct label_list {
	struct truth_label *label;
	size_t count, room;
};

struct truth {
	struct pool *pool;
	struct truth_device device[DEVICES_MAX];
	size_t devices;
	struct label_list right, wrong;
	bool partial; /* the file that is being read */
};

struct truth *
truth_new(void)
{
	struct truth *truth = calloc(1, sizeof(*truth));

	if (!truth)
		return NULL;
	truth->pool = pool_new();
	if (!truth->pool) {
		free(truth);
		return NULL;
	}
	return truth;
}

void
truth_free(struct truth *truth)
{
	if (!truth)
		return;
	pool_free(truth->pool);
	free(truth->right.label);
	free(truth->wrong.label);
	free(truth);
}

/* The one spelling of a MAC or an address. */
static bool
read_device_id(struct reader *r, json_t *object, const char *key, const char **id)
{
	char text[ADDR_TEXT > MAC_TEXT ? ADDR_TEXT : MAC_TEXT];
	struct addr addr;
	struct mac mac;

	if (!reader_text(r, object, key, true, id))
		return false;
	if (mac_parse(*id, &mac))
		mac_format(&mac, text);
	else if (addr_parse(*id, &addr))
		addr_format(&addr, text);
	else
		return reader_fail(r, "%s: neither a MAC nor an IP address", key);
	*id = reader_copy(r, text, strlen(text));
	return *id != NULL;
}

static size_t
find_device(const struct truth *truth, const char *id)
{
	size_t i = 0;

	while (i < truth->devices && strcmp(truth->device[i].id, id) != 0)
		i++;
	return i;
}

static bool
same_device(const struct truth_device *a, const struct truth_device *b)
{
	if (a->kind != b->kind || !a->maker != !b->maker)
		return false;
	return !a->maker || strcmp(a->maker, b->maker) == 0;
}

static bool
read_device(struct reader *r, json_t *object, struct truth *truth)
{
	bool by_mac = json_object_get(object, "mac") != NULL;
	struct truth_device device = {.maker = NULL, .partial = truth->partial};
	unsigned kind = 0;
	size_t at;

	if (!read_device_id(r, object, by_mac ? "mac" : "address", &device.id) ||
	    !reader_word(r, object, "kind", true, kinds, &kind) ||
	    !reader_text(r, object, "vendor", false, &device.maker))
		return false;
	if (device.maker && !reader_is_id(device.maker))
		return reader_fail(r, "vendor: no lower-case word");
	device.kind = (enum porch_kind)kind;
	at = find_device(truth, device.id);
	if (at < truth->devices) {
		truth->device[at].partial = truth->device[at].partial && truth->partial;
		return same_device(&truth->device[at], &device) ||
		       reader_fail(r, "%s is listed before as another kind or make", device.id);
	}
	if (at == DEVICES_MAX)
		return reader_fail(r, "more than %d devices", DEVICES_MAX);
	truth->device[truth->devices++] = device;
	return true;
}

static bool
read_time(struct reader *r, json_t *object, const char *key, int64_t *time)
{
	const char *text = NULL;

	if (!reader_text(r, object, key, true, &text))
		return false;
	return time_parse(text, time) || reader_fail(r, "%s: no RFC 3339 time", key);
}

static bool
read_receiver(struct reader *r, json_t *object, const char **to)
{
	char spelt[HOST_TEXT];
	struct addr addr;

	if (!reader_text(r, object, "to", true, to))
		return false;
	if (addr_parse(*to, &addr))
		addr_format(&addr, spelt);
	else if (!host_normalise(spelt, *to))
		return reader_fail(r, "to: neither a host name nor an IP address");
	*to = reader_copy(r, spelt, strlen(spelt));
	return *to != NULL;
}

static bool
add_label(struct reader *r, struct label_list *list, const struct truth_label *label)
{
	if (list->count == LABELS_MAX)
		return reader_fail(r, "more than %d episodes", LABELS_MAX);
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 64;
		struct truth_label *more = realloc(list->label, room * sizeof(*more));

		if (!more)
			return reader_fail(r, "out of memory");
		list->label = more;
		list->room = room;
	}
	list->label[list->count++] = *label;
	return true;
}

static bool
read_label_of(struct reader *r, json_t *object, struct truth *truth, struct label_list *list)
{
	struct truth_label label = {.to = NULL};
	const char *device = NULL;
	unsigned content = 0, shape = 0;
	int64_t bytes = 0;

	if (!read_device_id(r, object, "device", &device) ||
	    !reader_word(r, object, "content", true, contents, &content) ||
	    !reader_word(r, object, "shape", true, shapes, &shape) ||
	    !read_time(r, object, "start", &label.start) ||
	    !read_time(r, object, "end", &label.end) ||
	    !reader_integer(r, object, "bytes", true, 0, BYTES_MAX, &bytes) ||
	    !read_receiver(r, object, &label.to))
		return false;
	if (label.end < label.start)
		return reader_fail(r, "end is before start");
	if (content == PORCH_CONTENT_UNKNOWN)
		return reader_fail(r, "content: a label says what it was");
	label.device = find_device(truth, device);
	if (label.device == truth->devices)
		return reader_fail(r, "device: %s is not among the devices", device);
	label.content = (enum porch_content)content;
	label.shape = (enum porch_shape)shape;
	label.bytes = (uint64_t)bytes;
	return add_label(r, list, &label);
}

static bool
read_label(struct reader *r, json_t *object, struct truth *truth)
{
	return read_label_of(r, object, truth, &truth->right);
}

static bool
read_wrong(struct reader *r, json_t *object, struct truth *truth)
{
	return read_label_of(r, object, truth, &truth->wrong);
}

/* Unlike those of rules, an empty list says something: nothing was sent. */
static bool
read_each(struct reader *r, json_t *root, const char *key, struct truth *truth,
    bool (*read)(struct reader *, json_t *, struct truth *))
{
	json_t *array = json_object_get(root, key), *item;
	size_t mark, i;

	if (!array)
		return reader_fail(r, "%s is missing", key);
	if (json_is_array(array) && json_array_size(array) == 0)
		return true;
	array = reader_array(r, root, key);
	mark = reader_enter(r, key);
	json_array_foreach(array, i, item)
	{
		size_t inner = reader_enter_item(r, i);

		if (!json_is_object(item))
			return reader_fail(r, "not an object");
		if (!read(r, item, truth))
			return false;
		reader_leave(r, inner);
	}
	reader_leave(r, mark);
	return !r->failed;
}

static bool
read_file(struct reader *r, json_t *root, struct truth *truth)
{
	const char *schema = NULL;

	if (!reader_text(r, root, "schema", true, &schema))
		return false;
	if (strcmp(schema, SCHEMA) != 0)
		return reader_fail(r, "schema is not %s", SCHEMA);
	truth->partial = false;
	return reader_flag(r, root, "partial", &truth->partial) &&
	       read_each(r, root, "devices", truth, read_device) &&
	       read_each(r, root, "episodes", truth, read_label) &&
	       (!json_object_get(root, "wrong") || read_each(r, root, "wrong", truth, read_wrong));
}

bool
truth_add(struct truth *truth, const char *path, const char *bytes, size_t len,
    struct porch_error *error)
{
	struct reader r = {.error = error, .pool = truth->pool, .path = path};
	json_t *root;
	bool fine;

	*error = (struct porch_error){.offset = -1};
	if (len > READER_BYTES)
		return reader_fail(&r, "larger than %u bytes", READER_BYTES);
	root = reader_parse(&r, bytes, len);
	if (!root)
		return false;
	fine = read_file(&r, root, truth);
	json_decref(root);
	return fine;
}

const struct truth_device *
truth_devices(const struct truth *truth, size_t *count)
{
	*count = truth->devices;
	return truth->device;
}

const struct truth_label *
truth_labels(const struct truth *truth, size_t *count)
{
	*count = truth->right.count;
	return truth->right.label;
}

const struct truth_label *
truth_wrongs(const struct truth *truth, size_t *count)
{
	*count = truth->wrong.count;
	return truth->wrong.label;
}
