/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"
#include "cli/watch/supervisor.h"
#include "source/capturer.h"

int
watch_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_WATCH, "watch [options] INTERFACE...", argc, argv,
	        &status)) {
		if (options.arguments.count == 0) {
			status = command_refuse("watch", "no interface was named");
		} else if (options.arguments.count > CAPTURER_INTERFACES) {
			status = command_refuse("watch", "more than 16 interfaces");
		} else {
			status = supervise(&options, argc, argv);
		}
	}
	options_free(&options);
	return status;
}
