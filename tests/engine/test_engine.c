/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include "tests/engine/home.h"

static void
a_packet_counts_its_ip_bytes_up_and_down(void **state)
{
	struct home *h = home_new(NULL);
	const struct destination *d;
	struct sent s = from_bell(100, MORNING);

	(void)state;
	see(h, &s);
	s = answer(s, 30, MORNING + 1000);
	see(h, &s);
	d = only_destination(finish(h));
	assert_int_equal(d->up.bytes, 128);
	assert_int_equal(d->down.bytes, 58);
	assert_int_equal(d->up.packets, 1);
	assert_int_equal(d->down.packets, 1);
	assert_false(d->local);
	home_free(h);
}

static void
an_upload_is_an_episode_of_the_devices_own_id(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r;
	struct track_episode e;
	struct mac mac;

	(void)state;
	for (int64_t t = 0; t < 5 * SECOND; t += 20000) {
		struct sent s = from_bell(1200, MORNING + t);

		see(h, &s);
	}
	r = finish(h);
	assert_true(mac_parse(BELL, &mac));
	assert_int_equal(r->episode_count, 1);
	e = episode_at(r, 0);
	assert_true(mac_equal(&e.device.mac, &mac));
	assert_int_equal(episode_at(r, 0).sums.bytes_up, 250 * 1228);
	assert_int_equal(episode_at(r, 0).start, MORNING);
	assert_int_equal(episode_at(r, 0).end, MORNING + 249 * 20000);
	assert_true(episode_at(r, 0).open);
	home_free(h);
}

static void
a_public_address_that_its_mac_claimed_is_inside(void **state)
{
	struct home *h = home_new(NULL);
	struct sent s = from_bell(100, MORNING + SECOND);
	const struct destination *d;
	struct made m;

	(void)state;
	s.from = "198.18.0.10"; /* public, and no documentation range: those are never claimed */
	engine_frame(h->engine, &make_arp(&m, BELL, s.from, MORNING)->frame);
	see(h, &s);
	d = only_destination(finish(h));
	assert_int_equal(d->up.bytes, 128);
	assert_int_equal(h->result.counters.undirected, 0);
	home_free(h);
}

static void
a_flow_with_two_public_ends_and_no_claim_is_undirected(void **state)
{
	struct home *h = home_new(NULL);
	struct sent s = from_bell(100, MORNING);
	const struct engine_result *r;

	(void)state;
	s.from = "203.0.113.9";
	see(h, &s);
	r = finish(h);
	assert_int_equal(r->counters.undirected, 1);
	assert_int_equal(r->counters.undirected_bytes, 128);
	assert_int_equal(table_count(r->destinations), 0);
	assert_false(r->seen_inside);
	home_free(h);
}

/* The frame within a TZSP packet from the router, as RouterOS' sniffer streams it. */
static void
see_mirrored(struct home *h, const struct sent *inner, const char *to)
{
	uint8_t payload[400] = {1, 0, 0, 1, 1}; /* received, Ethernet, end of tags */
	struct sent outer = {.from_mac = GATEWAY,
	    .to_mac = PHONE,
	    .from = "192.168.1.1",
	    .to = to,
	    .from_port = 40000,
	    .to_port = 37008,
	    .payload = payload,
	    .time = inner->time};
	struct made m;

	make_packet(&m, inner);
	assert_true(m.frame.captured + 5 <= sizeof(payload));
	memcpy(payload + 5, m.bytes, m.frame.captured);
	outer.payload_bytes = (uint16_t)(5 + m.frame.captured);
	see(h, &outer);
}

static void
a_mirror_to_this_host_counts_what_is_inside(void **state)
{
	struct home *h = home_new(NULL);
	struct addr hosts[] = {addr_from_ipv4(10, 0, 0, 1), addr_from_ipv4(192, 168, 1, 30)};
	struct sent s = from_bell(100, MORNING);
	const struct destination *d;

	(void)state;
	engine_capture_hosts(h->engine, hosts, 2);
	see_mirrored(h, &s, "192.168.1.30");
	s = answer(s, 30, MORNING + 1000);
	see_mirrored(h, &s, "192.168.1.30");
	d = only_destination(finish(h));
	assert_int_equal(d->up.bytes, 128);
	assert_int_equal(d->down.bytes, 58);
	assert_false(d->local);
	home_free(h);
}

static void
a_mirror_to_another_host_counts_as_it_was_sent(void **state)
{
	struct home *h = home_new(NULL);
	struct addr host = addr_from_ipv4(192, 168, 1, 30);
	struct sent s = from_bell(100, MORNING);
	const struct engine_result *r;

	(void)state;
	engine_capture_hosts(h->engine, &host, 1);
	see_mirrored(h, &s, "192.168.1.31");
	r = finish(h);
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d))
		assert_true(d->local);
	assert_int_equal(table_count(r->destinations), 2);
	home_free(h);
}

