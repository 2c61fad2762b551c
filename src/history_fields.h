/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_FIELDS_H
#define HISTORY_FIELDS_H

#include "base/arena.h"
#include "base/bytes.h"
#include "home/destination.h"
#include "rules/rules.h"

/* Fields that several kinds of a history's rows have. */

void field_flag(struct bytes *b, bool flag);
void field_mac(struct bytes *b, const struct mac *mac);
void field_addr(struct bytes *b, const struct addr *addr);
/* A part of a sum: may be less than nothing, as what was told may move elsewhere. */
void field_sum(struct bytes *b, uint64_t part);
void field_count(struct bytes *b, const struct flow_count *count);
void field_texts(struct bytes *b, const struct porch_texts *texts);
void field_advice(struct bytes *b, const struct porch_rules *rules, const struct advice *advice);

bool field_read_flag(struct cursor *c);
struct mac field_read_mac(struct cursor *c);
struct addr field_read_addr(struct cursor *c);
uint64_t field_read_sum(struct cursor *c);
struct flow_count field_read_count(struct cursor *c);
const char *field_read_text(struct cursor *c, struct arena *arena, size_t max);
struct porch_texts field_read_texts(struct cursor *c, struct arena *arena);
struct advice field_read_advice(struct cursor *c, const struct porch_rules *rules);
/* Whether a row is whole, and nothing comes after it. */
bool field_end(const struct cursor *c);

#endif
