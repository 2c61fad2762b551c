/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/dhcp.h"

#include "tests/parse/prefix.h"

#define FIXED_SIZE 240 /* up to and with the cookie */
#define SNAME_AT   44
#define FILE_AT    108

struct message {
	uint8_t bytes[512];
	size_t size;
};

static struct dhcp dhcp;

/* A message from 02:00:00:00:00:01, with transaction 0x01020304 and no options. */
static struct message
begin(uint8_t op)
{
	static const uint8_t mac[] = {2, 0, 0, 0, 0, 1};
	struct message m = {.size = FIXED_SIZE};

	m.bytes[0] = op;
	m.bytes[1] = 1;
	m.bytes[2] = 6;
	memcpy(m.bytes + 4, "\1\2\3\4", 4);
	memcpy(m.bytes + 28, mac, sizeof(mac));
	memcpy(m.bytes + 236, "\x63\x82\x53\x63", 4);
	return m;
}

static void
add(struct message *m, uint8_t code, const char *value, uint8_t size)
{
	m->bytes[m->size++] = code;
	m->bytes[m->size++] = size;
	memcpy(m->bytes + m->size, value, size);
	m->size += size;
}

static enum parse_result
parse(struct message *m)
{
	m->bytes[m->size++] = 255;
	return dhcp_parse(cursor_over(m->bytes, m->size), &dhcp);
}

static struct message
request(void)
{
	struct message m = begin(1);

	add(&m, 53, "\3", 1);
	add(&m, 50, "\xc0\0\2\x14", 4);
	add(&m, 12, "front-door", 10);
	add(&m, 60, "udhcp 1.2", 9);
	add(&m, 55, "\1\3\6", 3);
	return m;
}

static void
a_request_tells_who_asks(void **state)
{
	struct message m = request();
	struct addr wanted = addr_from_ipv4(192, 0, 2, 20);
	struct mac mac = {{2, 0, 0, 0, 0, 1}};

	(void)state;
	assert_int_equal(parse(&m), PARSE_OK);
	assert_false(dhcp.reply);
	assert_int_equal(dhcp.type, DHCP_REQUEST);
	assert_int_equal(dhcp.xid, 0x01020304);
	assert_true(dhcp.has_mac);
	assert_true(mac_equal(&dhcp.mac, &mac));
	assert_true(addr_equal(&dhcp.requested, &wanted));
	assert_text(dhcp.host_name, "front-door");
	assert_text(dhcp.vendor_class, "udhcp 1.2");
	assert_text(dhcp.parameters, "\1\3\6");
	assert_int_equal(dhcp.client.family, 0);
}

static void
check_prefix(struct cursor prefix)
{
	assert_int_equal(dhcp_parse(prefix, &dhcp), PARSE_SHORT);
}

static void
a_message_cut_anywhere_is_short(void **state)
{
	struct message m = request();

	(void)state;
	m.bytes[m.size++] = 255;
	with_every_prefix(m.bytes, m.size, check_prefix);
}

static void
an_acknowledgement_tells_the_network(void **state)
{
	struct message m = begin(2);
	struct addr yours = addr_from_ipv4(192, 0, 2, 20), router = addr_from_ipv4(192, 0, 2, 1);

	(void)state;
	memcpy(m.bytes + 16, "\xc0\0\2\x14", 4);
	add(&m, 53, "\5", 1);
	add(&m, 1, "\xff\xff\xff\xc0", 4);
	add(&m, 3, "\xc0\0\2\1\xc0\0\2\2", 8);
	add(&m, 54, "\xc0\0\2\1", 4);
	add(&m, 51, "\0\1\x51\x80", 4);
	assert_int_equal(parse(&m), PARSE_OK);
	assert_true(dhcp.reply);
	assert_int_equal(dhcp.type, DHCP_ACK);
	assert_true(addr_equal(&dhcp.yours, &yours));
	assert_true(dhcp.has_mask);
	assert_int_equal(dhcp.mask_length, 26);
	assert_true(addr_equal(&dhcp.router, &router));
	assert_true(addr_equal(&dhcp.server, &router));
	assert_int_equal(dhcp.lease, 86400);
}

