/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/dns.h"

#include "tests/parse/prefix.h"

#define SEEN_MAX 520

struct seen {
	struct dns_record record[SEEN_MAX];
	size_t count;
	size_t stop_at; /* 0: never */
};

static struct seen seen;
static struct dns_header header;

static bool
remember(const struct dns_record *record, void *user)
{
	struct seen *s = user;

	assert_true(s->count < SEEN_MAX);
	s->record[s->count++] = *record;
	return s->count != s->stop_at;
}

static enum parse_result
read_dns(const void *bytes, size_t size)
{
	seen = (struct seen){0};
	return dns_parse(cursor_over(bytes, size), &header, remember, &seen);
}

static enum parse_result
read_mdns(const void *bytes, size_t size)
{
	seen = (struct seen){0};
	return mdns_parse(cursor_over(bytes, size), &header, remember, &seen);
}

/* Front.Example.com is an alias of cdn.example.net, which has both kinds of address. */
static const uint8_t answer[] =
    "\x12\x34\x81\x80\0\1\0\3\0\0\0\0"
    "\x05"
    "Front\x07"
    "Example\x03"
    "com\0\0\1\0\1"
    "\xc0\x0c\0\5\0\1\0\0\1\x2c\0\x11\x03"
    "cdn\x07"
    "example\x03"
    "net\0"
    "\xc0\x2f\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\7"
    "\xc0\x2f\0\x1c\0\1\0\0\0\x3c\0\x10\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7";
#define ANSWER_SIZE (sizeof(answer) - 1)

static void
an_alias_and_its_addresses_are_told_in_order(void **state)
{
	struct addr v4 = addr_from_ipv4(192, 0, 2, 7), v6;

	(void)state;
	assert_true(addr_parse("2001:db8::7", &v6));
	assert_int_equal(read_dns(answer, ANSWER_SIZE), PARSE_OK);
	assert_int_equal(header.id, 0x1234);
	assert_true(header.response);
	assert_int_equal(seen.count, 4);
	assert_int_equal(seen.record[0].section, DNS_QUESTION);
	assert_string_equal(seen.record[1].owner, "front.example.com");
	assert_int_equal(seen.record[1].type, DNS_CNAME);
	assert_int_equal(seen.record[1].ttl, 300);
	assert_string_equal(seen.record[1].target, "cdn.example.net");
	assert_string_equal(seen.record[2].owner, "cdn.example.net");
	assert_true(addr_equal(&seen.record[2].addr, &v4));
	assert_true(addr_equal(&seen.record[3].addr, &v6));
}

static void
the_listener_may_stop_the_walk(void **state)
{
	(void)state;
	seen = (struct seen){.stop_at = 2};
	assert_int_equal(dns_parse(cursor_over(answer, ANSWER_SIZE), &header, remember, &seen),
	    PARSE_OK);
	assert_int_equal(seen.count, 2);
}

static void
check_prefix(struct cursor prefix)
{
	seen = (struct seen){0};
	assert_int_equal(dns_parse(prefix, &header, remember, &seen), PARSE_SHORT);
	assert_true(seen.count < 4);
	assert_int_equal(header.malformed, 0);
}

static void
a_message_cut_anywhere_is_short(void **state)
{
	(void)state;
	with_every_prefix(answer, ANSWER_SIZE, check_prefix);
}

static void
a_pointer_that_leads_forward_or_to_itself_is_refused_and_counted(void **state)
{
	static const uint8_t self[] = "\0\0\0\0\0\2\0\0\0\0\0\0"
	                              "\xc0\x0c\0\1\0\1"  /* to itself */
	                              "\xc0\x20\0\1\0\1"; /* past itself */

	(void)state;
	assert_int_equal(read_dns(self, sizeof(self) - 1), PARSE_OK);
	assert_int_equal(header.malformed, 2);
	assert_int_equal(seen.count, 0);
}

static void
a_label_that_jumps_back_to_its_own_start_is_refused(void **state)
{
	static const uint8_t loop[] = "\0\0\0\0\0\1\0\0\0\0\0\0\x01"
	                              "a\xc0\x0c\0\1\0\1";

	(void)state;
	assert_int_equal(read_dns(loop, sizeof(loop) - 1), PARSE_OK);
	assert_int_equal(header.malformed, 1);
}

