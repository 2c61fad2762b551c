/* SPDX-License-Identifier: Apache-2.0 */

/* One spelling of every record for all that is JSON, in the order of the manual. */

#include "sink/put.h"

#include "base/format.h"

void
put_likelihood(struct json *json, const struct porch_likelihood *likelihood)
{
	if (!likelihood->word) {
		put_null(json, "likelihood");
		return;
	}
	put_open(json, "likelihood", '{');
	put_text(json, "word", likelihood->word);
	put_open(json, "range", '[');
	put_u64(json, NULL, likelihood->low);
	put_u64(json, NULL, likelihood->high);
	put_close(json, ']');
	put_bool(json, "calibrated", likelihood->calibrated);
	put_close(json, '}');
}

static void
put_evidence(struct json *json, const struct porch_evidences *evidence)
{
	put_open(json, "evidence", '[');
	for (size_t i = 0; i < evidence->count; i++) {
		const struct porch_evidence *item = &evidence->item[i];

		put_open(json, NULL, '{');
		put_text(json, "reason", item->reason);
		put_text(json, "observed", item->observed);
		put_text(json, "threshold", item->threshold);
		put_i64(json, "weight", item->weight);
		put_text(json, "rule", item->rule);
		put_close(json, '}');
	}
	put_close(json, ']');
}

void
put_rules(struct json *json, const struct porch_run *run)
{
	put_open(json, "rules", '{');
	put_text(json, "sha256", run->rules_sha256);
	put_u64(json, "files", run->rules_files);
	put_u64(json, "rev", run->rules_rev);
	put_close(json, '}');
}

/* Of a live capture only: of a file it is not known, and would be null in every one. */
static void
put_coverage(struct json *json, const struct porch_coverage *coverage)
{
	if (!coverage->known)
		return;
	put_open(json, "coverage", '{');
	put_u64(json, "unobserved_bytes", coverage->unobserved_bytes);
	put_texts(json, "limits", &coverage->limits);
	put_close(json, '}');
}

static void
put_input(struct json *json, const struct porch_input *input)
{
	put_open(json, NULL, '{');
	if (put_past(json)) {
		put_text(json, "path", input->path);
		put_comma(json);
		put_past_end(json);
	}
	put_text(json, "sha256", input->sha256);
	put_text(json, "content_sha256", input->content_sha256);
	put_text(json, "format", input->format);
	put_texts(json, "link_types", &input->link_types);
	put_u64(json, "packets", input->packets);
	put_u64(json, "bytes", input->bytes);
	put_time(json, "first", input->first);
	put_time(json, "last", input->last);
	put_bool(json, "complete", input->complete);
	if (input->error) {
		put_open(json, "error", '{');
		put_text(json, "message", input->error);
		if (input->error_offset >= 0)
			put_i64(json, "offset", input->error_offset);
		else
			put_null(json, "offset");
		put_close(json, '}');
	} else {
		put_null(json, "error");
	}
	put_coverage(json, &input->coverage);
	put_close(json, '}');
}

void
put_inputs(struct json *json, const struct porch_run *run)
{
	put_open(json, "inputs", '[');
	for (size_t i = 0; i < run->input_count; i++)
		put_input(json, &run->inputs[i]);
	put_close(json, ']');
}

void
put_counters(struct json *json, const struct porch_counters *c)
{
	const struct {
		const char *name;
		uint64_t number;
	} rows[] = {
	    {"received", c->received},
	    {"processed", c->processed},
	    {"undecoded", c->undecoded},
	    {"filtered", c->filtered},
	    {"deduplicated", c->deduplicated},
	    {"dropped", c->dropped},
	    {"implausible", c->implausible},
	    {"implausible_bytes", c->implausible_bytes},
	    {"duplicates", c->duplicates},
	    {"evicted", c->evicted},
	    {"undirected", c->undirected},
	    {"undirected_bytes", c->undirected_bytes},
	    {"refused", c->refused},
	    {"clock_steps", c->clock_steps},
	    {"odd_times", c->odd_times},
	    {"flows", c->flows},
	};

	put_open(json, "counters", '{');
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		put_u64(json, rows[i].name, rows[i].number);
	put_close(json, '}');
}

/* A switch is true, an option with values the list of them. */
void
put_options(struct json *json, const struct porch_run *run)
{
	put_open(json, "options", '{');
	for (size_t i = 0; i < run->option_count; i++) {
		const struct porch_option *option = &run->options[i];

		if (option->values.count == 0)
			put_bool(json, option->name, true);
		else
			put_texts(json, option->name, &option->values);
	}
	put_close(json, '}');
}

