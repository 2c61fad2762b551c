/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

#include <stdio.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "crypto/hash.h"
#include "tests/source/captures.h"

#define TIME INT64_C(1700000000)

static void
make_capture(struct bytes *b)
{
	put_pcap_header(b, 0xa1b2c3d4, 1);
	for (uint32_t i = 0; i < 20; i++)
		put_pcap_record(b, (uint32_t)TIME + i, 0, 60 + i, 60 + i);
}

/* Appends a gzip member that holds len bytes. */
static void
put_gzip(struct bytes *packed, const uint8_t *bytes, size_t len)
{
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)bytes;
	z.avail_in = (uInt)len;
	z.next_out = packed->at + packed->len;
	z.avail_out = (uInt)(BYTES_MAX - packed->len);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	packed->len += z.total_out;
	deflateEnd(&z);
}

static void
put_zstd(struct bytes *packed, const uint8_t *bytes, size_t len)
{
	size_t got =
	    ZSTD_compress(packed->at + packed->len, BYTES_MAX - packed->len, bytes, len, 3);

	assert_false(ZSTD_isError(got));
	packed->len += got;
}

static void
hash_of(const struct bytes *b, char hex[static 65])
{
	struct sha256 *sum = sha256_new();

	sha256_add(sum, b->at, b->len);
	sha256_hex(sum, hex);
	sha256_free(sum);
}

/* Reads to the end; all twenty packets are there, and both hashes. */
static void
expect_all(struct opened *o, const struct bytes *stored, const struct bytes *content)
{
	const struct source_facts *facts;
	enum source_result result;
	char hex[65];

	assert_non_null(o->source);
	assert_int_equal(count_frames(o->source, &result), 20);
	assert_int_equal(result, SOURCE_END);
	facts = source_facts(o->source);
	assert_true(facts->complete);
	assert_string_equal(facts->format, "pcap");
	assert_int_equal(facts->packets, 20);
	assert_int_equal(facts->bytes, 20 * 60 + 190);
	hash_of(stored, hex);
	assert_string_equal(facts->sha256, hex);
	hash_of(content, hex);
	assert_string_equal(facts->content_sha256, hex);
	assert_int_equal(source_total(o->source), stored->len);
	assert_int_equal(source_consumed(o->source), stored->len);
}

static void
a_plain_capture_has_one_hash(void **state)
{
	static const size_t blocks[] = {0, 1, 7, 24, 4096};
	struct bytes b = {0};

	(void)state;
	make_capture(&b);
	for (size_t i = 0; i < 5; i++) {
		struct opened o = open_bytes(b.at, b.len, blocks[i]);

		expect_all(&o, &b, &b);
		close_bytes(&o);
	}
}

static void
gzip_is_unpacked_also_in_several_members(void **state)
{
	struct bytes b = {0};

	(void)state;
	make_capture(&b);
	for (size_t first = 100; first <= b.len; first += 400) {
		struct bytes packed = {0};
		struct opened o;

		put_gzip(&packed, b.at, first);
		put_gzip(&packed, b.at + first, b.len - first);
		o = open_bytes(packed.at, packed.len, first);
		expect_all(&o, &packed, &b);
		close_bytes(&o);
	}
}

static void
zeros_behind_gzip_are_padding(void **state)
{
	struct bytes b = {0};
	struct bytes packed = {0};
	struct opened o;

	(void)state;
	make_capture(&b);
	put_gzip(&packed, b.at, b.len);
	put_packet(&packed, 0, 512);
	o = open_bytes(packed.at, packed.len, 0);
	expect_all(&o, &packed, &b);
	close_bytes(&o);
}

