/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create */
#include "cli/watch/messenger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/inspector.h"
#include "cli/say.h"
#include "sink/put.h"

#define PATH_SIZE 4096

bool
messenger_wanted(const struct options *o)
{
	return o->mqtt.count > 0 || o->webhook.count > 0 || o->exec.count > 0 || o->syslog ||
	       o->written.count > 0;
}

bool
messenger_folder(const struct options *o, char *folder, size_t size)
{
	struct stat about;
	const char *slash;
	int len;

	if (!o->history || strcmp(o->history, "none") == 0)
		return false;
	slash = strrchr(o->history, '/');
	if (stat(o->history, &about) == 0 && S_ISDIR(about.st_mode))
		len = snprintf(folder, size, "%s/spool", o->history);
	else if (slash)
		len = snprintf(folder, size, "%.*s/spool", (int)(slash - o->history), o->history);
	else
		len = snprintf(folder, size, "spool");
	return len > 0 && (size_t)len < size;
}

static void
put_list(struct json *json, const char *key, const struct words *list)
{
	put_open(json, key, '[');
	for (size_t i = 0; i < list->count; i++)
		put_text(json, NULL, list->item[i]);
	put_close(json, ']');
}

/* sink/messenger/setup.h; in memory, as URLs hold passwords. */
static int
write_setup(const struct options *o)
{
	int fd = memfd_create("setup", 0);
	char folder[PATH_SIZE];
	struct writer writer;
	struct json json = {.w = &writer};

	if (fd < 0)
		return -1;
	writer_init(&writer, fd);
	put_open(&json, NULL, '{');
	put_list(&json, "outputs", &o->written);
	put_list(&json, "exec", &o->exec);
	put_list(&json, "webhooks", &o->webhook);
	put_list(&json, "mqtt", &o->mqtt);
	put_bool(&json, "syslog", o->syslog);
	put_bool(&json, "digest", o->digest);
	if (o->cooldown_given)
		put_u64(&json, "cooldown_s", o->cooldown);
	if (messenger_folder(o, folder, sizeof(folder)) &&
	    (mkdir(folder, 0700) == 0 || errno == EEXIST))
		put_text(&json, "folder", folder);
	put_close(&json, '}');
	if (writer_finish(&writer) == WRITER_DONE && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
find_program(char *path, size_t size)
{
	static const char *const places[] = {
	    PORCHLIGHT_MESSENGER_FROM_PROGRAM, "porchlight-messenger"};
	const char *said = getenv("PORCHLIGHT_MESSENGER");
	char folder[PATH_SIZE];

	if (said && said[0])
		return (size_t)snprintf(path, size, "%s", said) < size;
	if (!program_folder(folder, sizeof(folder)))
		return false;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if ((size_t)snprintf(path, size, "%s/%s", folder, places[i]) < size &&
		    access(path, X_OK) == 0)
			return true;
	return false;
}

/* The lines become its standard input, and what it is to do descriptor 3. */
static bool
arrange(int events, int setup)
{
	int high = fcntl(setup, F_DUPFD_CLOEXEC, 10);

	return high >= 0 && dup2(events, STDIN_FILENO) >= 0 && dup2(high, STDERR_FILENO + 1) >= 0 &&
	       dup2(STDERR_FILENO, STDOUT_FILENO) >= 0;
}

int
messenger_run(const struct options *options, int events_fd)
{
	char program[PATH_SIZE];
	char *arguments[] = {(char[]){"porchlight-messenger"}, NULL};
	int setup = write_setup(options);

	if (!find_program(program, sizeof(program))) {
		say("porchlight-messenger is not installed: nobody is told");
		return EXIT_USAGE;
	}
	if (setup >= 0 && arrange(events_fd, setup))
		execv(program, arguments);
	say("%s: %s", program, strerror(errno));
	return EXIT_NO_RESULT;
}
