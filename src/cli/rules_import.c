/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "rules/import.h"
#include "sink/writer.h"

#define BYTES_MAX (32 << 20)

/* The file's bytes, its length, and in seen the day it was last changed. */
static char *
read_file(const char *path, size_t *len, char seen[static 11])
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	struct tm day;
	char *bytes;

	if (!file)
		return NULL;
	if (fstat(fileno(file), &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > BYTES_MAX ||
	    !gmtime_r(&st.st_mtime, &day) || strftime(seen, 11, "%Y-%m-%d", &day) != 10) {
		fclose(file);
		errno = EFBIG;
		return NULL;
	}
	bytes = malloc((size_t)st.st_size + 1);
	if (bytes) {
		*len = fread(bytes, 1, (size_t)st.st_size, file);
		bytes[*len] = '\0';
	}
	fclose(file);
	return bytes;
}

static bool
make_folder(const char *path)
{
	return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static int
write_file(const struct options *options, const struct imported *imported)
{
	char path[4096], folder[4096];
	struct writer writer;
	int fd;

	if (snprintf(folder, sizeof(folder), "%s/%s", options->output, imported->folder) >=
	        (int)sizeof(folder) ||
	    snprintf(path, sizeof(path), "%s/%s.json", folder, options->as) >= (int)sizeof(path))
		return command_refuse("rules", "--output: too long");
	fd = make_folder(options->output) && make_folder(folder)
	         ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)
	         : -1;
	if (fd < 0) {
		say("%s: %s", path, strerror(errno));
		return EXIT_NO_RESULT;
	}
	writer_init(&writer, fd);
	write_text(&writer, imported->text);
	write_char(&writer, '\n');
	if (writer_finish(&writer) != WRITER_DONE || close(fd) != 0) {
		say("%s: could not be written", path);
		unlink(path);
		return EXIT_NO_RESULT;
	}
	if (!options->quiet)
		printf("Wrote %s: %zu hosts and addresses; %zu entries were passed over.\n", path,
		    imported->facts, imported->passed);
	return EXIT_DONE;
}

int
rules_import_file(const struct options *options)
{
	struct import import = {.path = options->arguments.item[1], .name = options->as};
	struct porch_error error = {.offset = -1};
	struct imported imported;
	char seen[11];
	const char *slash = strrchr(import.path, '/');
	char *bytes;
	int status;

	if (!options->as || !options->output)
		return command_refuse("rules", "import needs --as NAME and -o DIR");
	bytes = read_file(import.path, &import.len, seen);
	if (!bytes) {
		say("%s: %s", import.path, strerror(errno));
		return EXIT_NO_RESULT;
	}
	import.leaf = slash ? slash + 1 : import.path;
	import.bytes = bytes;
	import.seen = seen;
	if (rules_import(&import, &imported, &error)) {
		status = write_file(options, &imported);
		free(imported.text);
	} else {
		say_error(&error);
		status = EXIT_BAD_RULES;
	}
	free(bytes);
	return status;
}
