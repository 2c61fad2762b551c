/* SPDX-License-Identifier: Apache-2.0 */

/* Which packets a router sends past the places where a capture listens. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "source/machine_files.h"

/* Modules of the kernel that forward by themselves what it has seen once. */
static const char *const accelerators[] = {
    "shortcut_fe", "fast_classifier", "ecm", "mtkhnat", "hw_nat"};

/* One word of a UCI line, in its quotes or without. */
static const char *
next_word(char **at)
{
	char *word = *at + strspn(*at, " \t");
	char quote = *word == '\'' || *word == '"' ? *word : '\0';
	size_t len;

	if (quote)
		word++;
	len = quote ? strcspn(word, quote == '"' ? "\"" : "'") : strcspn(word, " \t");
	*at = word + len + (word[len] != '\0');
	word[len] = '\0';
	return word;
}

/* As uci reads a switch. */
static bool
means_on(const char *value)
{
	return strcmp(value, "1") == 0 || strcmp(value, "on") == 0 || strcmp(value, "true") == 0 ||
	       strcmp(value, "yes") == 0 || strcmp(value, "enabled") == 0;
}

static void
see_settings(const char *root, struct machine_facts *facts)
{
	struct machine_file file;
	char *line;

	if (!machine_open(&file, "%s/etc/config/firewall", root))
		return;
	while ((line = machine_line(&file))) {
		const char *name;

		if (strcmp(next_word(&line), "option") != 0)
			continue;
		name = next_word(&line);
		if (strcmp(name, "flow_offloading") == 0)
			facts->offload_set = means_on(next_word(&line));
		else if (strcmp(name, "flow_offloading_hw") == 0)
			facts->offload_hardware_set = means_on(next_word(&line));
	}
	machine_close(&file);
	/* The second is nothing without the first. */
	facts->offload_hardware_set &= facts->offload_set;
}

/* Whether rules use that module. */
static bool
in_use(const char *root, const char *module)
{
	char users[32];

	return machine_text(users, sizeof(users), "%s/sys/module/%s/refcnt", root, module) &&
	       strtoull(users, NULL, 10) > 0;
}

static uint64_t
bytes_of_flow(const char *line)
{
	uint64_t sum = 0;

	for (const char *at = strstr(line, " bytes="); at; at = strstr(at + 1, " bytes="))
		sum += strtoull(at + strlen(" bytes="), NULL, 10);
	return sum;
}

/* A flow that left the usual way is marked in the list of connections (conntrack). */
static void
see_connections(const char *root, struct machine_facts *facts)
{
	struct machine_file file;
	const char *line;

	if (!machine_open(&file, "%s/proc/net/nf_conntrack", root))
		return;
	while ((line = machine_line(&file))) {
		bool hardware = strstr(line, "[HW_OFFLOAD]") != NULL;

		if (!hardware && !strstr(line, "[OFFLOAD]"))
			continue;
		facts->offloaded_flows++;
		facts->hardware_flows += hardware;
		facts->offloaded_bytes += bytes_of_flow(line);
	}
	machine_close(&file);
}

void
machine_see_short_cuts(const char *root, struct machine_facts *facts)
{
	see_settings(root, facts);
	facts->flowtable = in_use(root, "nft_flow_offload") || in_use(root, "xt_FLOWOFFLOAD");
	for (size_t i = 0; i < sizeof(accelerators) / sizeof(accelerators[0]); i++)
		if (machine_has("%s/sys/module/%s", root, accelerators[i]))
			snprintf(facts->accelerator, sizeof(facts->accelerator), "%s",
			    accelerators[i]);
	see_connections(root, facts);
}
