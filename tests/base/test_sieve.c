/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sieve.h"

#include "tests/test.h"

static void
what_was_put_in_is_always_found(void **state)
{
	static struct sieve sieve;
	uint8_t mac[6] = {2, 0, 0, 0, 0, 0};

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		mac[5] = (uint8_t)i;
		sieve_add(&sieve, mac, sizeof(mac));
	}
	for (unsigned i = 0; i < 256; i++) {
		mac[5] = (uint8_t)i;
		assert_true(sieve_may_have(&sieve, mac, sizeof(mac)));
	}
}

/* Of keys that were not put in, at most one in four is looked up in vain with 256 that were. */
static void
most_of_what_was_not_is_ruled_out(void **state)
{
	static struct sieve sieve;
	uint8_t addr[17] = {4, 192, 168, 0, 0};
	unsigned vain = 0;

	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		addr[4] = (uint8_t)i;
		sieve_add(&sieve, addr, sizeof(addr));
	}
	addr[3] = 1;
	for (unsigned i = 0; i < 256; i++) {
		addr[4] = (uint8_t)i;
		vain += sieve_may_have(&sieve, addr, sizeof(addr));
	}
	assert_true(vain <= 64);
}

static void
an_empty_one_has_nothing(void **state)
{
	static const struct sieve sieve;
	uint8_t mac[6] = {0};

	(void)state;
	assert_false(sieve_may_have(&sieve, mac, sizeof(mac)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_put_in_is_always_found),
	    cmocka_unit_test(most_of_what_was_not_is_ruled_out),
	    cmocka_unit_test(an_empty_one_has_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