static void
put_libraries(struct json *json, const struct porch_run *run)
{
	put_open(json, "libraries", '{');
	for (size_t i = 0; i < run->library_count; i++)
		put_text(json, run->libraries[i].name, run->libraries[i].version);
	put_close(json, '}');
}

void
put_geo(struct json *json, const struct porch_run *run)
{
	put_open(json, "geo", '[');
	for (size_t i = 0; i < run->geo_count; i++) {
		put_open(json, NULL, '{');
		put_text(json, "file", run->geo[i].file);
		put_text(json, "sha256", run->geo[i].sha256);
		put_time(json, "built", run->geo[i].built);
		put_close(json, '}');
	}
	put_close(json, ']');
}

static void
put_advice(struct json *json, const struct porch_run *run)
{
	const struct porch_run_advice *advice = &run->advice;

	put_open(json, "advice", '{');
	put_text(json, "state", advice->state);
	put_text(json, "limit", advice->limit);
	put_u64(json, "flows", advice->flows);
	put_u64(json, "quarantined", advice->quarantined);
	put_close(json, '}');
}

void
put_run(struct json *json, const struct porch_run *run)
{
	put_text(json, "version", run->version);
	put_rules(json, run);
	if (put_past(json)) {
		put_libraries(json, run);
		put_past_end(json);
	}
	put_inputs(json, run);
	put_counters(json, &run->counters);
	put_options(json, run);
	put_geo(json, run);
	put_advice(json, run);
	if (run->redaction == PORCH_REDACT_NONE) {
		put_null(json, "redaction");
		return;
	}
	put_open(json, "redaction", '{');
	put_text(json, "level", porch_redaction_word(run->redaction));
	put_texts(json, "removed", &run->removed);
	put_text(json, "unredacted_sha256", run->unredacted_sha256);
	put_close(json, '}');
}

static void
put_ledger(struct json *json, const struct porch_device *device)
{
	put_open(json, "ledger", '{');
	for (enum porch_content c = 0; c < PORCH_CONTENTS; c++) {
		const struct porch_ledger_row *row = &device->ledger[c];

		if (c != PORCH_CONTENT_BACKGROUND && !row->bytes_up && !row->bytes_down &&
		    !row->episodes)
			continue;
		put_open(json, porch_content_word(c), '{');
		put_u64(json, "bytes_up", row->bytes_up);
		put_u64(json, "bytes_down", row->bytes_down);
		put_u64(json, "episodes", row->episodes);
		put_close(json, '}');
	}
	put_close(json, '}');
}

void
put_device(struct json *json, const struct porch_device *device)
{
	put_id(json, "id", 'd', device->id);
	put_text(json, "mac", device->mac);
	put_bool(json, "mac_randomised", device->mac_randomised);
	put_texts(json, "addresses", &device->addresses);
	put_id(json, "was", 'd', device->was);
	put_text(json, "hostname", device->hostname);
	put_text(json, "label", device->label);
	put_text(json, "vendor", device->vendor);
	put_text(json, "vendor_name", device->vendor_name);
	put_text(json, "product", device->product);
	put_text(json, "kind", porch_kind_word(device->kind));
	put_bool(json, "watched", device->watched);
	put_bool(json, "named_by_user", device->named_by_user);
	put_chance(json, "confidence", device->confidence);
	put_evidence(json, &device->evidence);
	put_time(json, "first_seen", device->first_seen);
	put_time(json, "last_seen", device->last_seen);
	put_u64(json, "bytes_up", device->bytes_up);
	put_u64(json, "bytes_down", device->bytes_down);
	put_u64(json, "bytes_local", device->bytes_local);
	if (device->detection_floor_bytes < 0)
		put_null(json, "detection_floor_bytes");
	else
		put_i64(json, "detection_floor_bytes", device->detection_floor_bytes);
	put_ledger(json, device);
}

static void
put_rule(struct json *json, const struct porch_rule_ref *rule)
{
	if (!rule->id) {
		put_null(json, "rule");
		return;
	}
	put_open(json, "rule", '{');
	put_text(json, "id", rule->id);
	put_u64(json, "rev", rule->rev);
	put_text(json, "status", rule->status);
	put_text(json, "source", rule->source);
	put_close(json, '}');
}

static void
put_ports(struct json *json, const struct porch_ports *ports)
{
	put_open(json, "ports", '[');
	for (size_t i = 0; i < ports->count; i++)
		put_u64(json, NULL, ports->item[i]);
	put_close(json, ']');
}

