/* SPDX-License-Identifier: Apache-2.0 */
#include "redact/pseudonym.h"

#include <string.h>

#include "crypto/crypto.h"
#include "redact/mask.h"
#include "tests/test.h"

static struct porch_rules *rules;
static const uint8_t one[PSEUDONYM_KEY] = {1}, other[PSEUDONYM_KEY] = {2};

static int
load_rules(void **state)
{
	const char *folders[] = {SOURCE_DIR "/rules", SOURCE_DIR "/captures/doorvue.rules"};
	struct porch_error error;

	(void)state;
	rules = crypto_init() ? porch_rules_load(folders, 2, &error) : NULL;
	return rules ? 0 : -1;
}

static int
free_rules(void **state)
{
	(void)state;
	porch_rules_free(rules);
	return 0;
}

static struct addr
addr_of(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return addr;
}

static struct addr
image_of(struct pseudonyms *p, const char *text)
{
	struct addr addr = addr_of(text);

	return pseudonym_addr(p, &addr);
}

static bool
lies_in(const struct addr *addr, const char *text)
{
	struct prefix prefix;

	assert_true(prefix_parse(text, &prefix));
	return prefix_contains(&prefix, addr);
}

static unsigned
common_bits(const struct addr *a, const struct addr *b)
{
	unsigned bits = 0;

	while (bits < 32 && ((a->bytes[bits / 8] ^ b->bytes[bits / 8]) & 0x80U >> bits % 8) == 0)
		bits++;
	return bits;
}

static void
inside_addresses_are_scrambled_below_their_private_prefix(void **state)
{
	struct pseudonyms *p = pseudonyms_new(one, rules, 0);
	struct addr a = image_of(p, "192.168.7.20"), b = image_of(p, "192.168.7.21");
	struct addr c = image_of(p, "192.168.9.20"), d = image_of(p, "10.1.2.3");
	struct addr was = addr_of("192.168.7.20");

	(void)state;
	assert_true(lies_in(&a, "192.168.0.0/16") && lies_in(&d, "10.0.0.0/8"));
	assert_false(addr_equal(&a, &was));
	assert_int_equal(common_bits(&a, &b), 31);
	assert_int_equal(common_bits(&a, &c), 20);
	pseudonyms_free(p);
}

static void
others_count_as_public_and_equal_stays_equal(void **state)
{
	struct pseudonyms *p = pseudonyms_new(one, rules, 0);
	struct addr a = image_of(p, "203.0.113.7"), again = image_of(p, "203.0.113.7");
	struct addr b = image_of(p, "203.0.113.8"), six = image_of(p, "2001:db8:1::5");

	(void)state;
	assert_true(lies_in(&a, "198.18.0.0/15"));
	assert_true(lies_in(&six, "2001:2::/48"));
	assert_true(addr_equal(&a, &again));
	assert_false(addr_equal(&a, &b));
	assert_false(addr_is_private(&a) || addr_is_private(&six));
	pseudonyms_free(p);
}

static void
an_address_with_a_name_stays_unless_it_is_the_homes_own(void **state)
{
	struct pseudonyms *p = pseudonyms_new(one, rules, 0);
	struct addr named = addr_of("203.0.113.7"), home = addr_of("100.64.9.9"), image;

	(void)state;
	pseudonyms_keep(p, &named);
	pseudonyms_keep(p, &home);
	pseudonyms_ours(p, &home);
	image = pseudonym_addr(p, &named);
	assert_true(addr_equal(&image, &named));
	image = pseudonym_addr(p, &home);
	assert_false(addr_equal(&image, &home));
	pseudonyms_free(p);
}

static void
addresses_that_the_rules_know_stay(void **state)
{
	struct pseudonyms *p = pseudonyms_new(one, rules, 0);
	struct addr known = addr_of("8.8.8.8"), image = pseudonym_addr(p, &known);

	(void)state;
	assert_true(addr_equal(&image, &known));
	pseudonyms_free(p);
}

