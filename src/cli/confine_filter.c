/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* CLONE_THREAD */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "cli/confine.h"
#include "dpi/architecture.h"

/*
 * Unlike the process that inspects, the one that counts is a whole program, with threads,
 * files and libraries: what it may not do is listed.  What no library does by itself ends
 * it; what one may try is refused, as by a kernel that cannot.
 */
static const unsigned ending[] = {
    /* other programs, and other processes */
    __NR_execve,
    __NR_execveat,
    __NR_process_vm_readv,
    __NR_process_vm_writev,
    __NR_kcmp,
    /* other users */
    __NR_setuid,
    __NR_setgid,
    __NR_setreuid,
    __NR_setregid,
    __NR_setresuid,
    __NR_setresgid,
    __NR_setfsuid,
    __NR_setfsgid,
    __NR_setgroups,
    __NR_capset,
    /* other sights of the system */
    __NR_mount,
    __NR_umount2,
    __NR_pivot_root,
    __NR_chroot,
    __NR_unshare,
    __NR_setns,
    __NR_open_by_handle_at,
    /* the kernel's wide doors */
    __NR_bpf,
    __NR_perf_event_open,
    __NR_userfaultfd,
    __NR_add_key,
    __NR_request_key,
    __NR_keyctl,
    __NR_init_module,
    __NR_finit_module,
    __NR_delete_module,
    __NR_kexec_load,
    __NR_reboot,
    __NR_swapon,
    __NR_swapoff,
    __NR_acct,
    __NR_syslog,
    __NR_sethostname,
    __NR_setdomainname,
    __NR_listen,
};

/* Calls from others, and helpers to answer them. */
static const unsigned ending_but_serving[] = {
    __NR_accept4,
#ifdef __NR_fork /* older processors */
    __NR_fork,
    __NR_vfork,
#endif
};

/* Calls newer than these headers have one number for all processors. */
#define IO_URING_SETUP 425
#define OPEN_TREE      428
#define FSMOUNT        432
#define PIDFD_OPEN     434
#define CLONE3         435
#define PIDFD_GETFD    438
#define MOUNT_SETATTR  442
#define FCHMODAT2      452

static const unsigned refused[] = {
    __NR_personality,
    IO_URING_SETUP,
    OPEN_TREE,
    FSMOUNT,
    PIDFD_OPEN,
    PIDFD_GETFD,
    MOUNT_SETATTR,
    /* What Landlock does not look at. */
    __NR_fchmodat,
    __NR_fchownat,
    __NR_setxattr,
    __NR_lsetxattr,
    __NR_removexattr,
    __NR_lremovexattr,
    __NR_truncate,
    FCHMODAT2,
#ifdef __NR_chmod
    __NR_chmod,
    __NR_chown,
    __NR_lchown,
#endif
};

/* Who captures binds sockets to interfaces; of others nobody could find us by one. */
static const unsigned ending_but_capturing[] = {__NR_bind};
static const unsigned refused_counting[] = {__NR_socket, __NR_socketpair, __NR_connect};
/* It hears, and says nothing. */
static const unsigned refused_capturing[] = {
    __NR_socketpair, __NR_connect, __NR_sendto, __NR_sendmsg, __NR_sendmmsg};

/* LeakSanitizer looks at the threads of a program at its end as a debugger would. */
static const unsigned sanitized[] = {
    __NR_ptrace,
    __NR_kill,
    __NR_tkill,
};

#define COUNT(array)   (sizeof(array) / sizeof((array)[0]))
#define LOAD(offset)   ((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset))
#define GIVE(what)     ((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what))
#define REFUSE(number) GIVE(SECCOMP_RET_ERRNO | (number))
#define JUMP(how, value, yes, no)                                                                  \
	((struct sock_filter)BPF_JUMP(BPF_JMP | (how) | BPF_K, value, yes, no))
/* Little-endian: the lower half of an argument comes first. */
#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t)))
#define X32         0x40000000U /* calls of x86-64's other ABI */

static struct sock_filter *
list(struct sock_filter *at, const unsigned *calls, size_t count, struct sock_filter verdict)
{
	for (size_t i = 0; i < count; i++) {
		*at++ = JUMP(BPF_JEQ, calls[i], 0, 1);
		*at++ = verdict;
	}
	return at;
}

