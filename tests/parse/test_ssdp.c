/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/ssdp.h"

#include "tests/parse/prefix.h"

static struct ssdp ssdp;

static enum parse_result
parse(const char *text)
{
	return ssdp_parse(cursor_over(text, strlen(text)), &ssdp);
}

static const char notify[] = "NOTIFY * HTTP/1.1\r\n"
                             "HOST: 239.255.255.250:1900\r\n"
                             "LOCATION: http://192.0.2.9:49152/d.xml\r\n"
                             "NT: upnp:rootdevice\r\n"
                             "NTS: ssdp:alive\r\n"
                             "SERVER: Linux/4.1 UPnP/1.0 Cam/2.0\r\n"
                             "USN: uuid:0-1::upnp:rootdevice\r\n"
                             "\r\n";

static void
an_announcement_tells_what_the_device_is_and_where(void **state)
{
	(void)state;
	assert_int_equal(parse(notify), PARSE_OK);
	assert_int_equal(ssdp.kind, SSDP_NOTIFY);
	assert_true(ssdp.request);
	assert_false(ssdp.bye);
	assert_text(ssdp.server, "Linux/4.1 UPnP/1.0 Cam/2.0");
	assert_text(ssdp.location, "http://192.0.2.9:49152/d.xml");
	assert_text(ssdp.target, "upnp:rootdevice");
	assert_text(ssdp.usn, "uuid:0-1::upnp:rootdevice");
}

static void
check_prefix(struct cursor prefix)
{
	assert_int_equal(ssdp_parse(prefix, &ssdp), PARSE_SHORT);
}

static void
a_datagram_cut_anywhere_is_short(void **state)
{
	(void)state;
	with_every_prefix(notify, sizeof(notify) - 1, check_prefix);
}

static void
a_search_and_its_answer_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(parse("M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\nUSER-AGENT: a/1\r\n\r\n"),
	    PARSE_OK);
	assert_int_equal(ssdp.kind, SSDP_SEARCH);
	assert_text(ssdp.target, "ssdp:all");
	assert_text(ssdp.agent, "a/1");
	assert_int_equal(parse("HTTP/1.1 200 OK\r\nST: x\r\nUSN: y\r\n\r\n"), PARSE_OK);
	assert_int_equal(ssdp.kind, SSDP_ANSWER);
	assert_false(ssdp.request);
}

static void
a_farewell_is_marked(void **state)
{
	(void)state;
	assert_int_equal(parse("NOTIFY * HTTP/1.1\r\nNTS: ssdp:byebye\r\n\r\n"), PARSE_OK);
	assert_true(ssdp.bye);
}

static void
an_odd_line_does_not_spoil_the_others(void **state)
{
	(void)state;
	assert_int_equal(parse("NOTIFY * HTTP/1.1\r\nodd\r\nNT: x\r\n\r\n"), PARSE_OK);
	assert_text(ssdp.target, "x");
}

static void
web_traffic_is_not_ssdp(void **state)
{
	(void)state;
	assert_int_equal(parse("GET / HTTP/1.1\r\n\r\n"), PARSE_OTHER);
	assert_int_equal(parse("NOTIFY /x HTTP/1.1\r\n\r\n"), PARSE_OTHER);
	assert_int_equal(parse("HTTP/1.1 404 No\r\n\r\n"), PARSE_OTHER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_announcement_tells_what_the_device_is_and_where),
	    cmocka_unit_test(a_datagram_cut_anywhere_is_short),
	    cmocka_unit_test(a_search_and_its_answer_are_told_apart),
	    cmocka_unit_test(a_farewell_is_marked),
	    cmocka_unit_test(an_odd_line_does_not_spoil_the_others),
	    cmocka_unit_test(web_traffic_is_not_ssdp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