static void
put_receiver(struct json *json, const struct porch_destination *to)
{
	put_text(json, "party", porch_party_word(to->party));
	put_open(json, "could_be", '[');
	for (size_t i = 0; i < to->could_be_count; i++)
		put_text(json, NULL, porch_party_word(to->could_be[i]));
	put_close(json, ']');
	put_text(json, "role", porch_party_word(to->role));
	put_text(json, "organisation", to->organisation);
	put_text(json, "on_behalf_of", to->on_behalf_of);
	if (to->asn < 0)
		put_null(json, "asn");
	else
		put_i64(json, "asn", to->asn);
	put_text(json, "country", to->country);
	put_text(json, "country_source", to->country_source);
	put_text(json, "region", to->region);
	put_texts(json, "purposes", &to->purposes);
	put_rule(json, &to->rule);
	put_chance(json, "confidence", to->confidence);
}

/* Whether it agrees with our own parsers: null where those read nothing. */
static void
put_opinions(struct json *json, const struct porch_destination *to)
{
	put_open(json, "advice", '[');
	for (size_t i = 0; i < to->advice_count; i++) {
		const struct porch_opinion *opinion = &to->advice[i];

		put_open(json, NULL, '{');
		put_text(json, "word", opinion->word);
		put_text(json, "use", opinion->use);
		put_bool(json, "inspected", opinion->inspected);
		if (opinion->agrees == PORCH_ANSWER_UNKNOWN)
			put_null(json, "agrees");
		else
			put_bool(json, "agrees", opinion->agrees == PORCH_ANSWER_YES);
		put_close(json, '}');
	}
	put_close(json, ']');
}

void
put_destination(struct json *json, const struct porch_destination *to)
{
	put_id(json, "id", 'r', to->id);
	put_id(json, "device", 'd', to->device);
	put_text(json, "name", to->name);
	put_text(json, "name_source", porch_name_source_word(to->name_source));
	put_texts(json, "candidates", &to->candidates);
	put_texts(json, "aliases", &to->aliases);
	put_texts(json, "addresses", &to->addresses);
	put_ports(json, &to->ports);
	put_texts(json, "transports", &to->transports);
	put_texts(json, "protocols", &to->protocols);
	put_opinions(json, to);
	put_texts(json, "risks", &to->risks);
	put_receiver(json, to);
	put_u64(json, "bytes_up", to->bytes_up);
	put_u64(json, "bytes_down", to->bytes_down);
	put_u64(json, "packets_up", to->packets_up);
	put_u64(json, "packets_down", to->packets_down);
	put_time(json, "first_seen", to->first_seen);
	put_time(json, "last_seen", to->last_seen);
	put_u64(json, "footage_bytes_up", to->footage_bytes_up);
	put_u64(json, "episodes", to->episodes);
	if (to->is_new == PORCH_ANSWER_UNKNOWN)
		put_null(json, "new");
	else
		put_bool(json, "new", to->is_new == PORCH_ANSWER_YES);
	put_u64(json, "folded", to->folded);
}

static void
put_verdict(struct json *json, const struct porch_episode *e)
{
	put_text(json, "shape", porch_shape_word(e->shape));
	put_text(json, "content", porch_content_word(e->content));
	put_open(json, "could_be", '[');
	for (size_t i = 0; i < e->could_be_count; i++)
		put_text(json, NULL, porch_content_word(e->could_be[i]));
	put_close(json, ']');
	put_text(json, "footage", porch_footage_word(e->footage));
	put_chance(json, "probability", e->probability);
	put_chance(json, "p_footage", e->p_footage);
	put_open(json, "probabilities", '{');
	for (enum porch_content c = 0; c < PORCH_CONTENT_BACKGROUND; c++)
		put_chance(json, porch_content_word(c), e->probabilities[c]);
	put_close(json, '}');
	put_likelihood(json, &e->likelihood);
	put_text(json, "evidence_strength", porch_strength_word(e->strength));
}

