/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/http.h"

#include "tests/parse/prefix.h"

static struct http http;

static enum parse_result
parse(const char *text)
{
	return http_parse(cursor_over(text, strlen(text)), &http);
}

static const char upload[] = "POST /clip?id=7 HTTP/1.1\r\n"
                             "hOsT: media.example.com:8080\r\n"
                             "User-Agent: cam/1.2\r\n"
                             "Content-Type: video/mp4\r\n"
                             "Content-Length: 123456\r\n"
                             "\r\n";

static void
a_request_names_its_host_and_what_it_sends(void **state)
{
	(void)state;
	assert_int_equal(parse(upload), PARSE_OK);
	assert_true(http.request);
	assert_text(http.method, "POST");
	assert_text(http.target, "/clip?id=7");
	assert_text(http.host, "media.example.com");
	assert_int_equal(http.host_port, 8080);
	assert_text(http.user_agent, "cam/1.2");
	assert_text(http.content_type, "video/mp4");
	assert_true(http.has_content_length);
	assert_int_equal(http.content_length, 123456);
	assert_false(http.chunked);
}

static void
check_prefix(struct cursor prefix)
{
	assert_int_equal(http_parse(prefix, &http), PARSE_SHORT);
}

static void
a_head_cut_anywhere_is_short(void **state)
{
	(void)state;
	with_every_prefix(upload, sizeof(upload) - 1, check_prefix);
}

static void
the_lines_that_are_whole_are_told_before_the_head_ends(void **state)
{
	(void)state;
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a.example\r\nUser-A"), PARSE_SHORT);
	assert_text(http.host, "a.example");
}

static void
the_body_begins_after_the_empty_line(void **state)
{
	(void)state;
	assert_int_equal(parse("HTTP/1.1 200 OK\r\nServer: x\r\n\r\nabc"), PARSE_OK);
	assert_int_equal(http.status, 200);
	assert_text(http.server, "x");
	assert_text(http.body, "abc");
}

static void
a_websocket_is_asked_for_and_granted(void **state)
{
	(void)state;
	assert_int_equal(parse("GET /relay HTTP/1.1\r\nUpgrade: h2c, WebSocket\r\n\r\n"), PARSE_OK);
	assert_true(http.upgrade_websocket);
	assert_int_equal(parse("HTTP/1.1 101 Switching\r\nupgrade: websocket\r\n\r\n\x82"),
	    PARSE_OK);
	assert_true(http.upgrade_websocket);
	assert_int_equal(cursor_left(&http.body), 1);
	assert_int_equal(parse("HTTP/1.1 200 OK\r\nUpgrade: websocket\r\n\r\n"), PARSE_OK);
	assert_false(http.upgrade_websocket);
}

static void
the_first_host_counts(void **state)
{
	(void)state;
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n"),
	    PARSE_OK);
	assert_text(http.host, "a.example");
}

static void
without_a_host_field_an_absolute_target_names_the_host(void **state)
{
	(void)state;
	assert_int_equal(parse("GET http://a.example:81/x HTTP/1.0\r\n\r\n"), PARSE_OK);
	assert_text(http.host, "a.example");
	assert_int_equal(http.host_port, 81);
}

static void
an_ipv6_host_is_told_without_its_brackets(void **state)
{
	(void)state;
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n"), PARSE_OK);
	assert_text(http.host, "2001:db8::1");
	assert_int_equal(http.host_port, 8080);
	assert_int_equal(parse("GET / HTTP/1.1\r\nHost: [2001:db8::1]\r\n\r\n"), PARSE_OK);
	assert_int_equal(http.host_port, 0);
}

static void
a_chunked_body_is_told_by_the_last_coding(void **state)
{
	(void)state;
	assert_int_equal(parse("PUT /x HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"),
	    PARSE_OK);
	assert_true(http.chunked);
	assert_false(http.has_content_length);
}

static void
a_length_that_is_no_number_is_no_length(void **state)
{
	(void)state;
	assert_int_equal(parse("PUT /x HTTP/1.1\r\nContent-Length: 1e9\r\n\r\n"), PARSE_OK);
	assert_false(http.has_content_length);
}

static void
a_broken_line_makes_the_head_malformed(void **state)
{
	(void)state;
	assert_int_equal(parse("GET / HTTP/1.1\r\nbroken\r\n\r\n"), PARSE_MALFORMED);
}

static void
a_head_beyond_16_kib_is_refused(void **state)
{
	static char head[HTTP_HEAD_MAX + 64];

	(void)state;
	memset(head, 'a', sizeof(head) - 1);
	memcpy(head, "GET / HTTP/1.1\r\nX: ", 19);
	assert_int_equal(parse(head), PARSE_MALFORMED);
}

static void
other_protocols_are_not_http(void **state)
{
	(void)state;
	assert_int_equal(parse("OPTIONS * RTSP/1.0\r\n\r\n"), PARSE_OTHER);
	assert_int_equal(parse("\x16\x03\x01\x02"), PARSE_OTHER);
	assert_int_equal(parse("SSH-2.0-x\r\n"), PARSE_OTHER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_names_its_host_and_what_it_sends),
	    cmocka_unit_test(a_head_cut_anywhere_is_short),
	    cmocka_unit_test(the_lines_that_are_whole_are_told_before_the_head_ends),
	    cmocka_unit_test(the_body_begins_after_the_empty_line),
	    cmocka_unit_test(a_websocket_is_asked_for_and_granted),
	    cmocka_unit_test(the_first_host_counts),
	    cmocka_unit_test(without_a_host_field_an_absolute_target_names_the_host),
	    cmocka_unit_test(an_ipv6_host_is_told_without_its_brackets),
	    cmocka_unit_test(a_chunked_body_is_told_by_the_last_coding),
	    cmocka_unit_test(a_length_that_is_no_number_is_no_length),
	    cmocka_unit_test(a_broken_line_makes_the_head_malformed),
	    cmocka_unit_test(a_head_beyond_16_kib_is_refused),
	    cmocka_unit_test(other_protocols_are_not_http),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