static void
peers_at_home_are_receivers_of_each_other(void **state)
{
	struct home *h = home_new(NULL);
	struct sent s = from_bell(100, MORNING);
	const struct engine_result *r;

	(void)state;
	s.to = "192.168.1.30";
	s.to_mac = PHONE;
	see(h, &s);
	r = finish(h);
	assert_int_equal(table_count(r->destinations), 2);
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d))
		assert_true(d->local);
	home_free(h);
}

/* What a repeater does: two devices whose frames carry its MAC. */
static void
alternate(struct home *h, int64_t apart)
{
	static const char *const addr[] = {"192.168.1.20", "192.168.1.21"};

	for (int i = 0; i < 4; i++) {
		struct sent s = from_bell(100, MORNING + i * apart);

		s.from = addr[i % 2];
		s.from_port = (uint16_t)(40000 + i % 2);
		see(h, &s);
	}
}

static void
a_mac_whose_addresses_alternate_is_several_devices(void **state)
{
	struct home *h = home_new(NULL);
	struct mac mac;

	(void)state;
	alternate(h, SECOND);
	finish(h);
	assert_true(mac_parse(BELL, &mac));
	assert_true(splits_has(h->result.splits, &mac));
	home_free(h);
}

static void
a_mac_whose_address_changed_slowly_is_one_device(void **state)
{
	struct home *h = home_new(NULL);
	struct mac mac;

	(void)state;
	alternate(h, 61 * SECOND);
	finish(h);
	assert_true(mac_parse(BELL, &mac));
	assert_false(splits_has(h->result.splits, &mac));
	home_free(h);
}

static const struct engine_result *
with_clock(struct home *h, const int64_t *seconds, size_t count)
{
	const struct engine_result *r;

	for (size_t i = 0; i < count; i++) {
		struct sent s = from_bell(1400, MORNING + seconds[i] * SECOND);

		see(h, &s);
	}
	r = finish(h);
	for (size_t i = 0; i < r->gap_count; i++)
		assert_true(r->gaps[i].end >= r->gaps[i].start);
	for (size_t i = 0; i < r->episode_count; i++)
		assert_true(episode_at(r, i).end >= episode_at(r, i).start);
	assert_int_equal(bytes_of(r), count * 1428);
	return r;
}

static void
a_clock_that_steps_back_is_a_gap_and_no_negative_duration(void **state)
{
	static const int64_t seconds[] = {100, 101, 10, 11, 12};
	struct home *h = home_new(NULL);
	const struct engine_result *r = with_clock(h, seconds, 5);

	(void)state;
	assert_int_equal(r->counters.clock_steps, 1);
	assert_int_equal(r->gap_count, 1);
	assert_string_equal(r->gaps[0].reason, "clock stepped back");
	assert_int_equal(r->watched_us, 3 * SECOND);
	assert_int_equal(r->first, MORNING + 10 * SECOND);
	assert_int_equal(r->last, MORNING + 101 * SECOND);
	home_free(h);
}

/* The name of that receiver is still waited for when the clock steps. */
static void
what_waited_before_a_step_does_not_hold_the_time_after_it(void **state)
{
	struct home *h = home_new(NULL);
	struct sent before = from_bell(700, MORNING + 100 * SECOND);
	const struct engine_result *r;

	(void)state;
	see(h, &before);
	for (int i = 0; i < 40; i++) {
		struct sent after = from_bell(1400, MORNING + 10 * SECOND + i * SECOND / 10);

		see(h, &after);
	}
	r = finish(h);
	assert_int_equal(r->episode_count, 1);
	assert_int_equal(episode_at(r, 0).start, MORNING + 10 * SECOND);
	assert_int_equal(episode_at(r, 0).end, MORNING + 139 * SECOND / 10);
	home_free(h);
}

static void
more_than_a_week_forward_is_a_clock_that_was_set(void **state)
{
	static const int64_t seconds[] = {0, 1, 700000, 700001};
	struct home *h = home_new(NULL);
	const struct engine_result *r = with_clock(h, seconds, 4);

	(void)state;
	assert_int_equal(r->counters.clock_steps, 1);
	assert_string_equal(r->gaps[0].reason, "clock stepped forward");
	assert_int_equal(r->watched_us, 2 * SECOND);
	home_free(h);
}

static void
silence_of_hours_is_no_gap(void **state)
{
	static const int64_t seconds[] = {0, 7200, 90000};
	struct home *h = home_new(NULL);
	const struct engine_result *r = with_clock(h, seconds, 3);

	(void)state;
	assert_int_equal(r->counters.clock_steps, 0);
	assert_int_equal(r->gap_count, 0);
	assert_int_equal(r->watched_us, 90000 * SECOND);
	home_free(h);
}