static void
zstd_is_unpacked_also_in_several_frames(void **state)
{
	struct bytes b = {0};

	(void)state;
	make_capture(&b);
	for (size_t first = 100; first <= b.len; first += 400) {
		struct bytes packed = {0};
		struct opened o;

		put(&packed, 0x184d2a51, 4); /* a skippable frame of three bytes */
		put(&packed, 3, 4);
		put(&packed, 0, 3);
		put_zstd(&packed, b.at, first);
		put_zstd(&packed, b.at + first, b.len - first);
		o = open_bytes(packed.at, packed.len, first);
		expect_all(&o, &packed, &b);
		close_bytes(&o);
	}
}

/* Every cut of packed bytes is an error, and never an end. */
static void
expect_no_cut_is_whole(const struct bytes *packed)
{
	for (size_t len = 4; len < packed->len; len++) {
		struct opened o = open_bytes(packed->at, len, 0);
		enum source_result result = SOURCE_ERROR;

		if (o.source) {
			assert_in_range(count_frames(o.source, &result), 0, 20);
			assert_non_null(strstr(source_error(o.source)->text, "cannot be unpacked"));
			assert_in_range(source_error(o.source)->offset, 24, 24 + 20 * 76 + 190);
			assert_int_equal(strlen(source_facts(o.source)->sha256), 64);
			assert_string_equal(source_facts(o.source)->content_sha256, "");
		}
		assert_int_equal(result, SOURCE_ERROR);
		close_bytes(&o);
	}
}

static void
a_cut_gzip_is_never_whole(void **state)
{
	struct bytes b = {0};
	struct bytes packed = {0};

	(void)state;
	make_capture(&b);
	put_gzip(&packed, b.at, b.len);
	expect_no_cut_is_whole(&packed);
}

static void
a_cut_zstd_is_never_whole(void **state)
{
	struct bytes b = {0};
	struct bytes packed = {0};

	(void)state;
	make_capture(&b);
	put_zstd(&packed, b.at, b.len);
	expect_no_cut_is_whole(&packed);
}

static void
a_wrong_gzip_checksum_is_damage_behind_all_packets(void **state)
{
	struct bytes b = {0};
	struct bytes packed = {0};
	enum source_result result;
	struct opened o;

	(void)state;
	make_capture(&b);
	put_gzip(&packed, b.at, b.len);
	packed.at[packed.len - 6] ^= 1;
	o = open_bytes(packed.at, packed.len, 0);
	assert_non_null(o.source);
	assert_int_equal(count_frames(o.source, &result), 20);
	assert_int_equal(result, SOURCE_ERROR);
	assert_string_equal(source_error(o.source)->text,
	    "cannot be unpacked: the gzip data is damaged");
	close_bytes(&o);
}

static void
a_wrong_zstd_checksum_is_damage_behind_all_packets(void **state)
{
	struct bytes b = {0};
	struct bytes packed = {0};
	enum source_result result;
	struct opened o;
	ZSTD_CCtx *zstd = ZSTD_createCCtx();

	(void)state;
	make_capture(&b);
	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	packed.len = ZSTD_compress2(zstd, packed.at, BYTES_MAX, b.at, b.len);
	ZSTD_freeCCtx(zstd);
	packed.at[packed.len - 1] ^= 1;
	o = open_bytes(packed.at, packed.len, 0);
	assert_non_null(o.source);
	assert_int_equal(count_frames(o.source, &result), 20);
	assert_int_equal(result, SOURCE_ERROR);
	close_bytes(&o);
}

static void
a_damaged_capture_is_hashed_to_its_end(void **state)
{
	struct bytes b = {0};
	enum source_result result;
	struct opened o;
	char hex[65];

	(void)state;
	make_capture(&b);
	b.at[24 + 76 + 11] = 0xff; /* captured length of the second packet */
	o = open_bytes(b.at, b.len, 16);
	assert_int_equal(count_frames(o.source, &result), 1);
	assert_int_equal(result, SOURCE_ERROR);
	hash_of(&b, hex);
	assert_string_equal(source_facts(o.source)->sha256, hex);
	assert_string_equal(source_facts(o.source)->content_sha256, hex);
	close_bytes(&o);
}