static void
a_mac_keeps_what_tells_its_maker(void **state)
{
	struct pseudonyms *p = pseudonyms_new(one, rules, 0);
	struct mac_match before, after;
	struct mac mac, image;

	(void)state;
	assert_true(mac_parse("54:e0:19:12:34:56", &mac));
	image = pseudonym_mac(p, &mac);
	assert_memory_equal(image.bytes, mac.bytes, 3);
	assert_false(mac_equal(&image, &mac));
	assert_true(rules_mac(rules, &mac, &before) && rules_mac(rules, &image, &after));
	assert_string_equal(before.rule.id, after.rule.id);
	assert_true(mac_parse("da:a1:19:12:34:56", &mac));
	image = pseudonym_mac(p, &mac);
	assert_true(mac_is_local(&image) && !mac_is_group(&image));
	assert_true(memcmp(image.bytes + 1, mac.bytes + 1, 2) != 0);
	assert_true(mac_parse("ff:ff:ff:ff:ff:ff", &mac));
	image = pseudonym_mac(p, &mac);
	assert_true(mac_equal(&image, &mac));
	pseudonyms_free(p);
}

static void
all_follows_from_the_key(void **state)
{
	struct pseudonyms *p = pseudonyms_new(one, rules, 0), *q = pseudonyms_new(one, rules, 0);
	struct pseudonyms *r = pseudonyms_new(other, rules, 0);
	struct addr a = image_of(p, "192.168.7.20"), b = image_of(q, "192.168.7.20");
	struct addr c = image_of(r, "192.168.7.20");
	char x[8], y[8], z[8];

	(void)state;
	assert_true(addr_equal(&a, &b));
	assert_false(addr_equal(&a, &c));
	pseudonym_label(p, "Kitchen", 7, x);
	pseudonym_label(q, "kitchen", 7, y);
	pseudonym_label(r, "kitchen", 7, z);
	assert_memory_equal(x, y, 7);
	assert_true(memcmp(x, z, 7) != 0);
	pseudonyms_free(p);
	pseudonyms_free(q);
	pseudonyms_free(r);
}

static void
names_that_lead_out_stay_but_for_serial_numbers(void **state)
{
	struct pseudonyms *p = pseudonyms_new(one, rules, 0);
	struct masks *masks = masks_new(rules, p, 0);
	char out[HOST_TEXT];

	(void)state;
	masks_keep(masks, "api.example.com");
	assert_false(masks_host(masks, "api.example.com", out));
	masks_keep(masks, "t8210n4320501234.p2p.example.com");
	assert_true(masks_host(masks, "t8210n4320501234.p2p.example.com", out));
	assert_string_equal(out + 16, ".p2p.example.com");
	assert_null(strstr(out, "4320"));
	masks_free(masks);
	pseudonyms_free(p);
}

static void
names_of_the_home_go_but_for_their_length(void **state)
{
	static const char *const names[] = {
	    "annas-phone.lan", "annas-phone.fritz.box", "20.7.168.192.in-addr.arpa", "annas-phone"};
	struct pseudonyms *p = pseudonyms_new(one, rules, 0);
	struct masks *masks = masks_new(rules, p, 0);
	char out[HOST_TEXT];

	(void)state;
	masks_keep(masks, "annas-phone.lan"); /* whatever an answer says */
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_true(masks_host(masks, names[i], out));
		assert_int_equal(strlen(out), strlen(names[i]));
		assert_null(strstr(out, "anna"));
		assert_null(strstr(out, "168"));
	}
	masks_free(masks);
	pseudonyms_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(inside_addresses_are_scrambled_below_their_private_prefix),
	    cmocka_unit_test(others_count_as_public_and_equal_stays_equal),
	    cmocka_unit_test(an_address_with_a_name_stays_unless_it_is_the_homes_own),
	    cmocka_unit_test(addresses_that_the_rules_know_stay),
	    cmocka_unit_test(a_mac_keeps_what_tells_its_maker),
	    cmocka_unit_test(all_follows_from_the_key),
	    cmocka_unit_test(names_that_lead_out_stay_but_for_serial_numbers),
	    cmocka_unit_test(names_of_the_home_go_but_for_their_length),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
