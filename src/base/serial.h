/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SERIAL_H
#define BASE_SERIAL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a label of a host name looks like the number of one device: a run of letters and
 * digits that is a MAC or the like (12 hexadecimal digits or more, one of them a decimal), or
 * of 8 and more with 4 decimals among them.  "ec2-54-12-3-4" and "s3-us-west-2" do not.
 */
bool serial_looks_like(const char *label, size_t len);

#endif
