/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_PAGE_PAGE_H
#define SINK_PAGE_PAGE_H

#include "sink/page/html.h"
#include "sink/page/model.h"

/* The sections of the report, in their order; each is a file. */
void page_answer(struct html *h, const struct model *m);
void page_cards(struct html *h, const struct model *m);
void page_when(struct html *h, const struct model *m);
void page_who(struct html *h, const struct model *m);
void page_findings(struct html *h, const struct model *m);
void page_context(struct html *h, const struct model *m);
void page_method(struct html *h, const struct model *m);
void page_record(struct html *h, const struct model *m);
void page_annexes(struct html *h, const struct model *m);

/* Parts that sections share. */

/* The letter and the word of who receives. */
void put_badge(struct html *h, const struct porch_destination *to);
/* Organisation, name or address as a person reads it. */
void put_receiver(struct html *h, const struct porch_destination *to);
void put_country(struct html *h, const char *code);
/* A cell of a table with bytes; a dash for none. */
void put_bytes_cell(struct html *h, uint64_t bytes);
/* One with the share of the largest row, as a bar; the number stands in another. */
void put_share_cell(struct html *h, const struct porch_destination *to, uint64_t bytes,
    uint64_t most);
/* "Sun 15 Nov, 22:43" as <time>; a dash for no time. */
void put_stamp(struct html *h, int64_t time);
/* What the marks of strips mean. */
void put_legend(struct html *h);
/* "3 gaps", "2 packets lost": slots for sentences about what was missed. */
bool losses_known(const struct porch_run *run);

#endif