void
put_episode(struct json *json, const struct porch_episode *e)
{
	put_id(json, "id", 'e', e->id);
	put_id(json, "device", 'd', e->device);
	put_id(json, "destination", 'r', e->destination);
	put_u64(json, "input", e->input);
	put_verdict(json, e);
	put_time(json, "start", e->start);
	put_time(json, "end", e->end);
	put_seconds(json, "duration_s", porch_episode_duration(e));
	put_u64(json, "bytes_up", e->bytes_up);
	put_u64(json, "bytes_down", e->bytes_down);
	put_u64(json, "packets_up", e->packets_up);
	put_u64(json, "mean_kbps_up", e->mean_kbps_up);
	put_u64(json, "peak_kbps_up", e->peak_kbps_up);
	put_text(json, "transport", e->transport);
	if (e->live_view == PORCH_ANSWER_UNKNOWN)
		put_null(json, "live_view");
	else
		put_bool(json, "live_view", e->live_view == PORCH_ANSWER_YES);
	put_texts(json, "parts", &e->parts);
	put_id(json, "sequence", 'e', e->sequence);
	put_texts(json, "flows", &e->flows);
	put_evidence(json, &e->evidence);
	put_texts(json, "limits", &e->limits);
	put_bool(json, "open", e->open);
}

void
put_finding(struct json *json, const struct porch_finding *finding)
{
	put_text(json, "id", finding->id);
	put_text(json, "kind", finding->kind);
	put_id(json, "device", 'd', finding->device);
	put_text(json, "sentence", finding->sentence);
	put_likelihood(json, &finding->likelihood);
	put_text(json, "evidence_strength", porch_strength_word(finding->strength));
	put_evidence(json, &finding->evidence);
	put_text(json, "limit", finding->limit);
	put_text(json, "check", finding->check);
	put_open(json, "episodes", '[');
	for (size_t i = 0; i < finding->episode_count; i++)
		put_id(json, NULL, 'e', finding->episodes[i]);
	put_close(json, ']');
	put_open(json, "destinations", '[');
	for (size_t i = 0; i < finding->destination_count; i++)
		put_id(json, NULL, 'r', finding->destinations[i]);
	put_close(json, ']');
}

void
put_gap(struct json *json, const struct porch_gap *gap)
{
	put_time(json, "start", gap->start);
	put_time(json, "end", gap->end);
	put_text(json, "reason", gap->reason);
	put_bool(json, "worker", gap->worker);
}

void
put_summary(struct json *json, const struct porch_summary *summary)
{
	put_text(json, "verdict", summary->verdict);
	put_text(json, "advice", summary->advice);
	put_text(json, "answer", summary->answer);
	put_likelihood(json, &summary->likelihood);
	put_u64(json, "footage_bytes_up", summary->footage_bytes_up);
	put_u64(json, "footage_episodes", summary->footage_episodes);
	put_u64(json, "footage_expected", summary->expected);
	put_open(json, "footage_expected_range", '[');
	put_u64(json, NULL, summary->expected_low);
	put_u64(json, NULL, summary->expected_high);
	put_close(json, ']');
	put_seconds(json, "footage_s", summary->footage_us);
	put_u64(json, "cannot_tell_episodes", summary->cannot_tell_episodes);
	put_u64(json, "doorbells", summary->doorbells);
	put_u64(json, "devices", summary->devices);
	put_time(json, "first", summary->first);
	put_time(json, "last", summary->last);
	put_seconds(json, "watched_s", summary->watched_us);
	put_u64(json, "bytes_up", summary->bytes_up);
	put_u64(json, "tracker_bytes_up", summary->tracker_bytes_up);
	put_u64(json, "evidence_bytes_up", summary->evidence_bytes_up);
	put_u64(json, "unknown_bytes_up", summary->unknown_bytes_up);
	put_bool(json, "outside_view", summary->outside_view);
}

void
put_flow(struct json *json, const struct porch_flow *flow)
{
	put_text(json, "community_id", flow->community_id);
	put_u64(json, "input", flow->input);
	put_id(json, "device", 'd', flow->device);
	put_id(json, "destination", 'r', flow->destination);
	put_text(json, "originator", flow->originator);
	put_u64(json, "originator_port", flow->originator_port);
	put_text(json, "responder", flow->responder);
	put_u64(json, "responder_port", flow->responder_port);
	put_u64(json, "protocol", flow->protocol);
	put_u64(json, "originator_bytes", flow->originator_bytes);
	put_u64(json, "responder_bytes", flow->responder_bytes);
	put_u64(json, "originator_packets", flow->originator_packets);
	put_u64(json, "responder_packets", flow->responder_packets);
	put_time(json, "start", flow->start);
	put_time(json, "end", flow->end);
	put_text(json, "name", flow->name);
	put_text(json, "name_source", porch_name_source_word(flow->name_source));
	put_text(json, "ja4", flow->ja4);
	put_text(json, "alpn", flow->alpn);
	put_text(json, "application", flow->application);
	put_text(json, "ended", flow->ended);
}
