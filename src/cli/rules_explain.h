/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_RULES_EXPLAIN_H
#define CLI_RULES_EXPLAIN_H

#include <stdbool.h>

#include "rules/rules.h"
#include "sink/writer.h"

/*
 * What the rules say of a host name, an address or a MAC.  The party is told only with a
 * device's vendor, since who is `maker` depends on who made the device.
 */
void rules_explain(struct writer *w, const struct porch_rules *rules, const char *query,
    const struct vendor *device_vendor, bool json);

#endif
