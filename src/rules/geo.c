/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/geo.h"

#include <errno.h>
#include <fcntl.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/format.h"
#include "crypto/hash.h"
#include "rules/geo_record.h"
#include "rules/mmdb.h"

#define METADATA_MARK  "\xab\xcd\xefMaxMind.com"
#define METADATA_BYTES (128U << 10)           /* the last of these hold it, by the specification */
#define OPERATOR_BYTES 200                    /* a longer name is none */
#define EPOCH_MOST     UINT64_C(253402300799) /* the end of year 9999, in seconds */

/* The operator's name in the record that begins at an offset of the data section. */
struct operator_at {
	uint32_t offset;
	const char *name;
};

struct geo_file {
	MMDB_s mmdb;
	bool open;
	struct porch_geo told;
	struct rule rule;
	char country[26][26][3];      /* every code, as text that lasts */
	struct operator_at *operator; /* sorted by offset */
	size_t operators, room;
};

static bool
fail(struct porch_error *error, const char *path, const char *text)
{
	*error = (struct porch_error){.offset = -1};
	snprintf(error->file, sizeof(error->file), "%s", path);
	snprintf(error->text, sizeof(error->text), "%s", text);
	return false;
}

static bool
read_record(const struct geo_file *file, uint32_t offset, uint64_t *budget, struct geo_record *r)
{
	return geo_record_read(r, file->mmdb.data_section, file->mmdb.data_section_size, offset,
	    budget);
}

/* What files are read with while they are opened. */
struct opening {
	struct geo_file *file;
	const char *path;
	struct pool *pool;
	struct map *names; /* of operators, each kept once -> index into texts */
	struct list texts;
	uint8_t *seen; /* a bit for each byte of the data section where a record begins */
	uint64_t budget;
	struct porch_error *error;
};

static const char *
keep_name(struct opening *o, const char *text, size_t len)
{
	uint32_t at = map_find(o->names, text, len);
	char *copy;

	if (at != MAP_NONE)
		return o->texts.item[at];
	copy = pool_text(o->pool, text, len);
	if (!copy || map_put(o->names, copy, len, (uint32_t)o->texts.count) != 0 ||
	    list_add(&o->texts, copy) != 0)
		return NULL;
	return copy;
}

static bool
add_operator(struct opening *o, uint32_t offset, const struct geo_record *r)
{
	struct geo_file *file = o->file;

	if (r->operator_len == 0 || r->operator_len > OPERATOR_BYTES)
		return true;
	if (file->operators == file->room) {
		size_t room = file->room ? file->room * 2 : 256;
		struct operator_at *grown = realloc(file->operator, room * sizeof(*grown));

		if (!grown)
			return fail(o->error, o->path, "out of memory");
		file->operator= grown;
		file->room = room;
	}
	file->operator[file->operators].offset = offset;
	file->operator[file->operators].name = keep_name(o, r->operator, r->operator_len);
	return file->operator[file->operators++].name || fail(o->error, o->path, "out of memory");
}

static bool
check_side(struct opening *o, uint8_t type, uint32_t offset)
{
	struct geo_record r;

	if (type == MMDB_RECORD_TYPE_INVALID)
		return fail(o->error, o->path, "its search tree is damaged");
	if (type != MMDB_RECORD_TYPE_DATA)
		return true;
	if (offset >= o->file->mmdb.data_section_size)
		return fail(o->error, o->path, "its search tree is damaged");
	if (o->seen[offset / 8] >> offset % 8 & 1)
		return true;
	o->seen[offset / 8] |= (uint8_t)(1U << offset % 8);
	if (!read_record(o->file, offset, &o->budget, &r))
		return fail(o->error, o->path, "a record of it is damaged, too deep or too large");
	return add_operator(o, offset, &r);
}

static int
by_offset(const void *left, const void *right)
{
	const struct operator_at *a = left, *b = right;

	return (a->offset > b->offset) - (a->offset < b->offset);
}

