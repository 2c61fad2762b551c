/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "document.h"
#include "engine.h"
#include "load_rules.h"
#include "parse/packet.h"
#include "read_all.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Loaded once; libFuzzer hands nothing else from Initialize to TestOneInput. */
static struct porch_rules *rules;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	rules = load_rules(SOURCE_DIR "/rules");
	return 0;
}

/* What one run told; the same for every seed. */
struct tally {
	uint64_t flow_bytes;   /* of all flows told */
	uint64_t told_bytes;   /* the same, once for each end that is a device */
	uint64_t nobody_bytes; /* of flows without a device */
	uint64_t packet_bytes; /* of the packets themselves */
	uint64_t digest;       /* of everything told, in its order */
};

static void
digest(struct tally *tally, uint64_t value)
{
	uint64_t both[2] = {tally->digest, value};

	tally->digest = hash_id(both, sizeof(both));
}

static void
digest_text(struct tally *tally, const char *text)
{
	digest(tally, text ? hash_id(text, strlen(text)) : 0);
}

static void
note_flow(const struct porch_flow *flow, void *user)
{
	struct tally *tally = user;
	uint64_t bytes = flow->originator_bytes + flow->responder_bytes;

	tally->flow_bytes += bytes;
	tally->told_bytes += (flow->device ? bytes : 0) + (flow->peer_device ? bytes : 0);
	tally->nobody_bytes += flow->device ? 0 : bytes;
	must(flow->start <= flow->end);
	digest(tally, flow->device);
	digest(tally, flow->destination);
	digest(tally, bytes);
	digest_text(tally, flow->name);
	digest_text(tally, flow->ended);
}

static void
check_counters(const struct porch_counters *c)
{
	must(c->received ==
	     c->processed + c->undecoded + c->filtered + c->deduplicated + c->dropped);
}

static void
check_sums(const struct engine_result *result, const struct tally *tally)
{
	const struct engine_folded *f = &result->folded;
	uint64_t bytes = f->up.bytes + f->down.bytes + f->bytes_local;

	for (const struct destination *d = table_first(result->destinations); d;
	     d = table_next(result->destinations, d))
		bytes += d->up.bytes + d->down.bytes;
	must(bytes == tally->told_bytes);
	must(result->counters.undirected_bytes == tally->nobody_bytes);
	must(result->counters.deduplicated || tally->flow_bytes == tally->packet_bytes);
	must(result->watched_us >= 0);
	must(result->counters.clock_steps > 0 ||
	     result->watched_us <= result->last - result->first);
}

static void
check_device(struct tally *tally, const struct porch_device *d)
{
	for (unsigned i = 0; i < sizeof(d->ledger) / sizeof(d->ledger[0]); i++) {
		must(d->ledger[i].bytes_up <= d->bytes_up);
		must(d->ledger[i].bytes_down <= d->bytes_down);
		digest(tally, d->ledger[i].bytes_up);
	}
	digest(tally, d->id);
	digest(tally, d->bytes_up);
	digest(tally, d->bytes_down);
	digest(tally, d->bytes_local);
}

static void
check_document(struct tally *tally, const struct engine_result *result)
{
	struct porch_options options = {.all_devices = true};
	struct porch_input input = {.path = "fuzz"};
	struct document_builder *builder = document_builder_new(rules, &options);
	struct porch_document *document = NULL;

	if (builder && document_add(builder, &input, result))
		document = document_finish(builder);
	document_builder_free(builder);
	if (!document)
		return;
	for (size_t i = 0; i < document->device_count; i++)
		check_device(tally, &document->devices[i]);
	for (size_t i = 0; i < document->destination_count; i++) {
		const struct porch_destination *d = &document->destinations[i];

		must(d->first_seen <= d->last_seen);
		digest(tally, d->id);
		digest(tally, d->bytes_up);
		digest_text(tally, d->name);
	}
	for (size_t i = 0; i < document->episode_count; i++) {
		const struct porch_episode *e = &document->episodes[i];

		must(e->start <= e->end);
		digest(tally, e->id);
		digest(tally, (uint64_t)e->start);
		digest(tally, e->bytes_up);
	}
	porch_document_free(document);
}

static void
note_open(const struct porch_episode *episode, const struct porch_destination *to, void *user)
{
	must(episode->open && episode->start <= episode->end);
	must(episode->destination == to->id);
	digest(user, episode->id);
	digest(user, episode->footage);
	digest(user, (uint64_t)episode->known);
}

static void
walk(struct engine *engine, struct source *source, struct tally *tally, bool mirror)
{
	struct packet_options options = {.open_mirrors = mirror};
	struct packet packet;
	struct frame frame;

	while (source_next(source, &frame) == SOURCE_FRAME) {
		engine_frame(engine, &frame);
		if (packet_parse(&frame, &options, &packet) == PARSE_OK &&
		    packet.network == NETWORK_IP)
			tally->packet_bytes += packet.ip_bytes;
	}
}

static struct tally
run(const uint8_t *bytes, size_t len, uint8_t plan, uint64_t seed)
{
	struct source_options options = {.no_hashes = true};
	struct engine_result result;
	struct porch_error error;
	struct tally tally = {0};
	struct engine_setup setup = {
	    .rules = rules,
	    .mirror = plan & 0x80,
	    .dedup = plan & 0x40,
	    .seed = seed,
	    .sizes.flows = 1 + (plan & 7),
	    .sizes.devices = 1 + (plan >> 3 & 7),
	    .follow = true,
	    .flow = note_flow,
	    .user = &tally,
	};
	struct source *source = source_open_memory(bytes, len, "fuzz", &options, &error);
	struct engine *engine;

	if (!source)
		return tally;
	engine = engine_new(&setup, &error);
	if (engine) {
		walk(engine, source, &tally, setup.mirror);
		engine_open_episodes(engine, note_open, &tally);
		engine_finish(engine, &result);
		check_counters(&result.counters);
		check_sums(&result, &tally);
		check_document(&tally, &result);
	}
	engine_free(engine);
	source_close(source);
	return tally;
}

/* The first byte chooses options and table sizes; the rest is a capture. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct tally one, two;

	if (len == 0)
		return 0;
	one = run(bytes + 1, len - 1, bytes[0], 1);
	two = run(bytes + 1, len - 1, bytes[0], UINT64_C(0x9e3779b97f4a7c15));
	must(one.digest == two.digest);
	return 0;
}
