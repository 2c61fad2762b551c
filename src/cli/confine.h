/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CONFINE_H
#define CLI_CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * LeakSanitizer forks and traces at the end of a program, and reads /proc: a build with it
 * leaves these open, for tests only.
 */
#if defined __SANITIZE_ADDRESS__
#define CONFINE_SANITIZED true
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define CONFINE_SANITIZED true
#endif
#endif
#ifndef CONFINE_SANITIZED
#define CONFINE_SANITIZED false
#endif

enum confine_role {
	CONFINE_COUNTING,
	CONFINE_CAPTURING,    /* opens packet sockets, and tells others to end; sends nothing */
	CONFINE_TELLING_HERE, /* calls by sockets of this machine, and is never called */
	CONFINE_TELLING,      /* and by those of networks */
	CONFINE_SERVING,      /* what is connected to it; it makes processes like itself */
};

/* A path, and what may be done beneath it: bits of enum landlock_right. */
struct confine_path {
	const char *path;
	unsigned rights;
};

/* What the process that counts still needs of the file system; NULL for none. */
struct confine {
	enum confine_role role;
	const char *const *inputs; /* captures and folders of them, "-" */
	size_t input_count;
	const char *folder; /* that it writes into; there already */
	const char *file;   /* that it writes, under this name and NAME.part */
	const struct confine_path *paths;
	size_t path_count;
};

struct confined {
	bool rights;      /* no new privileges, and no capability but to reach files */
	uint8_t landlock; /* ABI, 0 for none */
	bool seccomp;
};

/*
 * Shuts this process in until it ends: it may read what it was given, write what it was asked
 * for and temporary files, start threads, and use what is open; no other file, no program, no
 * process, no network, no other user.  The parts a kernel lacks are left out, which *reached
 * says.  To be called while there is one thread.
 */
void confine_enter(const struct confine *confine, struct confined *reached);

/* The first part, in a file of its own. */
bool confine_rights(enum confine_role role);

/* The last part, in a file of its own: false when the kernel or the processor has none. */
bool confine_calls(enum confine_role role);

#endif