/* Every node of the tree and every record it leads to. */
static bool
check_tree(struct opening *o)
{
	const MMDB_s *mmdb = &o->file->mmdb;

	for (uint32_t i = 0; i < mmdb->metadata.node_count; i++) {
		MMDB_search_node_s node;

		if (MMDB_read_node(mmdb, i, &node) != MMDB_SUCCESS)
			return fail(o->error, o->path, "its search tree is damaged");
		if (!check_side(o, node.left_record_type, node.left_record_entry.offset) ||
		    !check_side(o, node.right_record_type, node.right_record_entry.offset))
			return false;
	}
	if (o->file->operators > 1)
		qsort(o->file->operator, o->file->operators, sizeof(*o->file->operator), by_offset);
	return true;
}

static bool
check_content(struct opening *o)
{
	size_t size = o->file->mmdb.data_section_size;
	bool fine;

	o->names = map_new();
	o->seen = calloc(size / 8 + 1, 1);
	o->budget = (1U << 20) + 16 * (uint64_t)size;
	fine = o->names && o->seen ? check_tree(o) : fail(o->error, o->path, "out of memory");
	free(o->seen);
	map_free(o->names);
	list_clear(&o->texts);
	return fine;
}

static void
see_nothing(const struct mmdb_leaf *leaf, void *user)
{
	(void)leaf;
	(void)user;
}

/* Where the metadata begins in the last bytes of a file: after the last mark; 0 when nowhere. */
static size_t
metadata_in(const char *tail, size_t len)
{
	size_t mark = sizeof(METADATA_MARK) - 1;

	for (size_t at = len; at >= mark; at--)
		if (memcmp(tail + at - mark, METADATA_MARK, mark) == 0)
			return at;
	return 0;
}

/* The library reads metadata without bounds of depth: they are tried before it sees them. */
static bool
check_metadata(struct opening *o, int fd, off_t size)
{
	size_t len = size < (off_t)METADATA_BYTES ? (size_t)size : METADATA_BYTES, begin;
	uint64_t budget = MMDB_WALK_VALUES;
	char *tail = malloc(len + 1);
	bool fine = tail || fail(o->error, o->path, "out of memory");

	if (fine && pread(fd, tail, len, size - (off_t)len) != (ssize_t)len)
		fine = fail(o->error, o->path, "cannot be read whole");
	begin = fine ? metadata_in(tail, len) : 0;
	if (fine && begin == 0)
		fine = fail(o->error, o->path, "is no address database in the MaxMind DB format");
	if (fine &&
	    !mmdb_walk((const uint8_t *)tail + begin, len - begin, 0, &budget, see_nothing, NULL))
		fine = fail(o->error, o->path, "its metadata are damaged, too deep or too large");
	free(tail);
	return fine;
}

