/* SPDX-License-Identifier: Apache-2.0 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "dpi/architecture.h"
#include "dpi/sandbox.h"

/*
 * The calls an inspecting process needs once it is ready: to hear and be heard, to take
 * and give back memory that holds no code, to know the time, to end.
 */
static const unsigned calls[] = {
    __NR_read,
    __NR_write,
    __NR_brk,
    __NR_munmap,
    __NR_mremap,
    __NR_madvise,
    __NR_futex,
    __NR_gettimeofday,
    __NR_clock_gettime,
    __NR_rt_sigreturn,
    __NR_rt_sigprocmask,
    __NR_restart_syscall,
    __NR_exit,
    __NR_exit_group,
#ifdef __NR_clock_gettime64 /* 32-bit processors */
    __NR_clock_gettime64,
#endif
#ifdef __NR_futex_time64
    __NR_futex_time64,
#endif
#ifdef __NR_time /* older processors */
    __NR_time,
#endif
};

/* Memory that may be executed is refused: the third argument says what it is for. */
static const unsigned memory_calls[] = {
#ifdef __NR_mmap2
    __NR_mmap2,
#else
    __NR_mmap,
#endif
    __NR_mprotect,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* Little-endian: the lower half of the third argument comes first. */
#define THIRD_ARGUMENT (offsetof(struct seccomp_data, args) + 2 * sizeof(uint64_t))

static const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
static const struct sock_filter end_it = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);

/* Writes the filter (seccomp(2)); returns its length. */
static unsigned short
write_filter(struct sock_filter *f)
{
	struct sock_filter *at = f;

	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, arch));
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
	*at++ = end_it;
	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT(calls); i++) {
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
		*at++ = allow;
	}
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, memory_calls[0], 2, 0);
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, memory_calls[1], 1, 0);
	*at++ = end_it;
	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, THIRD_ARGUMENT);
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1);
	*at++ = end_it;
	*at++ = allow;
	return (unsigned short)(at - f);
}

bool
sandbox_filter_calls(void)
{
	struct sock_filter filter[2 * COUNT(calls) + 16];
	struct sock_fprog program = {.filter = filter};

	if (ARCHITECTURE == 0)
		return false;
	program.len = write_filter(filter);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}
