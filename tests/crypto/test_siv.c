/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/siv.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#define LONGEST 64

/* RFC 5297, A.1 and A.2; the nonce of A.2 is the last of what stands beside. */
struct answer {
	const char *key;
	const char *beside[3];
	const char *plain;
	const char *sealed;
};

static const struct answer answers[] = {
    {"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        {"101112131415161718191a1b1c1d1e1f2021222324252627"}, "112233445566778899aabbccddee",
        "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"},
    {"7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f",
        {"00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100",
            "102030405060708090a0", "09f911029d74e35bd84156c5635688c0"},
        "7468697320697320736f6d6520706c61696e7465787420746f20656e6372797074207573696e67205349562d"
        "414553",
        "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748"
        "ba8af829ea64ad544a272e9c485b62a3fd5c0d"},
};

static size_t
read_hex(const char *hex, uint8_t *bytes)
{
	size_t len = hex ? strlen(hex) / 2 : 0;

	assert_true(len <= LONGEST);
	for (size_t i = 0; i < len; i++) {
		unsigned byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		bytes[i] = (uint8_t)byte;
	}
	return len;
}

struct known {
	uint8_t key[LONGEST], plain[LONGEST], sealed[LONGEST], side[3][LONGEST];
	size_t key_len, plain_len, sealed_len, count;
	struct siv_beside beside[3];
};

static void
read_answer(const struct answer *a, struct known *k)
{
	k->key_len = read_hex(a->key, k->key);
	k->plain_len = read_hex(a->plain, k->plain);
	k->sealed_len = read_hex(a->sealed, k->sealed);
	for (k->count = 0; k->count < 3 && a->beside[k->count]; k->count++)
		k->beside[k->count] = (struct siv_beside){
		    k->side[k->count], read_hex(a->beside[k->count], k->side[k->count])};
}

static void
the_published_answers_come_out(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		uint8_t sealed[LONGEST], plain[LONGEST];
		struct known k;
		struct siv *siv;

		read_answer(&answers[i], &k);
		siv = siv_new(k.key, k.key_len);
		assert_non_null(siv);
		assert_true(siv_seal(siv, k.beside, k.count, k.plain, k.plain_len, sealed));
		assert_int_equal(k.sealed_len, k.plain_len + SIV_TAG);
		assert_memory_equal(sealed, k.sealed, k.sealed_len);
		assert_true(siv_open(siv, k.beside, k.count, sealed, k.sealed_len, plain));
		assert_memory_equal(plain, k.plain, k.plain_len);
		siv_free(siv);
	}
}

static void
any_changed_bit_is_noticed(void **state)
{
	uint8_t plain[LONGEST];
	struct known k;
	struct siv *siv;

	(void)state;
	read_answer(&answers[0], &k);
	siv = siv_new(k.key, k.key_len);
	assert_non_null(siv);
	for (size_t bit = 0; bit < 8 * k.sealed_len; bit++) {
		k.sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(siv_open(siv, k.beside, k.count, k.sealed, k.sealed_len, plain));
		k.sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	k.side[0][3] ^= 1;
	assert_false(siv_open(siv, k.beside, k.count, k.sealed, k.sealed_len, plain));
	k.side[0][3] ^= 1;
	assert_true(siv_open(siv, k.beside, k.count, k.sealed, k.sealed_len, plain));
	assert_false(siv_open(siv, k.beside, k.count, k.sealed, SIV_TAG - 1, plain));
	siv_free(siv);
}

static void
the_same_bytes_are_sealed_alike_and_empty_ones_too(void **state)
{
	uint8_t key[SIV_KEY] = {1}, one[SIV_TAG], other[SIV_TAG], plain[1];
	struct siv *siv = siv_new(key, sizeof(key));

	(void)state;
	assert_non_null(siv);
	assert_true(siv_seal(siv, NULL, 0, "", 0, one));
	assert_true(siv_seal(siv, NULL, 0, "", 0, other));
	assert_memory_equal(one, other, SIV_TAG);
	assert_true(siv_open(siv, NULL, 0, one, SIV_TAG, plain));
	siv_free(siv);
}

static void
a_key_of_another_length_is_refused(void **state)
{
	uint8_t key[SIV_KEY + 1] = {0};

	(void)state;
	assert_null(siv_new(key, 0));
	assert_null(siv_new(key, 16));
	assert_null(siv_new(key, sizeof(key)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_published_answers_come_out),
	    cmocka_unit_test(any_changed_bit_is_noticed),
	    cmocka_unit_test(the_same_bytes_are_sealed_alike_and_empty_ones_too),
	    cmocka_unit_test(a_key_of_another_length_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