static void
a_mask_with_holes_is_no_mask(void **state)
{
	struct message m = begin(2);

	(void)state;
	add(&m, 1, "\xff\0\xff\0", 4);
	assert_int_equal(parse(&m), PARSE_OK);
	assert_false(dhcp.has_mask);
}

static void
an_option_of_the_wrong_size_is_left_out(void **state)
{
	struct message m = begin(2);

	(void)state;
	add(&m, 1, "\xff\xff\xff", 3);
	add(&m, 3, "\xc0\0\2", 3);
	assert_int_equal(parse(&m), PARSE_OK);
	assert_false(dhcp.has_mask);
	assert_int_equal(dhcp.router.family, 0);
}

static void
of_an_option_that_comes_twice_the_first_counts(void **state)
{
	struct message m = begin(1);

	(void)state;
	add(&m, 12, "first", 5);
	add(&m, 12, "second", 6);
	assert_int_equal(parse(&m), PARSE_OK);
	assert_text(dhcp.host_name, "first");
}

static void
the_qualified_name_is_told_with_its_encoding(void **state)
{
	struct message ascii = begin(1), wire = begin(1);

	(void)state;
	add(&ascii, 81, "\0\0\0cam.example", 14);
	assert_int_equal(parse(&ascii), PARSE_OK);
	assert_text(dhcp.client_fqdn, "cam.example");
	assert_false(dhcp.client_fqdn_wire);
	add(&wire, 81, "\4\0\0\3cam", 7);
	assert_int_equal(parse(&wire), PARSE_OK);
	assert_text(dhcp.client_fqdn, "\3cam");
	assert_true(dhcp.client_fqdn_wire);
}

static void
overloaded_fields_hold_more_options_the_file_field_first(void **state)
{
	struct message m = begin(1);

	(void)state;
	memcpy(m.bytes + FILE_AT, "\x0c\4file\xff", 7);
	memcpy(m.bytes + SNAME_AT, "\x0c\5sname\x3c\5class\xff", 15);
	add(&m, 52, "\3", 1);
	assert_int_equal(parse(&m), PARSE_OK);
	assert_text(dhcp.host_name, "file");
	assert_text(dhcp.vendor_class, "class");
}

static void
fields_that_are_not_overloaded_are_no_options(void **state)
{
	struct message m = begin(1);

	(void)state;
	memcpy(m.bytes + FILE_AT, "\x0c\4file\xff", 7);
	assert_int_equal(parse(&m), PARSE_OK);
	assert_int_equal(cursor_left(&dhcp.host_name), 0);
}

static void
other_messages_are_not_dhcp(void **state)
{
	struct message op = begin(7), cookie = begin(1);

	(void)state;
	cookie.bytes[236] = 0;
	assert_int_equal(parse(&op), PARSE_OTHER);
	assert_int_equal(parse(&cookie), PARSE_OTHER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_tells_who_asks),
	    cmocka_unit_test(a_message_cut_anywhere_is_short),
	    cmocka_unit_test(an_acknowledgement_tells_the_network),
	    cmocka_unit_test(a_mask_with_holes_is_no_mask),
	    cmocka_unit_test(an_option_of_the_wrong_size_is_left_out),
	    cmocka_unit_test(of_an_option_that_comes_twice_the_first_counts),
	    cmocka_unit_test(the_qualified_name_is_told_with_its_encoding),
	    cmocka_unit_test(overloaded_fields_hold_more_options_the_file_field_first),
	    cmocka_unit_test(fields_that_are_not_overloaded_are_no_options),
	    cmocka_unit_test(other_messages_are_not_dhcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
