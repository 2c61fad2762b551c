/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include "crypto/crypto.h"
#include "tests/test.h"

/* "abc" and "" are the known answers of FIPS 180-4's examples (NIST CSRC, SHA256.pdf, SHA1.pdf). */
static const char abc_sha256[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
static const char none_sha256[] =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
static const uint8_t abc_sha1[SHA1_SIZE] = {0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba,
    0x3e, 0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d};

static void
the_library_is_ready_however_often_it_is_asked(void **state)
{
	(void)state;
	assert_true(crypto_init());
	assert_true(crypto_init());
	assert_string_not_equal(crypto_version(), "");
}

static void
a_sum_does_not_depend_on_how_the_bytes_came(void **state)
{
	struct sha256 *sum = sha256_new();
	char hex[SHA256_TEXT];

	(void)state;
	assert_non_null(sum);
	sha256_add(sum, "a", 1);
	sha256_add(sum, NULL, 0);
	sha256_add(sum, "bc", 2);
	sha256_hex(sum, hex);
	assert_string_equal(hex, abc_sha256);
	sha256_free(sum);
}

static void
a_sum_can_be_read_and_then_go_on(void **state)
{
	struct sha256 *sum = sha256_new();
	char hex[SHA256_TEXT];

	(void)state;
	assert_non_null(sum);
	sha256_hex(sum, hex);
	assert_string_equal(hex, none_sha256);
	sha256_add(sum, "abc", 3);
	sha256_hex(sum, hex);
	assert_string_equal(hex, abc_sha256);
	sha256_free(sum);
}

static void
sums_at_once_equal_the_published_ones(void **state)
{
	uint8_t sha1[SHA1_SIZE], sha256[SHA256_SIZE];

	(void)state;
	assert_true(sha1_bytes("abc", 3, sha1));
	assert_memory_equal(sha1, abc_sha1, sizeof(sha1));
	assert_true(sha256_bytes("abc", 3, sha256));
	assert_int_equal(sha256[0], 0xba);
	assert_int_equal(sha256[31], 0xad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_library_is_ready_however_often_it_is_asked),
	    cmocka_unit_test(a_sum_does_not_depend_on_how_the_bytes_came),
	    cmocka_unit_test(a_sum_can_be_read_and_then_go_on),
	    cmocka_unit_test(sums_at_once_equal_the_published_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
