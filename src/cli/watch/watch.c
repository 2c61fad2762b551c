/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "cli/watch/supervisor.h"
#include "source/capturer.h"

/* What this version does not do yet is refused, rather than passed over. */
static const char *
not_served(const struct options *o)
{
	const struct {
		bool asked;
		const char *option;
	} asked[] = {
	    {o->history && strcmp(o->history, "none") != 0, "--history"},
	    {o->page && strcmp(o->page, "none") != 0, "--page"},
	    {o->page_tls != NULL, "--page-tls"},
	    {o->mqtt.count > 0, "--mqtt"},
	    {o->webhook.count > 0, "--webhook"},
	    {o->exec.count > 0, "--exec"},
	    {o->output != NULL, "--output"},
	    {o->cooldown > 0, "--cooldown"},
	    {o->syslog, "--syslog"},
	    {o->digest, "--digest"},
	};

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (asked[i].asked)
			return asked[i].option;
	return NULL;
}

int
watch_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_WATCH, "watch [options] INTERFACE...", argc, argv,
	        &status)) {
		const char *refused = not_served(&options);

		if (options.arguments.count == 0) {
			status = command_refuse("watch", "no interface was named");
		} else if (options.arguments.count > CAPTURER_INTERFACES) {
			status = command_refuse("watch", "more than 16 interfaces");
		} else if (refused) {
			say("watch: %s is not served by this version", refused);
			status = EXIT_USAGE;
		} else {
			status = supervise(&options, argc, argv);
		}
	}
	options_free(&options);
	return status;
}
