/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/chart.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE 0644

static bool
fail(struct porch_error *error, const char *path, int number)
{
	*error = (struct porch_error){.offset = -1};
	snprintf(error->file, sizeof(error->file), "%s", path);
	snprintf(error->text, sizeof(error->text), "cannot be written: %s", strerror(number));
	return false;
}

static int
close_writer(struct writer *w)
{
	int number = writer_finish(w) == WRITER_DONE ? 0 : w->error;

	if (close(w->fd) != 0 && number == 0)
		number = errno;
	return number;
}

bool
chart_write(const char *path, const struct porch_document *doc, const char *name,
    const struct sink_style *style, struct porch_error *error)
{
	char part[4096];
	struct writer w;
	int fd, number;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return fail(error, path, ENAMETOOLONG);
	unlink(part);
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, MODE);
	if (fd < 0)
		return fail(error, path, errno);
	fchmod(fd, MODE); /* whatever the umask */
	writer_init(&w, fd);
	sink_chart(&w, doc, name, style);
	number = close_writer(&w);
	if (number == 0 && rename(part, path) != 0)
		number = errno;
	if (number != 0)
		unlink(part);
	return number == 0 || fail(error, path, number);
}