static bool
check_file(struct opening *o)
{
	int fd = open(o->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	bool fine;

	if (fd < 0 || fstat(fd, &st) != 0)
		fine = fail(o->error, o->path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		fine = fail(o->error, o->path, "is no file");
	else
		fine = check_metadata(o, fd, st.st_size);
	if (fd >= 0)
		close(fd);
	return fine;
}

static const char *
leaf_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* How the file is told: its name, its sum, and when it says it was built. */
static bool
describe(struct opening *o)
{
	struct geo_file *file = o->file;
	const char *leaf = leaf_of(o->path);
	struct sha256 *sum = sha256_new();
	char id[300], hex[SHA256_TEXT], built[TIME_TEXT];
	uint64_t epoch = file->mmdb.metadata.build_epoch;

	if (!sum)
		return fail(o->error, o->path, "out of memory");
	sha256_add(sum, file->mmdb.file_content, (size_t)file->mmdb.file_size);
	sha256_hex(sum, hex);
	sha256_free(sum);
	snprintf(id, sizeof(id), "%.255s#geo", leaf);
	file->told = (struct porch_geo){
	    .file = pool_text(o->pool, leaf, strlen(leaf)),
	    .sha256 = pool_text(o->pool, hex, strlen(hex)),
	    .built = epoch > 0 && epoch <= EPOCH_MOST ? (int64_t)epoch * 1000000 : PORCH_NO_TIME,
	};
	file->rule = (struct rule){
	    .id = pool_text(o->pool, id, strlen(id)),
	    .rev = 1,
	    .status = RULE_TEST,
	    .source_kind = "address data",
	    .source_what = file->told.file,
	};
	if (file->told.built != PORCH_NO_TIME)
		file->rule.source_seen =
		    pool_text(o->pool, format_time(file->told.built, built), strlen("2026-11-19"));
	return (file->told.file && file->told.sha256 && file->rule.id) ||
	       fail(o->error, o->path, "out of memory");
}

static void
spell_countries(struct geo_file *file)
{
	for (int i = 0; i < 26; i++)
		for (int k = 0; k < 26; k++) {
			file->country[i][k][0] = (char)('A' + i);
			file->country[i][k][1] = (char)('A' + k);
		}
}

struct geo_file *
geo_open(const char *path, struct pool *pool, struct porch_error *error)
{
	struct geo_file *file = calloc(1, sizeof(*file));
	struct opening o = {.file = file, .path = path, .pool = pool, .error = error};
	int status;

	if (!file) {
		fail(error, path, "out of memory");
		return NULL;
	}
	spell_countries(file);
	if (!check_file(&o)) {
		geo_close(file);
		return NULL;
	}
	status = MMDB_open(path, MMDB_MODE_MMAP, &file->mmdb);
	file->open = status == MMDB_SUCCESS;
	if (!file->open)
		fail(error, path, MMDB_strerror(status));
	if (!file->open || !check_content(&o) || !describe(&o)) {
		geo_close(file);
		return NULL;
	}
	return file;
}

void
geo_close(struct geo_file *file)
{
	if (!file)
		return;
	if (file->open)
		MMDB_close(&file->mmdb);
	free(file->operator);
	free(file);
}

static MMDB_lookup_result_s
look_up(const MMDB_s *mmdb, const struct addr *addr, int *status)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (addr->family == 4) {
		memcpy(&v4.sin_addr, addr->bytes, 4);
		return MMDB_lookup_sockaddr(mmdb, (const struct sockaddr *)&v4, status);
	}
	memcpy(&v6.sin6_addr, addr->bytes, 16);
	return MMDB_lookup_sockaddr(mmdb, (const struct sockaddr *)&v6, status);
}

/* The tree of IPv6 holds IPv4 below 96 zero bits. */
static struct prefix
network_of(const struct geo_file *file, const struct addr *addr, unsigned bits)
{
	struct prefix network = {.addr = *addr};

	if (addr->family == 4 && file->mmdb.metadata.ip_version == 6)
		bits = bits > 96 ? bits - 96 : 0;
	network.length = (uint8_t)bits;
	for (unsigned i = bits; i < 8 * addr_size(addr); i++)
		network.addr.bytes[i / 8] &= (uint8_t) ~(0x80U >> i % 8);
	return network;
}

bool
geo_find(const struct geo_file *file, const struct addr *addr, struct geo_answer *answer)
{
	struct operator_at key = {0}, *found;
	uint64_t budget = MMDB_WALK_VALUES;
	MMDB_lookup_result_s result;
	struct geo_record r;
	int status;

	if (addr->family != 4 && addr->family != 6)
		return false;
	result = look_up(&file->mmdb, addr, &status);
	if (status != MMDB_SUCCESS || !result.found_entry ||
	    !read_record(file, result.entry.offset, &budget, &r))
		return false;
	key.offset = result.entry.offset;
	found = file->operators == 0
	            ? NULL
	            : bsearch(&key, file->operator, file->operators, sizeof(key), by_offset);
	*answer = (struct geo_answer){
	    .network = network_of(file, addr, result.netmask),
	    .asn = r.asn,
	    .operator= found ? found->name : NULL,
	    .country = r.country[0] ? file->country[r.country[0] - 'A'][r.country[1] - 'A'] : NULL,
	    .anycast = r.anycast,
	    .access = r.access,
	    .hosting = r.hosting,
	};
	return answer->asn >= 0 || answer->country || answer->anycast || answer->access ||
	       answer->hosting;
}

const struct porch_geo *
geo_told(const struct geo_file *file)
{
	return &file->told;
}

const struct rule *
geo_rule(const struct geo_file *file)
{
	return &file->rule;
}

const char *
rules_mmdb_version(void)
{
	return MMDB_lib_version();
}
