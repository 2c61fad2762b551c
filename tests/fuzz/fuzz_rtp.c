/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/rtp.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor datagram = cursor_over(data, size);
	struct rtp rtp;
	struct rtcp rtcp;
	enum mux_kind kind = mux_classify(datagram);

	if (rtp_parse(datagram, &rtp) == PARSE_OK && kind != MUX_RTP)
		abort();
	if (rtcp_parse(datagram, &rtcp) == PARSE_OK && kind != MUX_RTCP)
		abort();
	return 0;
}
