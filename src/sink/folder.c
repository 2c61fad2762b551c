/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A report folder.  Each file is written under a name of its own that ends in `.part`; when
 * all are complete the old manifest goes, the files take their names, and the new manifest
 * last: a folder with a manifest is whole.
 */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "sink/put.h"
#include "sink/sink.h"

#define MANIFEST_SCHEMA "porchlight.manifest/1"
#define MODE            0644

enum file {
	FILE_REPORT,
	FILE_PAGE,
	FILE_RECORDS,
	FILE_EPISODES,
	FILE_DESTINATIONS,
	FILE_DEVICES,
	FILE_MANIFEST,
	FILES,
};

static const char *const names[FILES] = {
    "report.json",
    "report.html",
    "records.ndjson",
    "episodes.csv",
    "destinations.csv",
    "devices.csv",
    "manifest.json",
};

struct output {
	struct writer w;
	struct sha256 *sum;
	uint64_t bytes;
	char hex[SHA256_TEXT];
};

struct folder {
	char path[512]; /* as the user gave it, for errors */
	int fd;
	struct output output[FILES];
};

static void
tell(struct porch_error *error, const char *folder, const char *file, int number)
{
	memset(error, 0, sizeof(*error));
	error->offset = -1;
	snprintf(error->file, sizeof(error->file), "%s%s%s", folder, file ? "/" : "",
	    file ? file : "");
	snprintf(error->text, sizeof(error->text), "cannot be written: %s", strerror(number));
}

static void
part_name(enum file file, char name[static 64])
{
	snprintf(name, 64, ".%s.part", names[file]);
}

static void
count_bytes(const void *bytes, size_t len, void *user)
{
	struct output *output = user;

	output->bytes += len;
	sha256_add(output->sum, bytes, len);
}

static bool
open_output(struct folder *folder, enum file file)
{
	struct output *output = &folder->output[file];
	char name[64];
	int fd;

	part_name(file, name);
	output->sum = sha256_new();
	if (!output->sum) {
		errno = ENOMEM;
		return false;
	}
	unlinkat(folder->fd, name, 0);
	fd = openat(folder->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
	if (fd < 0)
		return false;
	writer_init(&output->w, fd);
	output->w.tee = count_bytes;
	output->w.user = output;
	return fchmod(fd, MODE) == 0; /* whatever the umask */
}

static bool
close_output(struct folder *folder, enum file file)
{
	struct output *output = &folder->output[file];
	int number = 0, fd = output->w.fd;

	if (writer_finish(&output->w) != WRITER_DONE)
		number = output->w.error;
	else if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		number = errno;
	output->w.fd = -1;
	if (close(fd) != 0 && number == 0)
		number = errno;
	sha256_hex(output->sum, output->hex);
	errno = number;
	return number == 0;
}

static void
free_folder(struct folder *folder)
{
	for (enum file file = 0; file < FILES; file++) {
		if (folder->output[file].w.fd >= 0)
			close(folder->output[file].w.fd);
		sha256_free(folder->output[file].sum);
	}
	if (folder->fd >= 0)
		close(folder->fd);
	free(folder);
}

void
folder_abandon(struct folder *folder)
{
	if (!folder)
		return;
	for (enum file file = 0; folder->fd >= 0 && file < FILES; file++) {
		char name[64];

		part_name(file, name);
		if (folder->output[file].sum)
			unlinkat(folder->fd, name, 0);
	}
	free_folder(folder);
}

struct folder *
folder_open(const char *path, struct porch_error *error)
{
	struct folder *folder = calloc(1, sizeof(*folder));
	bool made;

	if (!folder) {
		tell(error, path, NULL, ENOMEM);
		return NULL;
	}
	folder->fd = -1;
	for (enum file file = 0; file < FILES; file++)
		folder->output[file].w.fd = -1;
	snprintf(folder->path, sizeof(folder->path), "%s", path);
	made = mkdir(path, 0755) == 0;
	if (made || errno == EEXIST)
		folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->fd < 0) {
		tell(error, path, NULL, errno);
		folder_abandon(folder);
		return NULL;
	}
	if (made)
		fchmod(folder->fd, 0755);
	if (!open_output(folder, FILE_RECORDS)) {
		tell(error, path, names[FILE_RECORDS], errno);
		folder_abandon(folder);
		return NULL;
	}
	return folder;
}

