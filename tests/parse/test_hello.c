/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/hello.h"

#include "tests/samples/hello.h"
#include "tests/test.h"

static void
assert_bytes(struct cursor bytes, const char *text)
{
	assert_int_equal(cursor_left(&bytes), strlen(text));
	assert_memory_equal(bytes.at, text, strlen(text));
}

static enum parse_result
parse_body(const struct bytes *body, struct hello *hello)
{
	return client_hello_parse(cursor_over(body->at, body->len), HELLO_OVER_TCP, hello);
}

static void
a_hello_tells_its_host_protocol_and_newest_version(void **state)
{
	struct bytes body = hello_body(&doorbell_plan);
	struct hello hello;

	(void)state;
	assert_int_equal(parse_body(&body, &hello), PARSE_OK);
	assert_bytes(hello.host, "Media.Doorbell.example");
	assert_true(hello.has_sni && hello.has_host && hello.host_valid);
	assert_false(hello.ech);
	assert_bytes(hello.alpn, "h2");
	assert_int_equal(hello.legacy_version, 0x0303);
	assert_int_equal(hello.version, 0x0304);
	assert_int_equal(cursor_left(&hello.ciphers), 6);
	assert_int_equal(cursor_left(&hello.signatures), 4);
}

static void
a_hello_of_old_without_extensions_is_well(void **state)
{
	struct hello_plan plan = {.version = 0x0301, .ciphers = "002f"};
	struct bytes body = hello_body(&plan);
	struct hello hello;

	(void)state;
	assert_int_equal(parse_body(&body, &hello), PARSE_OK);
	assert_int_equal(hello.version, 0x0301);
	assert_false(hello.has_sni);
	assert_int_equal(cursor_left(&hello.host), 0);
}

static void
an_odd_host_is_kept_but_not_called_valid(void **state)
{
	static const char *const odd[] = {"192.0.2.1", "a b.example", "", ".", "a..example"};

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct hello_plan plan = doorbell_plan;
		struct bytes body;
		struct hello hello;

		plan.host = odd[i];
		body = hello_body(&plan);
		assert_int_equal(parse_body(&body, &hello), PARSE_OK);
		assert_true(hello.has_host);
		assert_false(hello.host_valid);
		assert_bytes(hello.host, odd[i]);
	}
}

static void
encrypted_client_hello_shows_by_its_outer_extension(void **state)
{
	struct hello_plan plan = doorbell_plan;
	struct bytes body;
	struct hello hello;

	(void)state;
	plan.extensions = "0000,fe0d";
	body = hello_body(&plan);
	assert_int_equal(parse_body(&body, &hello), PARSE_OK);
	assert_false(hello.ech); /* its body is empty */
	body.at[body.len - 1] = 1;
	put(&body, 1, 0); /* ECHClientHelloType outer */
	close_length(&body, 2 + 32 + 1 + 2 + 6 + 2, 2);
	assert_int_equal(parse_body(&body, &hello), PARSE_OK);
	assert_true(hello.ech);
}

static void
dtls_versions_count_downwards(void **state)
{
	struct hello_plan plan = doorbell_plan;
	struct bytes body;
	struct hello hello;

	(void)state;
	plan.dtls = true;
	plan.version = 0xfefd;
	plan.versions = "4a4a,fefd,fefc,feff";
	body = hello_body(&plan);
	assert_int_equal(client_hello_parse(cursor_over(body.at, body.len), HELLO_OVER_DTLS,
	                     &hello),
	    PARSE_OK);
	assert_int_equal(hello.version, 0xfefc);
}

static void
every_prefix_of_a_message_is_short(void **state)
{
	struct bytes message = hello_message(&doorbell_plan);
	struct hello hello;

	(void)state;
	for (size_t len = 0; len <= message.len; len++) {
		uint8_t *copy = malloc(len ? len : 1);

		assert_non_null(copy);
		memcpy(copy, message.at, len);
		assert_int_equal(client_hello_message_parse(cursor_over(copy, len), HELLO_OVER_TCP,
		                     &hello),
		    len < message.len ? PARSE_SHORT : PARSE_OK);
		free(copy);
	}
}

static void
a_list_that_overruns_its_extension_is_malformed(void **state)
{
	struct bytes body = hello_body(&doorbell_plan);
	size_t name = 2 + 32 + 1 + 2 + 6 + 2 + 2 + 4; /* the server_name extension */
	struct hello hello;

	(void)state;
	for (size_t i = 0; i < 4; i++) { /* extension, list, and name lengths */
		static const size_t at[] = {3, 5, 8, 8};
		struct bytes broken = body;

		broken.at[name + at[i]] = (uint8_t)(broken.at[name + at[i]] + 1 + i);
		assert_int_equal(parse_body(&broken, &hello), PARSE_MALFORMED);
	}
}

static void
grease_is_sixteen_values(void **state)
{
	unsigned count = 0;

	(void)state;
	for (unsigned value = 0; value <= 0xffff; value++)
		count += tls_is_grease((uint16_t)value);
	assert_int_equal(count, 16);
	assert_true(tls_is_grease(0x0a0a));
	assert_true(tls_is_grease(0xfafa));
	assert_false(tls_is_grease(0x0a1a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_hello_tells_its_host_protocol_and_newest_version),
	    cmocka_unit_test(a_hello_of_old_without_extensions_is_well),
	    cmocka_unit_test(an_odd_host_is_kept_but_not_called_valid),
	    cmocka_unit_test(encrypted_client_hello_shows_by_its_outer_extension),
	    cmocka_unit_test(dtls_versions_count_downwards),
	    cmocka_unit_test(every_prefix_of_a_message_is_short),
	    cmocka_unit_test(a_list_that_overruns_its_extension_is_malformed),
	    cmocka_unit_test(grease_is_sixteen_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
