/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/confine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dpi/landlock.h"
#include "source/inputs.h"

struct bounds {
	int descriptor;
	uint8_t abi;
};

static void
allow(const struct bounds *bounds, const char *path, unsigned rights)
{
	landlock_allow(bounds->descriptor, bounds->abi, path, rights);
}

/*
 * A folder covers what is in it, but for links to files elsewhere; those are found as the
 * replay will find them.  What is wrong with the inputs, the replay says.
 */
static void
allow_inputs(const struct bounds *bounds, const struct confine *confine)
{
	struct porch_error unused;
	struct inputs *inputs = inputs_new(confine->inputs, confine->input_count, &unused);
	struct stat about;

	for (size_t i = 0; i < confine->input_count; i++)
		if (strcmp(confine->inputs[i], "-") != 0)
			allow(bounds, confine->inputs[i], LANDLOCK_READ);
	for (size_t i = 0; inputs && i < inputs_count(inputs); i++)
		if (lstat(inputs_path(inputs, i), &about) == 0 && S_ISLNK(about.st_mode))
			allow(bounds, inputs_path(inputs, i), LANDLOCK_READ);
	inputs_free(inputs);
}

/* A file is made beside its name, and renamed. */
static void
allow_file(const struct bounds *bounds, const char *path)
{
	char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;

	if (slash)
		slash[slash == folder ? 1 : 0] = '\0';
	allow(bounds, slash ? folder : ".", LANDLOCK_WRITE);
	free(folder);
}

static uint8_t
enter_landlock(const struct confine *confine)
{
	/* Names of ports and protocols in a filter (services(5)). */
	static const char *const named[] = {
	    "/etc/services", "/etc/protocols", "/etc/nsswitch.conf"};
	struct bounds bounds;

	bounds.descriptor = confine->role == CONFINE_CAPTURING ? landlock_begin_files(&bounds.abi)
	                                                       : landlock_begin(&bounds.abi);
	if (bounds.descriptor < 0)
		return 0;
	for (size_t i = 0; i < confine->path_count; i++)
		allow(&bounds, confine->paths[i].path, confine->paths[i].rights);
	allow_inputs(&bounds, confine);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		allow(&bounds, named[i], LANDLOCK_READ);
	allow(&bounds, P_tmpdir, LANDLOCK_READ | LANDLOCK_WRITE); /* tmpfile(), of spools */
	if (confine->folder)
		allow(&bounds, confine->folder, LANDLOCK_WRITE);
	if (confine->file)
		allow_file(&bounds, confine->file);
	if (CONFINE_SANITIZED)
		allow(&bounds, "/proc", LANDLOCK_READ);
	return landlock_enter(bounds.descriptor) ? bounds.abi : 0;
}

void
confine_enter(const struct confine *confine, struct confined *reached)
{
	*reached = (struct confined){.rights = confine_rights(confine->role)};
	reached->landlock = enter_landlock(confine);
	reached->seccomp = confine_calls(confine->role);
}
