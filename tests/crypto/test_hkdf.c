/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hkdf.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

/* RFC 5869, A.1 to A.3. */
struct answer {
	uint8_t input;
	size_t input_len;
	uint8_t salt; /* first byte; the others count up from it */
	size_t salt_len;
	uint8_t info;
	size_t info_len;
	bool input_counts; /* up from its first byte, else all the same */
	const char *key;
	const char *out;
};

static const struct answer answers[] = {
    {0x0b, 22, 0x00, 13, 0xf0, 10, false,
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
    {0x00, 80, 0x60, 80, 0xb0, 80, true,
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb"
        "41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
    {0x0b, 22, 0x00, 0, 0x00, 0, false,
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
};

static void
fill(uint8_t *bytes, size_t len, uint8_t first, bool counts)
{
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(counts ? first + i : first);
}

static void
assert_hex(const uint8_t *bytes, size_t len, const char *hex)
{
	char text[2 * 128 + 1];

	assert_int_equal(strlen(hex), 2 * len);
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	assert_string_equal(text, hex);
}

static void
the_published_answers_come_out(void **state)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answer *a = &answers[i];
		uint8_t input[80], salt[80], info[80], key[HKDF_KEY_SIZE], out[82];
		size_t out_len = strlen(a->out) / 2;

		fill(input, a->input_len, a->input, a->input_counts);
		fill(salt, a->salt_len, a->salt, true);
		fill(info, a->info_len, a->info, true);
		assert_true(hkdf_extract(*state, salt, a->salt_len, input, a->input_len, key));
		assert_hex(key, sizeof(key), a->key);
		assert_true(hkdf_expand(*state, key, info, a->info_len, out, out_len));
		assert_hex(out, out_len, a->out);
	}
}

/* RFC 9001, A.1: secrets from the connection ID 8394c8f03e515708. */
static void
labels_expand_as_tls_wants(void **state)
{
	static const uint8_t salt[] = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
	    0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
	static const uint8_t dcid[] = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};
	uint8_t secret[HKDF_KEY_SIZE], client[HKDF_KEY_SIZE], key[16], iv[12];

	assert_true(hkdf_extract(*state, salt, sizeof(salt), dcid, sizeof(dcid), secret));
	assert_hex(secret, sizeof(secret),
	    "7db5df06e7a69e432496adedb00851923595221596ae2ae9fb8115c1e9ed0a44");
	assert_true(hkdf_expand_label(*state, secret, "client in", client, sizeof(client)));
	assert_hex(client, sizeof(client),
	    "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea");
	assert_true(hkdf_expand_label(*state, client, "quic key", key, sizeof(key)));
	assert_hex(key, sizeof(key), "1f369613dd76d5467730efcbe3b1a22d");
	assert_true(hkdf_expand_label(*state, client, "quic iv", iv, sizeof(iv)));
	assert_hex(iv, sizeof(iv), "fa044b2f42a3fd3b46fb255c");
}

static void
what_is_too_long_is_refused(void **state)
{
	static uint8_t out[HKDF_OUT_MAX + 1];
	uint8_t key[HKDF_KEY_SIZE] = {1};
	char label[HKDF_LABEL_MAX + 2];

	memset(label, 'a', sizeof(label) - 1);
	label[sizeof(label) - 1] = '\0';
	assert_true(hkdf_expand(*state, key, NULL, 0, out, HKDF_OUT_MAX));
	assert_false(hkdf_expand(*state, key, NULL, 0, out, HKDF_OUT_MAX + 1));
	assert_false(hkdf_expand_label(*state, key, label, out, 16));
	label[HKDF_LABEL_MAX] = '\0';
	assert_true(hkdf_expand_label(*state, key, label, out, 16));
}

static int
setup(void **state)
{
	*state = hkdf_new();
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	hkdf_free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_published_answers_come_out),
	    cmocka_unit_test(labels_expand_as_tls_wants),
	    cmocka_unit_test(what_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
