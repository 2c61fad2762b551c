/* SPDX-License-Identifier: Apache-2.0 */

/*
 * porchlight-messenger: event lines on standard input; on descriptor 3, what it is to do
 * (sink/messenger/setup.h).  Started by porchlight watch, and not by people.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "cli/exit.h"
#include "cli/watch/hook_runner.h"
#include "cli/watch/messenger_confine.h"
#include "sink/messenger/messenger.h"
#include "sink/messenger/outlet.h"
#include "sink/messenger/site.h"

#define SETUP_FD    (STDERR_FILENO + 1)
#define SETUP_BYTES 65536

static int64_t
monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool
read_setup(struct messenger_setup *setup, struct porch_error *error)
{
	char text[SETUP_BYTES + 1];
	size_t len = 0;
	ssize_t got = 1;

	while (got > 0 && len < SETUP_BYTES) {
		got = read(SETUP_FD, text + len, SETUP_BYTES - len);
		if (got > 0)
			len += (size_t)got;
	}
	close(SETUP_FD);
	text[len] = '\0';
	return setup_read(setup, text, error);
}

/* INT comes to all of a terminal's processes; this one ends with its lines. */
static int
take_signals(void)
{
	sigset_t taken;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	sigemptyset(&taken);
	sigaddset(&taken, SIGHUP);
	sigaddset(&taken, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &taken, NULL) != 0)
		return -1;
	return signalfd(-1, &taken, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int
serve(const struct messenger_setup *setup)
{
	struct porch_error error = {.offset = -1};
	char site[SITE_TEXT];
	struct messenger_world world = {.setup = setup,
	    .site = site,
	    .events = STDIN_FILENO,
	    .runner = -1,
	    .signals = take_signals(),
	    .clock = monotonic};
	struct messenger *messenger;
	bool all;

	if (setup->execs.count > 0)
		world.runner = hook_runner_start(&setup->execs);
	fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
	site_find(setup->folder, site);
	messenger_confine(setup);
	messenger = messenger_new(&world, &error);
	if (!messenger) {
		outlet_say("messenger", "%s%s%s", error.file, error.file[0] ? ": " : "",
		    error.text);
		return EXIT_USAGE;
	}
	all = messenger_run_on(messenger);
	messenger_free(messenger);
	return all ? EXIT_DONE : EXIT_INCOMPLETE;
}

int
main(void)
{
	struct messenger_setup setup;
	struct porch_error error;
	int status = EXIT_USAGE;

	if (read_setup(&setup, &error))
		status = serve(&setup);
	else
		outlet_say("messenger", "%s", error.text);
	setup_free(&setup);
	return status;
}