/* A thread may be made, a process may not. */
static struct sock_filter *
by_flags(struct sock_filter *at)
{
	*at++ = JUMP(BPF_JEQ, __NR_clone, 0, 4);
	*at++ = LOAD(ARGUMENT(0));
	*at++ = JUMP(BPF_JSET, CLONE_THREAD, 1, 0);
	*at++ = REFUSE(EPERM);
	*at++ = GIVE(SECCOMP_RET_ALLOW);
	return at;
}

/* Sockets of three families, and no others. */
static struct sock_filter *
by_family(struct sock_filter *at, unsigned first, unsigned second, unsigned third)
{
	*at++ = JUMP(BPF_JEQ, __NR_socket, 0, 6);
	*at++ = LOAD(ARGUMENT(0));
	*at++ = JUMP(BPF_JEQ, first, 3, 0);
	*at++ = JUMP(BPF_JEQ, second, 2, 0);
	*at++ = JUMP(BPF_JEQ, third, 1, 0);
	*at++ = REFUSE(EPERM);
	*at++ = GIVE(SECCOMP_RET_ALLOW);
	return at;
}

static struct sock_filter *
by_role(struct sock_filter *at, enum confine_role role)
{
	if (role != CONFINE_CAPTURING) {
		at = list(at, ending_but_capturing, COUNT(ending_but_capturing),
		    GIVE(SECCOMP_RET_KILL_PROCESS));
		if (!CONFINE_SANITIZED)
			at = list(at, sanitized, COUNT(sanitized), REFUSE(EPERM));
	}
	switch (role) {
	case CONFINE_COUNTING:
	case CONFINE_SERVING:
		return list(at, refused_counting, COUNT(refused_counting), REFUSE(EPERM));
	case CONFINE_CAPTURING:
		at = list(at, refused_capturing, COUNT(refused_capturing), REFUSE(EPERM));
		/* Frames, and what the kernel tells of interfaces; AF_UNIX asks about them. */
		return by_family(at, AF_PACKET, AF_NETLINK, AF_UNIX);
	case CONFINE_TELLING_HERE:
		return by_family(at, AF_UNIX, AF_UNIX, AF_UNIX);
	case CONFINE_TELLING:
		return by_family(at, AF_UNIX, AF_INET, AF_INET6);
	}
	return at;
}

/* Writing into a terminal as if its user had typed. */
static struct sock_filter *
by_request(struct sock_filter *at)
{
	*at++ = JUMP(BPF_JEQ, __NR_ioctl, 0, 5);
	*at++ = LOAD(ARGUMENT(1));
	*at++ = JUMP(BPF_JEQ, TIOCSTI, 1, 0);
	*at++ = JUMP(BPF_JEQ, TIOCLINUX, 0, 1);
	*at++ = REFUSE(EPERM);
	*at++ = GIVE(SECCOMP_RET_ALLOW);
	return at;
}

/* Writes the filter (seccomp(2)); returns its length. */
static unsigned short
write_filter(struct sock_filter *f, enum confine_role role)
{
	struct sock_filter *at = f;

	*at++ = LOAD(offsetof(struct seccomp_data, arch));
	*at++ = JUMP(BPF_JEQ, ARCHITECTURE, 1, 0);
	*at++ = GIVE(SECCOMP_RET_KILL_PROCESS);
	*at++ = LOAD(offsetof(struct seccomp_data, nr));
	*at++ = JUMP(BPF_JGE, X32, 0, 1);
	*at++ = GIVE(SECCOMP_RET_KILL_PROCESS);
	at = list(at, ending, COUNT(ending), GIVE(SECCOMP_RET_KILL_PROCESS));
	at = list(at, refused, COUNT(refused), REFUSE(EPERM));
	at = list(at, (const unsigned[]){CLONE3}, 1, REFUSE(ENOSYS)); /* clone() is tried next */
	if (role != CONFINE_SERVING)
		at = list(at, ending_but_serving, COUNT(ending_but_serving),
		    GIVE(SECCOMP_RET_KILL_PROCESS));
	if (!CONFINE_SANITIZED && role != CONFINE_SERVING)
		at = by_flags(at);
	at = by_request(at);
	at = by_role(at, role);
	*at++ = GIVE(SECCOMP_RET_ALLOW);
	return (unsigned short)(at - f);
}

bool
confine_calls(enum confine_role role)
{
	struct sock_filter filter[2 * (COUNT(ending) + COUNT(refused) + COUNT(sanitized)) + 64];
	struct sock_fprog program = {.filter = filter};

	if (ARCHITECTURE == 0)
		return false;
	program.len = write_filter(filter, role);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
