/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_ARCHITECTURE_H
#define DPI_ARCHITECTURE_H

#include <linux/audit.h>

/* What a filter of calls must find in seccomp_data.arch; all of these are little-endian. */
#if defined __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined __i386__
#define ARCHITECTURE AUDIT_ARCH_I386
#elif defined __aarch64__ && defined __AARCH64EL__
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined __arm__ && defined __ARMEL__
#define ARCHITECTURE AUDIT_ARCH_ARM
#elif defined __riscv && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define ARCHITECTURE AUDIT_ARCH_PPC64LE
#elif defined __mips__ && defined __MIPSEL__ && _MIPS_SIM == _ABIO32
#define ARCHITECTURE AUDIT_ARCH_MIPSEL
#else
#define ARCHITECTURE 0 /* no filter is made */
#endif

#endif
