/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/quic_keys.h"

#include <stdlib.h>
#include <string.h>

#include "tests/samples/quic.h"
#include "tests/test.h"

/* In both samples the token is empty and the Length field has two bytes. */
#define NUMBER_OFFSET 18
#define PROTECTED_LEN (1200 - NUMBER_OFFSET)

static struct quic_initial
initial_over(const uint8_t *packet, uint32_t version)
{
	return (struct quic_initial){
	    .version = version,
	    .dcid = packet + 6,
	    .dcid_len = 8,
	    .packet = packet,
	    .number_offset = NUMBER_OFFSET,
	    .protected_len = PROTECTED_LEN,
	};
}

static void
assert_opens(struct quic_opener *opener, const uint8_t *packet, uint32_t version)
{
	struct quic_initial initial = initial_over(packet, version);
	uint8_t plain[RFC_PLAIN_SIZE];
	size_t len;

	assert_true(quic_open(opener, &initial, plain, sizeof(plain), &len));
	assert_int_equal(len, RFC_PLAIN_SIZE);
	assert_memory_equal(plain, rfc_crypto_frame, sizeof(rfc_crypto_frame));
	for (size_t i = sizeof(rfc_crypto_frame); i < len; i++)
		assert_int_equal(plain[i], 0);
}

static void
the_published_packets_of_both_versions_open(void **state)
{
	assert_opens(*state, rfc9001_initial, 0x00000001);
	assert_opens(*state, rfc9369_initial, 0x6b3343cf);
	assert_opens(*state, rfc9001_initial, 0x00000001);
}

static void
a_changed_byte_anywhere_is_noticed(void **state)
{
	uint8_t packet[sizeof(rfc9001_initial)], plain[RFC_PLAIN_SIZE];
	size_t len;

	for (size_t i = 0; i < sizeof(packet); i++) {
		struct quic_initial initial = initial_over(packet, 1);

		memcpy(packet, rfc9001_initial, sizeof(packet));
		packet[i] ^= 0x01;
		assert_false(quic_open(*state, &initial, plain, sizeof(plain), &len));
		assert_int_equal(len, 0);
	}
}

static void
a_packet_cut_anywhere_does_not_open(void **state)
{
	uint8_t plain[RFC_PLAIN_SIZE];
	size_t len;

	for (size_t cut = NUMBER_OFFSET; cut < sizeof(rfc9001_initial); cut++) {
		uint8_t *packet = malloc(cut);
		struct quic_initial initial = initial_over(packet, 1);

		assert_non_null(packet);
		memcpy(packet, rfc9001_initial, cut);
		initial.protected_len = cut - NUMBER_OFFSET;
		assert_false(quic_open(*state, &initial, plain, sizeof(plain), &len));
		free(packet);
	}
}

static void
what_cannot_be_opened_is_refused(void **state)
{
	struct quic_initial initial = initial_over(rfc9001_initial, 1);
	uint8_t plain[RFC_PLAIN_SIZE];
	size_t len;

	assert_false(quic_open(*state, &initial, plain, sizeof(plain) - 1, &len));
	initial.version = 0xff00001d;
	assert_false(quic_open(*state, &initial, plain, sizeof(plain), &len));
	initial.version = 0x51303530;
	assert_false(quic_version_known(initial.version));
	assert_false(quic_open(*state, &initial, plain, sizeof(plain), &len));
	initial = initial_over(rfc9001_initial, 1);
	initial.dcid_len = 21;
	assert_false(quic_open(*state, &initial, plain, sizeof(plain), &len));
}

static int
setup(void **state)
{
	*state = quic_opener_new();
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	quic_opener_free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_published_packets_of_both_versions_open),
	    cmocka_unit_test(a_changed_byte_anywhere_is_noticed),
	    cmocka_unit_test(a_packet_cut_anywhere_does_not_open),
	    cmocka_unit_test(what_cannot_be_opened_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
