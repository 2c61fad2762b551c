/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_RULES_EXPORT_H
#define CLI_RULES_EXPORT_H

#include "cli/options.h"

/* `rules export --mud DEVICE CAPTURE...`: to standard output.  The exit status. */
int rules_export(const struct options *options);

#endif
