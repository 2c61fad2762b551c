/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_LINK_TYPE_H
#define SOURCE_LINK_TYPE_H

#include <stdint.h>

/*
 * LINKTYPE_ values are what files hold and the same everywhere; DLT_ values are what
 * libpcap's calls take.  A few differ (www.tcpdump.org/linktypes.html).
 */
int dlt_of_link_type(uint16_t link_type);
uint16_t link_type_of_dlt(int dlt);

#endif
