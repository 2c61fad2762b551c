/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/doctor_look.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/confine.h"
#include "cli/inspector.h"
#include "cli/rules_open.h"
#include "dpi/dpi.h"
#include "rules/rules.h"
#include "source/clock.h"

#define HISTORY_USUAL "/var/lib/porchlight" /* of the service */

static void
look_at_rules(struct doctor_look *look, const struct options *options, struct doctor_facts *facts)
{
	struct porch_error error;

	look->rules = rules_open(options, &error);
	facts->rules_asked = true;
	if (look->rules)
		facts->rules_seen = rules_seen(look->rules);
	else
		snprintf(look->rules_why, sizeof(look->rules_why), "%.300s%s%s", error.file,
		    error.file[0] ? ": " : "", error.text);
	if (look->rules && !facts->rules_seen)
		snprintf(look->rules_why, sizeof(look->rules_why), "no fact says a source");
	facts->rules_why = look->rules_why;
}

static void
look_at_inspection(struct doctor_look *look, const struct options *options,
    struct doctor_facts *facts)
{
	struct wire_greeting greeting;
	char program[4096];

	facts->inspection_asked = !options->engine.no_dpi;
	if (options->engine.no_dpi || !inspector_find(program, sizeof(program)) ||
	    !dpi_greet(program, &greeting) || !greeting.library[0])
		return;
	snprintf(look->library, sizeof(look->library), "nDPI %s", greeting.library);
	facts->library = look->library;
	facts->defects = dpi_known_defects(greeting.library);
}

/* How far the process that counts would be shut in: a child is, and says. */
static void
look_at_confinement(struct doctor_facts *facts)
{
	const struct confine nothing = {.inputs = NULL};
	struct confined reached = {.rights = false};
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		return;
	pid = fork();
	if (pid == 0) {
		confine_enter(&nothing, &reached);
		_exit(write(ends[1], &reached, sizeof(reached)) == (ssize_t)sizeof(reached) ? 0
		                                                                            : 1);
	}
	close(ends[1]);
	if (pid > 0 && read(ends[0], &reached, sizeof(reached)) == (ssize_t)sizeof(reached)) {
		facts->confinement_asked = true;
		facts->landlock = reached.landlock > 0;
		facts->seccomp = reached.seccomp;
	}
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

/* The folder of --history FILE; without one the service's, where it is there. */
static void
look_at_history(struct doctor_look *look, const struct options *options, struct doctor_facts *facts)
{
	const char *slash = options->history ? strrchr(options->history, '/') : NULL;
	struct statfs room;

	if (options->history && strcmp(options->history, "none") == 0)
		return;
	if (!options->history && access(HISTORY_USUAL, F_OK) != 0)
		return;
	if (!options->history)
		snprintf(look->folder, sizeof(look->folder), "%s", HISTORY_USUAL);
	else if (!slash)
		snprintf(look->folder, sizeof(look->folder), ".");
	else
		snprintf(look->folder, sizeof(look->folder), "%.*s",
		    slash == options->history ? 1 : (int)(slash - options->history),
		    options->history);
	facts->history = look->folder;
	if (access(look->folder, W_OK | X_OK) != 0 || statfs(look->folder, &room) != 0) {
		snprintf(look->history_why, sizeof(look->history_why), "%s", strerror(errno));
		facts->history_why = look->history_why;
		return;
	}
	facts->history_room = (uint64_t)room.f_bavail * (uint64_t)room.f_bsize;
	facts->history_in_memory =
	    room.f_type == TMPFS_MAGIC || (unsigned long)room.f_type == RAMFS_MAGIC;
}

void
doctor_look(struct doctor_look *look, const struct options *options, struct doctor_facts *facts)
{
	const struct clock *clock = clock_machine();

	*look = (struct doctor_look){.rules = NULL};
	look_at_rules(look, options, facts);
	look_at_inspection(look, options, facts);
	look_at_confinement(facts);
	look_at_history(look, options, facts);
	facts->now = clock->real(clock->user);
}

void
doctor_look_free(struct doctor_look *look)
{
	porch_rules_free(look->rules);
}
