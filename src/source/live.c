/* SPDX-License-Identifier: Apache-2.0 */
#include "source/live.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "source/fail.h"
#include "source/filter.h"
#include "source/link_type.h"

#define SNAP_LENGTH 2048
#define RING_BYTES  (2 << 20) /* none lost at 1 Gbit/s; 1 MiB lost 0.06 % */
#define TIMEOUT_MS  100       /* immediate mode costs 4 to 12 times the CPU, and drops */
#define SECOND      INT64_C(1000000)

struct live {
	pcap_t *pcap;
	struct stamp own;
	struct stamp *stamp;
	uint16_t interface;
	uint16_t link_type;
	uint64_t received;
	uint64_t dropped;
	uint32_t kernel_drops; /* libpcap's 32-bit counters, as they were last seen */
	uint32_t interface_drops;
};

static int
or_default(int given, int otherwise)
{
	return given > 0 ? given : otherwise;
}

static void
configure(pcap_t *pcap, const struct live_options *options)
{
	/* These fail only on a handle that is already active. */
	pcap_set_snaplen(pcap, or_default(options->snap_length, SNAP_LENGTH));
	pcap_set_buffer_size(pcap, or_default(options->ring_bytes, RING_BYTES));
	pcap_set_promisc(pcap, !options->no_promiscuous);
	pcap_set_timeout(pcap, TIMEOUT_MS);
	pcap_set_immediate_mode(pcap, 0);
}

static bool
activate(pcap_t *pcap, struct porch_error *error)
{
	int status = pcap_activate(pcap);
	const char *more = pcap_geterr(pcap);

	if (status >= 0)
		return true;
	fail(error, -1, "%s%s%s", pcap_statustostr(status), more[0] ? ": " : "", more);
	return false;
}

static bool
apply_filter(pcap_t *pcap, const char *filter, struct porch_error *error)
{
	struct bpf_program program;
	bool applied;

	if (!filter)
		return true;
	if (!filter_asks_nobody(filter, error))
		return false;
	if (pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		fail(error, -1, "filter: %s", pcap_geterr(pcap));
		return false;
	}
	applied = pcap_setfilter(pcap, &program) == 0;
	pcap_freecode(&program);
	if (!applied)
		fail(error, -1, "filter: %s", pcap_geterr(pcap));
	return applied;
}

static bool
set_going(pcap_t *pcap, const struct live_options *options, struct porch_error *error)
{
	char why[PCAP_ERRBUF_SIZE] = "";

	configure(pcap, options);
	if (!activate(pcap, error) || !apply_filter(pcap, options->filter, error))
		return false;
	if (pcap_setnonblock(pcap, 1, why) == 0)
		return true;
	fail(error, -1, "%s", why);
	return false;
}

struct live *
live_open(const char *interface, const struct live_options *options, struct porch_error *error)
{
	static const struct live_options defaults = {0};
	char why[PCAP_ERRBUF_SIZE] = "";
	struct live *live = calloc(1, sizeof(*live));

	snprintf(error->file, sizeof(error->file), "%s", interface);
	if (!options)
		options = &defaults;
	if (!live) {
		fail(error, -1, "out of memory");
		return NULL;
	}
	live->pcap = pcap_create(interface, why);
	if (!live->pcap)
		fail(error, -1, "%s", why);
	if (!live->pcap || !set_going(live->pcap, options, error)) {
		live_close(live);
		return NULL;
	}
	live->own = stamp_start(options->clock ? options->clock : clock_machine());
	live->stamp = options->stamp ? options->stamp : &live->own;
	live->interface = options->interface;
	live->link_type = link_type_of_dlt(pcap_datalink(live->pcap));
	return live;
}

int
live_fd(const struct live *live)
{
	return pcap_get_selectable_fd(live->pcap);
}

enum live_result
live_next(struct live *live, struct frame *frame, struct porch_error *error)
{
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	int status = pcap_next_ex(live->pcap, &header, &bytes);

	if (status == 0)
		return LIVE_NONE;
	if (status < 0) {
		fail(error, -1, "%s", pcap_geterr(live->pcap));
		return LIVE_ERROR;
	}
	frame->bytes = bytes;
	frame->captured = header->caplen;
	frame->on_wire = header->len > header->caplen ? header->len : header->caplen;
	frame->link_type = live->link_type;
	frame->interface = live->interface;
	frame->time = stamp_frame(live->stamp,
	    (int64_t)header->ts.tv_sec * SECOND + (int64_t)header->ts.tv_usec);
	frame->number = ++live->received;
	return LIVE_FRAME;
}

struct live_stats
live_stats(struct live *live)
{
	struct pcap_stat now;

	if (pcap_stats(live->pcap, &now) == 0) {
		live->dropped += (uint32_t)(now.ps_drop - live->kernel_drops);
		live->dropped += (uint32_t)(now.ps_ifdrop - live->interface_drops);
		live->kernel_drops = now.ps_drop;
		live->interface_drops = now.ps_ifdrop;
	}
	return (struct live_stats){.received = live->received, .dropped = live->dropped};
}

int64_t
live_clock_step(struct live *live)
{
	return stamp_step(live->stamp);
}

uint16_t
live_link_type(const struct live *live)
{
	return live->link_type;
}

void
live_close(struct live *live)
{
	if (!live)
		return;
	if (live->pcap)
		pcap_close(live->pcap);
	free(live);
}
