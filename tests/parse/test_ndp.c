/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/ndp.h"

#include "tests/parse/frames.h"

#define LINK_LOCAL "fe800000000000000000000000000001"
#define ALL_NODES  "ff020000000000000000000000000001"
#define PREFIX                                                                                     \
	"0304"                                                                                     \
	"40c0"                                                                                     \
	"00000e10"                                                                                 \
	"00000708"                                                                                 \
	"00000000"                                                                                 \
	"20010db8000100000000000000000000"
#define HEADER(length, source) "60000000" length "3aff" source ALL_NODES

/* Lifetime 1800 s, the router's MAC, one prefix. */
#define ADVERTISEMENT                                                                              \
	HEADER("0038", LINK_LOCAL)                                                                 \
	"86000000"                                                                                 \
	"40000708"                                                                                 \
	"0000000000000000"                                                                         \
	"0101" FROM PREFIX

#define TARGET "20010db8000100000000000000000009"
#define PROBE                                                                                      \
	HEADER("0018", "00000000000000000000000000000000")                                         \
	"87000000"                                                                                 \
	"00000000" TARGET
#define ANSWER                                                                                     \
	HEADER("0020", LINK_LOCAL)                                                                 \
	"88000000"                                                                                 \
	"60000000" TARGET "0201" FROM

static enum parse_result
read_ndp(const char *hex, struct ndp *ndp)
{
	struct packet packet = parse(229, hex);

	return ndp_parse(&packet, ndp);
}

static void
a_router_advertisement_tells_its_prefixes(void **state)
{
	struct ndp ndp;

	(void)state;
	assert_int_equal(read_ndp(ADVERTISEMENT, &ndp), PARSE_OK);
	assert_int_equal(ndp.kind, NDP_ROUTER_ADVERTISEMENT);
	assert_int_equal(ndp.router_lifetime, 1800);
	assert_true(ndp.has_link_layer);
	assert_mac(&ndp.link_layer, "02:00:00:00:00:01");
	assert_int_equal(ndp.prefix_count, 1);
	assert_addr(&ndp.prefixes[0].prefix.addr, "2001:db8:1::");
	assert_int_equal(ndp.prefixes[0].prefix.length, 64);
	assert_true(ndp.prefixes[0].on_link && ndp.prefixes[0].autonomous);
	assert_int_equal(ndp.prefixes[0].valid_lifetime, 3600);
	assert_int_equal(ndp.prefixes[0].preferred_lifetime, 1800);
}

static void
a_solicitation_from_nowhere_is_a_probe(void **state)
{
	struct ndp ndp;

	(void)state;
	assert_int_equal(read_ndp(PROBE, &ndp), PARSE_OK);
	assert_int_equal(ndp.kind, NDP_SOLICITATION);
	assert_true(ndp.probe);
	assert_addr(&ndp.target, "2001:db8:1::9");
}

static void
an_advertisement_tells_the_target_s_mac(void **state)
{
	struct ndp ndp;

	(void)state;
	assert_int_equal(read_ndp(ANSWER, &ndp), PARSE_OK);
	assert_int_equal(ndp.kind, NDP_ADVERTISEMENT);
	assert_false(ndp.probe);
	assert_addr(&ndp.target, "2001:db8:1::9");
	assert_mac(&ndp.link_layer, "02:00:00:00:00:01");
}

static void
what_a_router_passed_on_is_other(void **state)
{
	struct packet packet = parse(229, ADVERTISEMENT);
	struct ndp ndp;

	(void)state;
	packet.hop_limit = 254;
	assert_int_equal(ndp_parse(&packet, &ndp), PARSE_OTHER);
	packet = parse(101, IP4);
	assert_int_equal(ndp_parse(&packet, &ndp), PARSE_OTHER);
}

static void
a_router_with_a_global_source_is_malformed(void **state)
{
	struct ndp ndp;

	(void)state;
	assert_int_equal(read_ndp(HEADER("0010", TARGET) "86000000"
	                                                 "40000708"
	                                                 "0000000000000000",
	                     &ndp),
	    PARSE_MALFORMED);
}

static void
an_option_of_no_length_is_malformed(void **state)
{
	struct ndp ndp;

	(void)state;
	assert_int_equal(read_ndp(HEADER("0018", LINK_LOCAL) "86000000"
	                                                     "40000708"
	                                                     "0000000000000000"
	                                                     "0100" FROM,
	                     &ndp),
	    PARSE_MALFORMED);
}

static void
more_prefixes_than_fit_are_passed_over(void **state)
{
	char hex[2 * BYTES_MAX] = HEADER("0150", LINK_LOCAL) "86000000"
	                                                     "40000708"
	                                                     "0000000000000000";
	struct ndp ndp;

	(void)state;
	for (int i = 0; i < 10; i++)
		strcat(hex, PREFIX);
	assert_int_equal(read_ndp(hex, &ndp), PARSE_OK);
	assert_int_equal(ndp.prefix_count, NDP_PREFIXES);
}

static void
a_cut_message_is_short_or_ends_between_options(void **state)
{
	static const char *const samples[] = {ADVERTISEMENT, PROBE, ANSWER};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct packet packet = parse(229, samples[i]);
		size_t length = cursor_left(&packet.payload);
		size_t fixed = i == 0 ? 12 : 20;
		const uint8_t *bytes = cursor_take(&packet.payload, length);

		for (size_t cut = 0; cut < length; cut++) {
			uint8_t *copy = malloc(cut ? cut : 1);
			bool whole = cut == fixed || (cut > fixed && cut - fixed == 8);
			struct ndp ndp;

			assert_non_null(copy);
			memcpy(copy, bytes, cut);
			packet.payload = cursor_over(copy, cut);
			assert_int_equal(ndp_parse(&packet, &ndp), whole ? PARSE_OK : PARSE_SHORT);
			free(copy);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_router_advertisement_tells_its_prefixes),
	    cmocka_unit_test(a_solicitation_from_nowhere_is_a_probe),
	    cmocka_unit_test(an_advertisement_tells_the_target_s_mac),
	    cmocka_unit_test(what_a_router_passed_on_is_other),
	    cmocka_unit_test(a_router_with_a_global_source_is_malformed),
	    cmocka_unit_test(an_option_of_no_length_is_malformed),
	    cmocka_unit_test(more_prefixes_than_fit_are_passed_over),
	    cmocka_unit_test(a_cut_message_is_short_or_ends_between_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
