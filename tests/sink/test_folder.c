/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <sys/stat.h>

#include "crypto/hash.h"
#include "tests/sink/fixture.h"

static const char *const files[] = {"report.json", "report.html", "records.ndjson", "episodes.csv",
    "destinations.csv", "devices.csv", "manifest.json"};

#define FILES (sizeof(files) / sizeof(files[0]))

static void
join(char *path, size_t size, const char *folder, const char *file)
{
	assert_true(snprintf(path, size, "%s/%s", folder, file) < (int)size);
}

static size_t
files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	size_t count = 0;

	assert_non_null(dir);
	for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(dir);
	return count;
}

static void
remove_folder(const char *folder)
{
	for (size_t i = 0; i < FILES; i++) {
		char path[256];

		join(path, sizeof(path), folder, files[i]);
		unlink(path);
		rmdir(path);
	}
	rmdir(folder);
}

static void
write_folder(const char *path)
{
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	struct porch_error error;
	struct folder *folder = folder_open(path, &error);

	assert_non_null(folder);
	folder_flow(folder, &example_flow);
	assert_true(folder_finish(folder, &doc, &style, &error));
}

static void
seven_files_are_written_whatever_the_umask(void **state)
{
	char base[] = "/tmp/porchlight-out-XXXXXX", folder[128];
	mode_t before = umask(0077);

	(void)state;
	assert_non_null(mkdtemp(base));
	join(folder, sizeof(folder), base, "week46");
	write_folder(folder);
	umask(before);
	assert_int_equal(files_in(folder), FILES);
	for (size_t i = 0; i < FILES; i++) {
		struct stat status;
		char path[256];

		join(path, sizeof(path), folder, files[i]);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0644);
	}
	remove_folder(folder);
	rmdir(base);
}

static void
the_manifest_sums_every_output(void **state)
{
	char folder[] = "/tmp/porchlight-out-XXXXXX", path[256];
	json_t *root, *output;
	char *text;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_folder(folder);
	join(path, sizeof(path), folder, "manifest.json");
	text = read_file(path);
	root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	assert_non_null(root);
	assert_int_equal(json_array_size(json_object_get(root, "outputs")), FILES - 1);
	json_array_foreach(json_object_get(root, "outputs"), i, output)
	{
		struct sha256 *sum = sha256_new();
		char hex[SHA256_TEXT];

		join(path, sizeof(path), folder,
		    json_string_value(json_object_get(output, "file")));
		text = read_file(path);
		sha256_add(sum, text, strlen(text));
		sha256_hex(sum, hex);
		assert_string_equal(json_string_value(json_object_get(output, "sha256")), hex);
		assert_int_equal(json_integer_value(json_object_get(output, "bytes")),
		    strlen(text));
		sha256_free(sum);
		free(text);
	}
	json_decref(root);
	remove_folder(folder);
}

static void
flows_come_before_all_else_in_the_records(void **state)
{
	static const char start[] = "{\"schema\":\"porchlight/1\",\"type\":\"flow\",";
	char folder[] = "/tmp/porchlight-out-XXXXXX", path[256], *text;

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_folder(folder);
	join(path, sizeof(path), folder, "records.ndjson");
	text = read_file(path);
	assert_int_equal(strncmp(text, start, sizeof(start) - 1), 0);
	free(text);
	remove_folder(folder);
}

static void
writing_again_replaces_what_was_there(void **state)
{
	char folder[] = "/tmp/porchlight-out-XXXXXX", path[256], *first, *second;

	(void)state;
	assert_non_null(mkdtemp(folder));
	join(path, sizeof(path), folder, "manifest.json");
	write_folder(folder);
	first = read_file(path);
	write_folder(folder);
	second = read_file(path);
	assert_string_equal(first, second);
	assert_int_equal(files_in(folder), FILES);
	free(first);
	free(second);
	remove_folder(folder);
}

static void
an_abandoned_folder_holds_nothing_new(void **state)
{
	char path[] = "/tmp/porchlight-out-XXXXXX";
	struct porch_error error;
	struct folder *folder;

	(void)state;
	assert_non_null(mkdtemp(path));
	folder = folder_open(path, &error);
	assert_non_null(folder);
	folder_abandon(folder);
	assert_int_equal(files_in(path), 0);
	rmdir(path);
}

static void
a_file_that_cannot_be_replaced_is_named_and_no_manifest_is_left(void **state)
{
	char folder_path[] = "/tmp/porchlight-out-XXXXXX", path[256];
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	struct porch_error error;
	struct folder *folder;

	(void)state;
	assert_non_null(mkdtemp(folder_path));
	join(path, sizeof(path), folder_path, "devices.csv");
	assert_int_equal(mkdir(path, 0700), 0);
	folder = folder_open(folder_path, &error);
	assert_non_null(folder);
	assert_false(folder_finish(folder, &doc, &style, &error));
	assert_string_equal(error.file, path);
	join(path, sizeof(path), folder_path, "manifest.json");
	assert_int_equal(access(path, F_OK), -1);
	remove_folder(folder_path);
	assert_int_equal(access(folder_path, F_OK), -1);
}

static void
a_folder_that_cannot_be_made_is_told_at_once(void **state)
{
	struct porch_error error;

	(void)state;
	assert_null(folder_open("/nonexistent/week46", &error));
	assert_string_equal(error.file, "/nonexistent/week46");
	assert_true(error.text[0] != '\0');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seven_files_are_written_whatever_the_umask),
	    cmocka_unit_test(the_manifest_sums_every_output),
	    cmocka_unit_test(flows_come_before_all_else_in_the_records),
	    cmocka_unit_test(writing_again_replaces_what_was_there),
	    cmocka_unit_test(an_abandoned_folder_holds_nothing_new),
	    cmocka_unit_test(a_file_that_cannot_be_replaced_is_named_and_no_manifest_is_left),
	    cmocka_unit_test(a_folder_that_cannot_be_made_is_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
