/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_SITE_H
#define SINK_MESSENGER_SITE_H

#define SITE_TEXT 17

/*
 * Sixteen hexadecimal digits that name this installation in ids and topics, the same at each
 * start, from which nothing can be learnt: made from the machine's id (machine-id(5)), else kept
 * in the folder, else new at each start.
 */
void site_find(const char *folder, char site[static SITE_TEXT]);

#endif