/* A chain of n pointers, each to the one before, in n questions; the first is a root. */
static enum parse_result
read_chain(unsigned n)
{
	uint8_t message[12 + 64 * 6] = {0};

	message[5] = (uint8_t)(n + 1);
	message[12 + 2] = 1;
	message[12 + 4] = 1; /* the root's question is 5 bytes */
	for (unsigned i = 0; i < n; i++) {
		uint8_t *at = message + 17 + i * 6;

		at[0] = 0xc0;
		at[1] = (uint8_t)(i == 0 ? 12 : 17 + (i - 1) * 6);
		at[3] = 1;
		at[5] = 1;
	}
	return read_dns(message, 17 + n * 6);
}

static void
sixteen_jumps_are_followed_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(read_chain(16), PARSE_OK);
	assert_int_equal(header.malformed, 0);
	assert_int_equal(read_chain(18), PARSE_OK);
	assert_int_equal(header.malformed, 2);
}

static void
a_name_with_a_dot_or_a_control_byte_in_a_label_is_passed_over(void **state)
{
	static const uint8_t names[] = "\0\0\0\0\0\3\0\0\0\0\0\0"
	                               "\x03"
	                               "a.b\0\0\1\0\1"
	                               "\x03"
	                               "a\nb\0\0\1\0\1"
	                               "\x03"
	                               "a-b\0\0\1\0\1";

	(void)state;
	assert_int_equal(read_dns(names, sizeof(names) - 1), PARSE_OK);
	assert_int_equal(header.malformed, 2);
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.record[0].owner, "a-b");
}

static void
a_name_over_253_characters_is_passed_over(void **state)
{
	uint8_t message[512] = {0};
	size_t at = 12;

	(void)state;
	message[5] = 1;
	for (int label = 0; label < 4; label++) {
		message[at++] = 63;
		memset(message + at, 'x', 63);
		at += 63;
	}
	at += 1; /* the root */
	message[at + 1] = 1;
	message[at + 3] = 1;
	assert_int_equal(read_dns(message, at + 4), PARSE_OK);
	assert_int_equal(header.malformed, 1);
}

static void
an_address_of_the_wrong_size_is_passed_over(void **state)
{
	static const uint8_t bad[] = "\0\0\x80\0\0\0\0\2\0\0\0\0"
	                             "\1a\0\0\1\0\1\0\0\0\1\0\3\xc0\0\2"
	                             "\1b\0\0\1\0\1\0\0\0\1\0\4\xc0\0\2\1";

	(void)state;
	assert_int_equal(read_dns(bad, sizeof(bad) - 1), PARSE_OK);
	assert_int_equal(header.malformed, 1);
	assert_string_equal(seen.record[0].owner, "b");
}

static void
the_target_of_an_https_record_is_read_behind_its_priority(void **state)
{
	static const uint8_t https[] = "\0\0\x80\0\0\0\0\1\0\0\0\0"
	                               "\1a\0\0\x41\0\1\0\0\0\1\0\x0c\0\1\3svc\xc0\x0c\0\1\0\0";

	(void)state;
	assert_int_equal(read_dns(https, sizeof(https) - 1), PARSE_OK);
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.record[0].target, "svc.a");
}

static void
a_label_of_an_unknown_kind_ends_the_walk(void **state)
{
	static const uint8_t odd[] = "\0\0\0\0\0\1\0\0\0\0\0\0\x41"
	                             "a\0\0\1\0\1";

	(void)state;
	assert_int_equal(read_dns(odd, sizeof(odd) - 1), PARSE_MALFORMED);
}

static void
counts_that_no_message_can_hold_are_no_dns(void **state)
{
	static const uint8_t noise[] = "\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff";
	static const uint8_t opcode[] = "\0\0\x78\0\0\0\0\0\0\0\0\0";

	(void)state;
	assert_int_equal(read_dns(noise, sizeof(noise) - 1), PARSE_OTHER);
	assert_int_equal(read_dns(opcode, sizeof(opcode) - 1), PARSE_OTHER);
}

static void
at_most_512_records_are_told(void **state)
{
	uint8_t message[12 + 600 * 5] = {0};

	(void)state;
	message[4] = 600 >> 8;
	message[5] = 600 & 0xff;
	assert_int_equal(read_dns(message, sizeof(message)), PARSE_OK);
	assert_int_equal(seen.count, 512);
}

