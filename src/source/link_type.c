/* SPDX-License-Identifier: Apache-2.0 */
#include "source/link_type.h"

#include <pcap/dlt.h>
#include <stddef.h>

static const struct {
	uint16_t link_type;
	int dlt;
} rows[] = {
    {100, DLT_ATM_RFC1483},
    {101, DLT_RAW},
    {102, DLT_SLIP_BSDOS},
    {103, DLT_PPP_BSDOS},
    {104, DLT_C_HDLC},
    {106, DLT_ATM_CLIP},
    {108, DLT_LOOP},
    {246, DLT_PFSYNC},
};

int
dlt_of_link_type(uint16_t link_type)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].link_type == link_type)
			return rows[i].dlt;
	return link_type;
}

uint16_t
link_type_of_dlt(int dlt)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].dlt == dlt)
			return rows[i].link_type;
	return (uint16_t)dlt;
}
