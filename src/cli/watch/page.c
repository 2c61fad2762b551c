/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall */
#include "cli/watch/page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/addr.h"
#include "cli/exit.h"
#include "cli/inspector.h"
#include "cli/say.h"

#define PATH_SIZE 4096
#define PROGRAM   "porchlight-page"

static bool
read_port(const char *text, uint16_t *port)
{
	unsigned long number;
	char *end;

	if (text[0] < '1' || text[0] > '9')
		return false;
	number = strtoul(text, &end, 10);
	*port = (uint16_t)number;
	return *end == '\0' && number < 65536;
}

bool
page_place_read(const char *text, struct page_place *place)
{
	const char *colon = strrchr(text, ':');
	bool bracketed = text[0] == '[';
	size_t len = colon ? (size_t)(colon - text) : 0;
	struct addr addr;

	*place = (struct page_place){.port = 0};
	if (len < 2 || len >= sizeof(place->address) || (bracketed && colon[-1] != ']') ||
	    !read_port(colon + 1, &place->port))
		return false;
	memcpy(place->address, text + bracketed, len - 2 * bracketed);
	if (strcmp(place->address, "localhost") == 0)
		memcpy(place->address, "127.0.0.1", sizeof("127.0.0.1"));
	if (!addr_parse(place->address, &addr) || (addr.family == 6) != bracketed)
		return false;
	place->loopback = addr_is_loopback(&addr);
	return true;
}

static bool
is_program(char *path, size_t size, const char *folder, const char *rest)
{
	int len = snprintf(path, size, "%s/%s", folder, rest);

	return len > 0 && (size_t)len < size && access(path, X_OK) == 0;
}

static bool
find_program(char *path, size_t size)
{
	char folder[PATH_SIZE];

	return program_folder(folder, sizeof(folder)) &&
	       (is_program(path, size, folder, PORCHLIGHT_PAGE_FROM_PROGRAM) ||
	           is_program(path, size, folder, PROGRAM));
}

bool
page_wanted(const struct options *options)
{
	struct page_place place;
	char program[PATH_SIZE + 64];

	if (options->page && strcmp(options->page, "none") == 0)
		return false;
	if (!page_place_read(options->page ? options->page : PAGE_DEFAULT, &place)) {
		say("--page %s: an address and a port are wanted, such as " PAGE_DEFAULT,
		    options->page);
		return false;
	}
	if (options->page_tls && !strchr(options->page_tls, ',')) {
		say("--page-tls %s: a certificate and a key are wanted, CERT,KEY",
		    options->page_tls);
		return false;
	}
	if (find_program(program, sizeof(program)))
		return true;
	if (options->page)
		say("--page: no " PROGRAM
		    " beside this program: it was built without libmicrohttpd");
	return false;
}

/* The command line of porchlight-page: what of the options it needs. */
struct line {
	const char *word[256];
	size_t count;
};

static void
add(struct line *line, const char *option, const char *value)
{
	const size_t most = sizeof(line->word) / sizeof(line->word[0]);

	if (!value || line->count + 3 > most)
		return;
	line->word[line->count++] = option;
	line->word[line->count++] = value;
}

static void
add_all(struct line *line, const char *option, const struct words *values)
{
	for (size_t i = 0; i < values->count; i++)
		add(line, option, values->item[i]);
}

static void
write_line(struct line *line, const struct options *options)
{
	static const char *const redactions[] = {[PORCH_REDACT_NONE] = NULL,
	    [PORCH_REDACT_HOME] = "home",
	    [PORCH_REDACT_STRICT] = "strict"};

	*line = (struct line){.word = {PROGRAM}, .count = 1};
	add(line, "--page", options->page ? options->page : PAGE_DEFAULT);
	add(line, "--page-tls", options->page_tls);
	add(line, "--history", options->history);
	add(line, "--history-key", options->history_key);
	add(line, "--history-copy", options->history_copy[0] ? options->history_copy : NULL);
	add(line, "--lang", options->language ? language_code(options->language) : NULL);
	add(line, "--time-zone", options->zone);
	add(line, "--redact", redactions[options->redact]);
	add_all(line, "--rules", &options->rules);
	add_all(line, "--geo", &options->geo);
	add_all(line, "--home", &options->home);
	add_all(line, "--device", &options->devices);
	add_all(line, "--label", &options->labels);
	if (options->engine.all_devices)
		line->word[line->count++] = "--all-devices";
	line->word[line->count] = NULL;
}

int
page_run(const struct options *options, int socket)
{
	char program[PATH_SIZE + 64];
	struct line line;
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (!find_program(program, sizeof(program))) {
		say(PROGRAM " is not installed beside this program");
		return EXIT_NO_RESULT;
	}
	write_line(&line, options);
	if (socket == PAGE_SOCKET)
		fcntl(socket, F_SETFD, 0);
	else
		dup2(socket, PAGE_SOCKET);
	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDOUT_FILENO);
#ifdef SYS_close_range
	syscall(SYS_close_range, PAGE_SOCKET + 1, ~0U, 0);
#endif
	execv(program, (char *const *)line.word);
	say("%s: %s", program, strerror(errno));
	return EXIT_NO_RESULT;
}
