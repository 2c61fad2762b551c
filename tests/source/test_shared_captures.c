/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads captures that cannot be shipped: $PORCHLIGHT_CAPTURES, else ../shared/captures
 * beside the source.  Without them it says so and skips.
 */
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <unistd.h>

#include "tests/source/captures.h"

static unsigned files;

static const char *
folder(void)
{
	const char *given = getenv("PORCHLIGHT_CAPTURES");

	return given ? given : SOURCE_DIR "/../shared/captures";
}

static json_t *
load_manifest(char *dir, size_t size)
{
	char path[4096];

	snprintf(dir, size, "%s/public", folder());
	snprintf(path, sizeof(path), "%s/manifest.json", dir);
	return json_load_file(path, 0, NULL);
}

/* "1687604462.895736953", in whole microseconds. */
static int64_t
microseconds(const char *epoch)
{
	long long seconds = 0;
	int part = 0;

	assert_int_equal(sscanf(epoch, "%lld.%6d", &seconds, &part), 2);
	return seconds * 1000000 + part;
}

/* Times past 2038 aside, which the program that made the manifest took for negative. */
static void
expect_first_time(const struct source *source, const char *epoch)
{
	int64_t first = microseconds(epoch);

	if (first / 1000000 <= INT32_MAX)
		assert_int_equal(source_facts(source)->first, first);
}

static void
expect_packets(const char *dir, json_t *file)
{
	json_t *packets = json_object_get(json_object_get(file, "verified"), "packets");
	struct porch_error error;
	enum source_result result;
	struct source *source;
	char path[8192];

	if (!json_is_integer(packets))
		return;
	snprintf(path, sizeof(path), "%s/%s", dir,
	    json_string_value(json_object_get(file, "file")));
	source = source_open(path, NULL, &error);
	if (!source)
		fail_msg("%s: %s", path, error.text);
	if (count_frames(source, &result) != (uint64_t)json_integer_value(packets))
		fail_msg("%s: %s", path, source_error(source)->text);
	assert_string_equal(source_facts(source)->sha256,
	    json_string_value(json_object_get(file, "sha256")));
	expect_first_time(source,
	    json_string_value(json_object_get(json_object_get(file, "verified"), "first_epoch")));
	source_close(source);
	files++;
}

static void
every_public_capture_has_the_packets_and_first_time_that_are_known(void **state)
{
	char dir[4096];
	json_t *manifest = load_manifest(dir, sizeof(dir));
	json_t *file;
	size_t i;

	(void)state;
	if (!manifest) {
		print_message("no captures at %s\n", folder());
		skip();
	}
	json_array_foreach(json_object_get(manifest, "files"), i, file) expect_packets(dir, file);
	json_decref(manifest);
	assert_true(files > 0);
}

static int
read_any(const char *path, const struct stat *about, int type)
{
	struct source *source;
	struct porch_error error = {.text = ""};
	enum source_result result;

	(void)about;
	if (type != FTW_F)
		return 0;
	files++;
	source = source_open(path, NULL, &error);
	if (source) {
		count_frames(source, &result);
		assert_int_equal(strlen(source_facts(source)->sha256), 64);
		assert_int_equal(source_facts(source)->complete, result == SOURCE_END);
	} else {
		assert_string_not_equal(error.text, "");
	}
	source_close(source);
	return 0;
}

static void
every_file_is_read_or_refused_with_a_reason(void **state)
{
	(void)state;
	if (access(folder(), R_OK) != 0)
		skip();
	files = 0;
	assert_int_equal(ftw(folder(), read_any, 16), 0);
	assert_true(files > 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_public_capture_has_the_packets_and_first_time_that_are_known),
	    cmocka_unit_test(every_file_is_read_or_refused_with_a_reason),
	};

	return cmocka_run_group_tests_name("shared captures", tests, NULL, NULL);
}