static void
frames_a_little_late_do_not_watch_the_same_time_twice(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct sent s = from_bell(10, MORNING + i * 10000 - (i % 2) * 900000);

		see(h, &s);
	}
	r = finish(h);
	assert_int_equal(r->counters.clock_steps, 0);
	assert_int_equal(r->watched_us, 98 * 10000);
	home_free(h);
}

static const struct engine_result *
every_frame_twice(struct home *h)
{
	for (int i = 0; i < 10; i++) {
		struct sent s = from_bell(100, MORNING + i * SECOND);
		struct made m;

		make_packet(&m, &s);
		engine_frame(h->engine, &m.frame);
		m.frame.time += 40;
		m.frame.interface = 1;
		engine_frame(h->engine, &m.frame);
	}
	return finish(h);
}

static void
exact_duplicates_count_and_are_told(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r = every_frame_twice(h);

	(void)state;
	assert_int_equal(r->counters.duplicates, 10);
	assert_int_equal(r->counters.deduplicated, 0);
	assert_int_equal(bytes_of(r), 20 * 128);
	home_free(h);
}

static void
exact_duplicates_are_dropped_on_demand(void **state)
{
	struct engine_setup setup = {.dedup = true};
	struct home *h = home_new(&setup);
	const struct engine_result *r = every_frame_twice(h);

	(void)state;
	assert_int_equal(r->counters.duplicates, 10);
	assert_int_equal(r->counters.deduplicated, 10);
	assert_int_equal(bytes_of(r), 10 * 128);
	home_free(h);
}

static void
a_long_one_way_start_is_never_told_as_the_other_way(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r;

	(void)state;
	for (int i = 0; i < 120; i++) { /* nothing but headers: the name does not settle */
		struct sent s = from_bell(0, MORNING + i * 1000);

		see(h, &s);
	}
	for (int i = 0; i < 20; i++) {
		struct sent s = answer(from_bell(0, 0), 1400, MORNING + SECOND + i * 1000);

		see(h, &s);
	}
	r = finish(h);
	assert_int_equal(only_destination(r)->up.bytes, 120 * 28);
	assert_int_equal(r->episode_count, 0);
	home_free(h);
}

static void
a_stream_that_waits_for_a_name_keeps_its_pace(void **state)
{
	struct home *h = home_new(NULL);
	struct sent s = answer(from_bell(0, 0), 20, MORNING);
	const struct engine_result *r;

	(void)state;
	see(h, &s); /* the viewer spoke first, and says little: no name for 10 s */
	for (int i = 0; i < 1500; i++) {
		s = from_bell(1200, MORNING + 1 + i * 10000);
		see(h, &s);
	}
	r = finish(h);
	assert_int_equal(r->episode_count, 1);
	assert_int_equal(episode_at(r, 0).sums.bytes_up, 1500 * 1228);
	assert_int_equal(episode_at(r, 0).sums.packets_up, 1500);
	assert_int_equal(episode_at(r, 0).sums.bins_up, 60);
	assert_int_equal(episode_at(r, 0).sums.bursts, 1);
	home_free(h);
}

struct followed {
	unsigned told;
	uint64_t id;
	enum porch_footage footage;
};

static void
followed_one(const struct porch_episode *episode, const struct porch_destination *to, void *user)
{
	struct followed *f = user;

	assert_true(episode->open && episode->destination == to->id);
	f->told++;
	f->id = episode->id;
	f->footage = episode->footage;
}

/* A user's own doorbell streams; its address has no name, which takes 16 packets to know. */
static void
an_episode_is_known_while_it_goes_on_and_keeps_its_id(void **state)
{
	static const char *const named[] = {BELL};
	struct engine_setup setup = {.follow = true, .named = named, .named_count = 1};
	struct home *h = home_new(&setup);
	struct followed followed = {0};
	const struct engine_result *r;

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct sent s =
		    from_bell((uint16_t)(i % 6 == 5 ? 300 : 1200), MORNING + i / 6 * 66667);

		see(h, &s);
	}
	engine_open_episodes(h->engine, followed_one, &followed);
	assert_int_equal(followed.told, 1);
	assert_int_equal(followed.footage, PORCH_FOOTAGE_YES);
	r = finish(h);
	assert_int_equal(r->episode_count, 1);
	assert_true(episode_at(r, 0).id == followed.id);
	assert_in_range(episode_at(r, 0).known - episode_at(r, 0).start, SECOND / 4, 2 * SECOND);
	home_free(h);
}

/* The bell says its name by mDNS (port 5353) or asks for an address by DHCP (port 68). */
static void
say(struct home *h, uint16_t port, const char *to, const void *bytes, uint16_t size, int64_t time)
{
	struct sent s = from_bell(size, time);

	s.to = to;
	s.from_port = port;
	s.to_port = port == 68 ? 67 : port;
	s.payload = bytes;
	see(h, &s);
}

