/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall, O_PATH */
#include "dpi/landlock.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * landlock(7): the numbers are the same for all processors.  The structures are written down
 * here because those of an older header lack what a newer kernel knows.
 */
#define LANDLOCK_CREATE   444
#define LANDLOCK_ADD      445
#define LANDLOCK_RESTRICT 446
#define LANDLOCK_VERSION  1U /* flag: asks for the ABI */
#define LANDLOCK_BENEATH  1U /* kinds of a rule */
#define LANDLOCK_PORT     2U

struct landlock_rules {
	uint64_t files;   /* rights that are taken away where no rule gives them */
	uint64_t network; /* from ABI 4 */
	uint64_t scopes;  /* from ABI 6 */
};

struct landlock_beneath {
	uint64_t rights;
	int32_t folder;
} __attribute__((packed));

struct landlock_port {
	uint64_t rights;
	uint64_t port;
};

#define BIT(n)     (UINT64_C(1) << (n))
#define WRITE_FILE BIT(1)
#define READ_FILE  BIT(2)
#define READ_DIR   BIT(3)
#define REMOVE_DIR BIT(4)
#define REMOVE     BIT(5)
#define MAKE       BIT(8)
#define TRUNCATE   BIT(14)
#define OF_A_FILE  (WRITE_FILE | READ_FILE | TRUNCATE)

/* All rights over files that an ABI knows. */
static uint64_t
known_rights(long abi)
{
	static const uint8_t rights[] = {0, 13, 14, 15, 15, 16};

	return BIT(rights[abi < 5 ? abi : 5]) - 1;
}

static int
begin(uint8_t *abi, bool files_only)
{
	long version = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_VERSION);
	struct landlock_rules rules = {.files = 0};
	size_t size = sizeof(rules.files);

	*abi = 0;
	if (version < 1)
		return -1;
	rules.files = known_rights(version);
	if (version >= 4 && !files_only) {
		rules.network = 3; /* TCP: bind, connect */
		size = sizeof(rules.files) + sizeof(rules.network);
	}
	if (version >= 6 && !files_only) {
		rules.scopes = 3; /* abstract sockets, signals */
		size = sizeof(rules);
	}
	*abi = (uint8_t)version;
	return (int)syscall(LANDLOCK_CREATE, &rules, size, 0);
}

int
landlock_begin(uint8_t *abi)
{
	return begin(abi, false);
}

int
landlock_begin_files(uint8_t *abi)
{
	return begin(abi, true);
}

void
landlock_allow(int bounds, uint8_t abi, const char *path, unsigned rights)
{
	struct landlock_beneath rule = {.folder = open(path, O_PATH | O_CLOEXEC)};
	struct stat about;

	if (rule.folder < 0)
		return;
	if (rights & LANDLOCK_READ)
		rule.rights |= READ_FILE | READ_DIR;
	if (rights & LANDLOCK_WRITE)
		rule.rights |= WRITE_FILE | REMOVE_DIR | REMOVE | MAKE | TRUNCATE;
	rule.rights &= known_rights(abi);
	if (fstat(rule.folder, &about) == 0) {
		if (!S_ISDIR(about.st_mode))
			rule.rights &= OF_A_FILE;
		/* A pipe is refused a rule, and needs none. */
		syscall(LANDLOCK_ADD, bounds, LANDLOCK_BENEATH, &rule, 0);
	}
	close(rule.folder);
}

void
landlock_allow_port(int bounds, uint8_t abi, uint16_t port)
{
	const struct landlock_port rule = {.rights = BIT(1), .port = port}; /* connect */

	if (abi >= 4)
		syscall(LANDLOCK_ADD, bounds, LANDLOCK_PORT, &rule, 0);
}

bool
landlock_enter(int bounds)
{
	bool done = syscall(LANDLOCK_RESTRICT, bounds, 0) == 0;

	close(bounds);
	return done;
}
