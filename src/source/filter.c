/* SPDX-License-Identifier: Apache-2.0 */
#include "source/filter.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "source/fail.h"
#include "source/link_type.h"

#define SNAP_LENGTH 262144
#define PROGRAMS    64 /* link types of one run; further ones are not accepted */

struct program {
	uint16_t link_type;
	bool usable;
	struct bpf_program code;
};

struct filter {
	char *bpf;
	size_t count;
	size_t last; /* used last: mostly the one that is wanted again */
	struct program program[PROGRAMS];
};

/* error may be NULL. */
static bool
compile(const char *bpf, uint16_t link_type, struct bpf_program *code, struct porch_error *error)
{
	pcap_t *dead = pcap_open_dead(dlt_of_link_type(link_type), SNAP_LENGTH);
	bool compiled;

	if (!dead) {
		if (error)
			fail(error, -1, "filter: out of memory");
		return false;
	}
	compiled = pcap_compile(dead, code, bpf, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!compiled && error)
		fail(error, -1, "filter: %s", pcap_geterr(dead));
	pcap_close(dead);
	return compiled;
}

/* Some words fit one link type only ("wlan type data"): one that compiles is enough. */
static bool
compiles_somewhere(const char *bpf, struct porch_error *error)
{
	static const uint16_t common[] = {1, 101, 113, 276, 127, 105, 0}; /* LINKTYPE_ values */
	struct bpf_program code;

	for (size_t i = 0; i < sizeof(common) / sizeof(*common); i++) {
		if (!compile(bpf, common[i], &code, i == 0 ? error : NULL))
			continue;
		pcap_freecode(&code);
		return true;
	}
	return false;
}

struct filter *
filter_new(const char *bpf, struct porch_error *error)
{
	struct filter *filter;

	error->file[0] = '\0';
	if (!filter_asks_nobody(bpf, error) || !compiles_somewhere(bpf, error))
		return NULL;
	filter = calloc(1, sizeof(*filter));
	if (filter)
		filter->bpf = strdup(bpf);
	if (!filter || !filter->bpf) {
		fail(error, -1, "filter: out of memory");
		filter_free(filter);
		return NULL;
	}
	return filter;
}

/* The program for a link type, compiled now if it is the first time; NULL: too many. */
static const struct program *
program_for(struct filter *filter, uint16_t link_type)
{
	struct program *program = &filter->program[filter->last];

	if (filter->count > 0 && program->link_type == link_type)
		return program;
	for (size_t i = 0; i < filter->count; i++) {
		if (filter->program[i].link_type != link_type)
			continue;
		filter->last = i;
		return &filter->program[i];
	}
	if (filter->count == PROGRAMS)
		return NULL;
	filter->last = filter->count++;
	program = &filter->program[filter->last];
	program->link_type = link_type;
	program->usable = compile(filter->bpf, link_type, &program->code, NULL);
	return program;
}

bool
filter_accepts(struct filter *filter, const struct frame *frame)
{
	const struct program *program = program_for(filter, frame->link_type);
	struct pcap_pkthdr header = {.caplen = frame->captured, .len = frame->on_wire};

	return program && program->usable &&
	       pcap_offline_filter(&program->code, &header, frame->bytes) != 0;
}

void
filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++)
		if (filter->program[i].usable)
			pcap_freecode(&filter->program[i].code);
	free(filter->bpf);
	free(filter);
}