/* "Front Door \xc3\xbc v1.2" offers RTSP on cam.local, port 554. */
static const uint8_t service[] = "\0\0\x84\0\0\0\0\1\0\0\0\0"
                                 "\x12"
                                 "Front Door \xc3\xbc v1.2\x05_rtsp\x04_tcp\x05local\0"
                                 "\0\x21\x80\1\0\0\0\x78\0\x0c\0\0\0\0\2\x2a\x03"
                                 "Cam\xc0\x2a";
#define SERVICE_SIZE (sizeof(service) - 1)

static void
multicast_names_keep_spaces_and_escape_dots(void **state)
{
	(void)state;
	assert_int_equal(read_mdns(service, SERVICE_SIZE), PARSE_OK);
	assert_int_equal(seen.count, 1);
	assert_string_equal(seen.record[0].owner, "front door \xc3\xbc v1\\.2._rtsp._tcp.local");
	assert_string_equal(seen.record[0].target, "cam.local");
	assert_int_equal(seen.record[0].port, 554);
}

static void
the_cache_flush_bit_is_no_part_of_the_class(void **state)
{
	(void)state;
	assert_int_equal(read_mdns(service, SERVICE_SIZE), PARSE_OK);
	assert_int_equal(seen.record[0].class, 0x8001);
	assert_int_equal(dns_class(&seen.record[0]), DNS_CLASS_IN);
}

static void
such_names_are_none_in_unicast_dns(void **state)
{
	(void)state;
	assert_int_equal(read_dns(service, SERVICE_SIZE), PARSE_OK);
	assert_int_equal(header.malformed, 1);
}

static void
over_tcp_each_message_has_its_length_before_it(void **state)
{
	uint8_t stream[2 * (2 + ANSWER_SIZE)] = {0};
	struct cursor c = cursor_over(stream, sizeof(stream)), message;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		stream[i * (2 + ANSWER_SIZE)] = 0;
		stream[i * (2 + ANSWER_SIZE) + 1] = ANSWER_SIZE;
		memcpy(stream + i * (2 + ANSWER_SIZE) + 2, answer, ANSWER_SIZE);
	}
	assert_int_equal(dns_tcp_next(&c, &message), PARSE_OK);
	assert_int_equal(dns_tcp_next(&c, &message), PARSE_OK);
	assert_int_equal(cursor_left(&message), ANSWER_SIZE);
	assert_int_equal(dns_tcp_next(&c, &message), PARSE_SHORT);
	seen = (struct seen){0};
	assert_int_equal(dns_tcp_parse(cursor_over(stream, sizeof(stream)), &header, remember,
	                     &seen),
	    PARSE_OK);
	assert_int_equal(seen.count, 4);
	assert_int_equal(dns_tcp_parse(cursor_over(stream, ANSWER_SIZE), &header, remember, &seen),
	    PARSE_SHORT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_alias_and_its_addresses_are_told_in_order),
	    cmocka_unit_test(the_listener_may_stop_the_walk),
	    cmocka_unit_test(a_message_cut_anywhere_is_short),
	    cmocka_unit_test(a_pointer_that_leads_forward_or_to_itself_is_refused_and_counted),
	    cmocka_unit_test(a_label_that_jumps_back_to_its_own_start_is_refused),
	    cmocka_unit_test(sixteen_jumps_are_followed_and_no_more),
	    cmocka_unit_test(a_name_with_a_dot_or_a_control_byte_in_a_label_is_passed_over),
	    cmocka_unit_test(a_name_over_253_characters_is_passed_over),
	    cmocka_unit_test(an_address_of_the_wrong_size_is_passed_over),
	    cmocka_unit_test(the_target_of_an_https_record_is_read_behind_its_priority),
	    cmocka_unit_test(a_label_of_an_unknown_kind_ends_the_walk),
	    cmocka_unit_test(counts_that_no_message_can_hold_are_no_dns),
	    cmocka_unit_test(at_most_512_records_are_told),
	    cmocka_unit_test(multicast_names_keep_spaces_and_escape_dots),
	    cmocka_unit_test(the_cache_flush_bit_is_no_part_of_the_class),
	    cmocka_unit_test(such_names_are_none_in_unicast_dns),
	    cmocka_unit_test(over_tcp_each_message_has_its_length_before_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