static void
what_is_no_capture_is_refused(void **state)
{
	struct opened empty = open_bytes("", 0, 0);
	struct opened text = open_bytes("hello, world", 12, 0);
	struct bytes packed = {0};
	struct opened gzip;

	(void)state;
	expect_refused(&empty, "the file is empty");
	expect_refused(&text, "is neither a pcap nor a pcapng capture");
	put_gzip(&packed, (const uint8_t *)"hello, world", 12);
	gzip = open_bytes(packed.at, packed.len, 0);
	expect_refused(&gzip, "is neither a pcap nor a pcapng capture");
	close_bytes(&empty);
	close_bytes(&text);
	close_bytes(&gzip);
}

static void
folders_and_absent_files_are_refused(void **state)
{
	struct porch_error error;

	(void)state;
	assert_null(source_open("/", NULL, &error));
	assert_string_equal(error.file, "/");
	assert_string_equal(error.text, "is a folder, not a capture");
	assert_null(source_open("/absent/capture.pcap", NULL, &error));
	assert_string_equal(error.file, "/absent/capture.pcap");
	assert_string_equal(error.text, "cannot be opened: No such file or directory");
}

static void
a_file_on_disk_tells_what_it_is_its_first_time_and_hashes(void **state)
{
	char path[] = "/tmp/porchlight-source-XXXXXX";
	struct porch_error error;
	struct bytes b = {0};
	struct bytes packed = {0};
	int fd = mkstemp(path);
	char stored[65];
	char content[65];
	char hex[65];
	int64_t time;

	(void)state;
	assert_true(fd >= 0);
	assert_false(source_probe(path));
	make_capture(&b);
	put_gzip(&packed, b.at, b.len);
	assert_int_equal(write(fd, packed.at, packed.len), packed.len);
	assert_true(source_probe(path));
	assert_true(source_first_time(path, &time, &error));
	assert_int_equal(time, TIME * 1000000);
	assert_true(source_hashes(path, stored, content, &error));
	hash_of(&packed, hex);
	assert_string_equal(stored, hex);
	hash_of(&b, hex);
	assert_string_equal(content, hex);
	close(fd);
	unlink(path);
	assert_false(source_first_time(path, &time, &error));
}

static void
what_cannot_be_read_twice_is_not_read_for_its_first_time(void **state)
{
	struct porch_error error;
	char hex[65];
	int64_t time = 0;

	(void)state;
	assert_true(source_first_time("-", &time, &error));
	assert_int_equal(time, INT64_MIN);
	assert_true(source_first_time("/dev/zero", &time, &error));
	assert_int_equal(time, INT64_MIN);
	assert_false(source_hashes("/dev/zero", hex, hex, &error));
	assert_string_equal(error.text, "cannot be read twice");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_plain_capture_has_one_hash),
	    cmocka_unit_test(gzip_is_unpacked_also_in_several_members),
	    cmocka_unit_test(zeros_behind_gzip_are_padding),
	    cmocka_unit_test(zstd_is_unpacked_also_in_several_frames),
	    cmocka_unit_test(a_cut_gzip_is_never_whole),
	    cmocka_unit_test(a_cut_zstd_is_never_whole),
	    cmocka_unit_test(a_wrong_gzip_checksum_is_damage_behind_all_packets),
	    cmocka_unit_test(a_wrong_zstd_checksum_is_damage_behind_all_packets),
	    cmocka_unit_test(a_damaged_capture_is_hashed_to_its_end),
	    cmocka_unit_test(what_is_no_capture_is_refused),
	    cmocka_unit_test(folders_and_absent_files_are_refused),
	    cmocka_unit_test(a_file_on_disk_tells_what_it_is_its_first_time_and_hashes),
	    cmocka_unit_test(what_cannot_be_read_twice_is_not_read_for_its_first_time),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
