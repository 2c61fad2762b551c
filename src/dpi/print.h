/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_PRINT_H
#define DPI_PRINT_H

#include <stddef.h>

/*
 * What snprintf() is where it is told how much room there is (Linux Standard Base, libc:
 * __snprintf_chk), in place of the C library's for all that is linked into a program: a
 * library that inspects writes a fingerprint of each hello, number by number, and spends half
 * its time on that.  What is more than a text, a number or hexadecimal digits is left to the
 * C library.
 *
 * to: at most size bytes with the NUL; room: the bytes known to be there, and a program that
 * has promised more of them ends.  Returns the bytes that the whole text would take.
 */
int print_bounded(char *to, size_t size, int flag, size_t room, const char *format,
    ...) __asm__("__snprintf_chk")
    __attribute__((used, visibility("default"), format(printf, 5, 6)));

#endif
