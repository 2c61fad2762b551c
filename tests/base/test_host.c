/* SPDX-License-Identifier: Apache-2.0 */
#include "base/host.h"

#include <string.h>

#include "tests/test.h"

static char out[HOST_TEXT];

static void
a_host_has_one_spelling(void **state)
{
	(void)state;
	assert_true(host_normalise(out, "Media.Example.COM."));
	assert_string_equal(out, "media.example.com");
	assert_true(host_normalise(out, "_dns-sd._udp.Example.com"));
	assert_string_equal(out, "_dns-sd._udp.example.com");
}

static void
what_is_no_host_name_is_refused(void **state)
{
	static const char *const bad[] = {"", ".", "..", "a..b", ".example.com", "example.com..",
	    "a b.example", "exam\tple.com", "caf\xc3\xa9.example", "192.0.2.1", "a.example.12",
	    "2001:db8::1", "*.example.com"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_false(host_normalise(out, bad[i]));
		assert_string_equal(out, "");
	}
	assert_false(host_normalise_bytes(out, "a\0b.example", 11));
}

static void
labels_and_names_have_their_longest_length(void **state)
{
	char label[64 + 9], name[300];

	(void)state;
	memset(label, 'a', sizeof(label));
	memcpy(label + 63, ".example", 9);
	assert_true(host_normalise(out, label));
	memmove(label + 64, label + 63, 9);
	label[63] = 'a';
	assert_false(host_normalise(out, label));
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = i % 2 ? '.' : 'a';
	name[253] = '\0';
	assert_true(host_normalise(out, name));
	name[253] = 'a';
	name[254] = '\0';
	assert_false(host_normalise(out, name));
}

static void
a_suffix_ends_at_a_labels_border(void **state)
{
	(void)state;
	assert_true(host_has_suffix("ring.example", "ring.example"));
	assert_true(host_has_suffix("fw.ring.example", "ring.example"));
	assert_false(host_has_suffix("spring.example", "ring.example"));
	assert_false(host_has_suffix("ring.example.com", "ring.example"));
	assert_false(host_has_suffix("example", "ring.example"));
	assert_false(host_has_suffix("example", ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_host_has_one_spelling),
	    cmocka_unit_test(what_is_no_host_name_is_refused),
	    cmocka_unit_test(labels_and_names_have_their_longest_length),
	    cmocka_unit_test(a_suffix_ends_at_a_labels_border),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
