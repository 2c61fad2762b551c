/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_RECEIVER_H
#define JUDGE_RECEIVER_H

#include "base/arena.h"
#include "home/destination.h"
#include "rules/rules.h"

/*
 * Says who a receiver is: fills party, role, could_be, organisation, on_behalf_of, asn,
 * country, region, purposes, rule and confidence of *record, whose name and source are set.
 * device_vendor is NULL when the device's maker is unknown.
 */
void receiver_judge(const struct porch_rules *rules, const struct destination *row,
    const struct vendor *device_vendor, struct arena *arena, struct porch_destination *record);

/* The organisation behind a receiver by its name ("" for none), else by its address's owner. */
const char *receiver_organisation(const struct porch_rules *rules, const char *name,
    const struct addr *remote);

#endif
