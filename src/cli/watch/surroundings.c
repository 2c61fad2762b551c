/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/surroundings.h"

#include <stdlib.h>

#include "cli/doctor_checks.h"
#include "cli/say.h"
#include "rules/rules.h"
#include "source/clock.h"
#include "watch.h"

void
surroundings_see(struct surroundings *around, const struct options *options)
{
	machine_see("", options->arguments.item, options->arguments.count, &around->machine);
	around->own_count = machine_addresses(around->own, ENGINE_HOSTS);
}

/* An interface that is not there or not up is waited for: that is a gap, and no limit. */
static void
leave_out_absent(struct machine_facts *machine)
{
	size_t kept = 0;

	for (size_t i = 0; i < machine->interfaces; i++)
		if (machine->interface[i].up)
			machine->interface[kept++] = machine->interface[i];
	machine->interfaces = kept;
}

void
surroundings_tell(const struct surroundings *around, const struct porch_rules *rules,
    const struct confined *confined, bool quiet, struct watch *watch)
{
	static const struct speaker english = {.language = NULL};
	const struct clock *clock = clock_machine();
	struct doctor_facts *facts = calloc(1, sizeof(*facts));
	struct doctor_sheet *sheet = calloc(1, sizeof(*sheet));

	watch_capture_hosts(watch, around->own, around->own_count);
	watch_unobserved(watch, 0);
	if (facts && sheet) {
		facts->machine = around->machine;
		leave_out_absent(&facts->machine);
		facts->now = clock->real(clock->user);
		facts->machine_only = facts->machine.interfaces == 0;
		facts->rules_asked = true;
		facts->rules_seen = rules_seen(rules);
		facts->rules_why = "no fact says a source";
		facts->confinement_asked = true;
		facts->landlock = confined->landlock > 0;
		facts->seccomp = confined->seccomp;
		doctor_check(facts, &english, sheet);
	}
	for (size_t i = 0; facts && sheet && i < sheet->count; i++) {
		const struct doctor_line *line = &sheet->line[i];

		if (line->grade == DOCTOR_OK)
			continue;
		watch_limit(watch, line->found);
		if (!quiet)
			say("%s%s%s", line->found, line->advice[0] ? " " : "", line->advice);
	}
	free(facts);
	free(sheet);
}
