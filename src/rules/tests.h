/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_TESTS_H
#define RULES_TESTS_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/rules.h"

/*
 * What a rule file expects of a capture that lies beside it.  The rules only hold it: who
 * can read captures runs it.
 */

/* Of one receiver of the device. */
struct expected_receiver {
	const char *to;    /* its name, else its address */
	const char *party; /* the contract's words; NULL when nothing is expected */
	const char *organisation;
	const char *footage; /* "yes" when an episode to it is footage, "no" when none; or NULL */
};

struct rule_test {
	struct rule rule;
	const char *path;    /* of the rule file, as the user would name it */
	const char *capture; /* path of the capture */
	const char *device;  /* MAC or address */
	const char *vendor;  /* NULL when nothing is expected of it, here and below */
	const char *product;
	const char *kind;
	const char *footage; /* as above, to anyone outside */
	const struct expected_receiver *receiver;
	size_t receivers;
};

/* The index-th test that is in force, in the order of reading; NULL past the last. */
const struct rule_test *rules_test(const struct porch_rules *rules, size_t index);

/* The name of a capture file: .pcap or .pcapng, as it is or packed by gzip or zstd. */
bool rules_is_capture(const char *name);

#endif
