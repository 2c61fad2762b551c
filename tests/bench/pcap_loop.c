/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop that every program which reads captures with libpcap has, and nothing in it.
 * usage: pcap_loop CAPTURE
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE] = "";
	pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
	const struct pcap_pkthdr *header;
	const unsigned char *bytes;
	uint64_t packets = 0;

	if (!capture) {
		fprintf(stderr, "usage: pcap_loop CAPTURE\n%s\n", error);
		return 2;
	}
	while (pcap_next_ex(capture, (struct pcap_pkthdr **)&header, &bytes) == 1)
		packets++;
	printf("%" PRIu64 "\n", packets);
	pcap_close(capture);
	return 0;
}