void
folder_flow(struct folder *folder, const struct porch_flow *flow)
{
	const struct sink_style style = {.flows = true};

	sink_ndjson.flow(&folder->output[FILE_RECORDS].w, flow, &style);
}

static void
put_rule_files(struct json *json, const struct porch_run *run)
{
	put_open(json, "rule_files", '[');
	for (size_t i = 0; i < run->rule_file_count; i++) {
		put_open(json, NULL, '{');
		put_text(json, "file", run->rule_file[i].name);
		put_text(json, "sha256", run->rule_file[i].sha256);
		put_close(json, '}');
	}
	put_close(json, ']');
}

static void
write_manifest(struct folder *folder, const struct porch_document *doc)
{
	struct json json = {.w = &folder->output[FILE_MANIFEST].w};
	char hex[SHA256_TEXT];

	put_open(&json, NULL, '{');
	put_text(&json, "schema", MANIFEST_SCHEMA);
	put_text(&json, "version", doc->run.version);
	put_text(&json, "report_sha256", report_sum(doc, hex) ? hex : NULL);
	put_rules(&json, &doc->run);
	put_rule_files(&json, &doc->run);
	put_inputs(&json, &doc->run);
	put_counters(&json, &doc->run.counters);
	put_options(&json, &doc->run);
	put_geo(&json, &doc->run);
	put_open(&json, "outputs", '[');
	for (enum file file = 0; file < FILE_MANIFEST; file++) {
		put_open(&json, NULL, '{');
		put_text(&json, "file", names[file]);
		put_u64(&json, "bytes", folder->output[file].bytes);
		put_text(&json, "sha256", folder->output[file].hex);
		put_close(&json, '}');
	}
	put_close(&json, ']');
	put_close(&json, '}');
	write_char(json.w, '\n');
}

static void
write_file(struct folder *folder, enum file file, const struct porch_document *doc,
    const struct sink_style *style)
{
	static const struct sink_ops *const sinks[FILES] = {
	    [FILE_REPORT] = &sink_json,
	    [FILE_PAGE] = &sink_html,
	    [FILE_RECORDS] = &sink_ndjson,
	    [FILE_EPISODES] = &sink_csv_episodes,
	    [FILE_DESTINATIONS] = &sink_csv_destinations,
	    [FILE_DEVICES] = &sink_csv_devices,
	};

	if (sinks[file])
		sinks[file]->document(&folder->output[file].w, doc, style);
	else
		write_manifest(folder, doc);
}

static bool
take_names(struct folder *folder, enum file *failed)
{
	if (unlinkat(folder->fd, names[FILE_MANIFEST], 0) != 0 && errno != ENOENT) {
		*failed = FILE_MANIFEST;
		return false;
	}
	for (enum file file = 0; file < FILES; file++) {
		char name[64];

		part_name(file, name);
		*failed = file;
		if (renameat(folder->fd, name, folder->fd, names[file]) != 0)
			return false;
	}
	return true;
}

bool
folder_finish(struct folder *folder, const struct porch_document *doc,
    const struct sink_style *style, struct porch_error *error)
{
	enum file file = 0;
	bool good = true;

	for (; good && file < FILES; file++) {
		good = file == FILE_RECORDS || open_output(folder, file);
		if (good) {
			write_file(folder, file, doc, style);
			good = close_output(folder, file);
		}
		if (!good)
			tell(error, folder->path, names[file], errno);
	}
	if (good && !take_names(folder, &file)) {
		tell(error, folder->path, names[file], errno);
		good = false;
	}
	if (good)
		free_folder(folder);
	else
		folder_abandon(folder);
	return good;
}