static void
the_name_a_device_gave_by_dhcp_outranks_the_one_by_mdns(void **state)
{
	static const uint8_t mdns[] = "\0\0\x84\0\0\0\0\1\0\0\0\0\x04"
	                              "door\5local\0\0\1\x80\1\0\0\0\x78\0\4\xc0\xa8\1\x14";
	uint8_t dhcp[240 + 16] = {1, 1, 6};
	struct home *h = home_new(NULL);
	const struct device *bell;

	(void)state;
	memcpy(dhcp + 236,
	    "\x63\x82\x53\x63\x35\1\3\x0c\x0a"
	    "front-door",
	    19);
	dhcp[255] = 255;
	say(h, 5353, "224.0.0.251", mdns, sizeof(mdns) - 1, MORNING);
	say(h, 68, "192.168.1.1", dhcp, sizeof(dhcp), MORNING + SECOND);
	say(h, 5353, "224.0.0.251", mdns, sizeof(mdns) - 1, MORNING + 2 * SECOND);
	bell = table_first(finish(h)->devices);
	while (bell && strcmp(bell->hostname, "front-door") != 0)
		bell = table_next(h->result.devices, bell);
	assert_non_null(bell);
	home_free(h);
}

static void
what_is_no_packet_is_undecoded(void **state)
{
	struct home *h = home_new(NULL);
	struct made m;

	(void)state;
	engine_frame(h->engine, &begin_frame(&m, 9, MORNING)->frame);
	engine_filtered(h->engine);
	engine_dropped(h->engine, 5);
	finish(h);
	assert_int_equal(h->result.counters.received, 7);
	assert_int_equal(h->result.counters.undecoded, 1);
	assert_int_equal(h->result.counters.filtered, 1);
	assert_int_equal(h->result.counters.dropped, 5);
	home_free(h);
}

static void
no_frames_are_an_empty_result(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r = finish(h);

	(void)state;
	assert_true(r->first == PORCH_NO_TIME && r->last == PORCH_NO_TIME);
	assert_int_equal(r->watched_us, 0);
	assert_int_equal(r->episode_count, 0);
	home_free(h);
}

static void
rules_without_a_number_it_needs_make_no_engine(void **state)
{
	struct porch_error error = {.offset = 0};
	struct porch_rules *none = porch_rules_load(NULL, 0, &error);
	struct engine_setup setup = {.rules = none};

	(void)state;
	assert_non_null(none);
	assert_null(engine_new(&setup, &error));
	assert_string_equal(error.where, "episode.bin_us");
	assert_true(error.text[0] != '\0');
	porch_rules_free(none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_packet_counts_its_ip_bytes_up_and_down),
	    cmocka_unit_test(an_upload_is_an_episode_of_the_devices_own_id),
	    cmocka_unit_test(a_public_address_that_its_mac_claimed_is_inside),
	    cmocka_unit_test(a_flow_with_two_public_ends_and_no_claim_is_undirected),
	    cmocka_unit_test(a_mirror_to_this_host_counts_what_is_inside),
	    cmocka_unit_test(a_mirror_to_another_host_counts_as_it_was_sent),
	    cmocka_unit_test(peers_at_home_are_receivers_of_each_other),
	    cmocka_unit_test(a_mac_whose_addresses_alternate_is_several_devices),
	    cmocka_unit_test(a_mac_whose_address_changed_slowly_is_one_device),
	    cmocka_unit_test(a_clock_that_steps_back_is_a_gap_and_no_negative_duration),
	    cmocka_unit_test(what_waited_before_a_step_does_not_hold_the_time_after_it),
	    cmocka_unit_test(more_than_a_week_forward_is_a_clock_that_was_set),
	    cmocka_unit_test(silence_of_hours_is_no_gap),
	    cmocka_unit_test(frames_a_little_late_do_not_watch_the_same_time_twice),
	    cmocka_unit_test(exact_duplicates_count_and_are_told),
	    cmocka_unit_test(exact_duplicates_are_dropped_on_demand),
	    cmocka_unit_test(a_long_one_way_start_is_never_told_as_the_other_way),
	    cmocka_unit_test(an_episode_is_known_while_it_goes_on_and_keeps_its_id),
	    cmocka_unit_test(a_stream_that_waits_for_a_name_keeps_its_pace),
	    cmocka_unit_test(the_name_a_device_gave_by_dhcp_outranks_the_one_by_mdns),
	    cmocka_unit_test(what_is_no_packet_is_undecoded),
	    cmocka_unit_test(no_frames_are_an_empty_result),
	    cmocka_unit_test(rules_without_a_number_it_needs_make_no_engine),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
