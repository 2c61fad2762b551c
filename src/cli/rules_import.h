/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_RULES_IMPORT_H
#define CLI_RULES_IMPORT_H

#include "cli/options.h"

/*
 * `rules import FILE --as NAME -o DIR`: writes one rule file below DIR, which is made if
 * need be, and never over another.  The exit status.
 */
int rules_import_file(const struct options *options);

#endif
