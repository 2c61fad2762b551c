/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall */
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/confine.h"

/* Who counts as root may go on reading and writing the files of others (capabilities(7)). */
static uint32_t
kept_rights(enum confine_role role)
{
	switch (role) {
	case CONFINE_COUNTING:
		return 1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH | 1U << CAP_FOWNER;
	case CONFINE_CAPTURING:
		return 1U << CAP_NET_RAW;
	default:
		return 0;
	}
}

bool
confine_rights(enum confine_role role)
{
	struct __user_cap_header_struct version = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct rights[2] = {{.permitted = 0}};
	const uint32_t kept = kept_rights(role);

	if (syscall(SYS_capget, &version, rights) != 0)
		return false;
	rights[0].permitted &= kept;
	rights[0].effective &= kept;
	rights[1].permitted = rights[1].effective = 0;
	rights[0].inheritable = rights[1].inheritable = 0;
	return syscall(SYS_capset, &version, rights) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}
