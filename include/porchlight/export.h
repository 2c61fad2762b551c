/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORCHLIGHT_EXPORT_H
#define PORCHLIGHT_EXPORT_H

/* Everything else is hidden from the linker; a test lists what is not. */
#if defined(__GNUC__) || defined(__clang__)
#define PORCH_EXPORT __attribute__((visibility("default")))
#else
#define PORCH_EXPORT
#endif

#endif
