/* SPDX-License-Identifier: Apache-2.0 */
/* Which flows an inspector is asked about, and who is told the answer. */
#include "tests/engine/home.h"
#include "tests/samples/hello.h"

#define HOST "media.doorbell.example"

static struct home *
advised_home(const char *how)
{
	struct engine_setup setup = {.dpi = dpi_new(FAKE_INSPECTOR, true)};

	assert_non_null(setup.dpi);
	if (how)
		setenv("PORCHLIGHT_FAKE", how, 1);
	else
		unsetenv("PORCHLIGHT_FAKE");
	return home_new(&setup);
}

static void
advised_home_free(struct home *h)
{
	struct dpi *dpi = h->setup.dpi;

	home_free(h);
	dpi_free(dpi);
}

/* A conversation of the bell or the phone with a server. */
static struct sent
from(const char *mac, uint16_t to_port)
{
	bool bell = strcmp(mac, BELL) == 0;
	struct sent s = from_bell(0, 0);

	s.from_mac = mac;
	s.from = bell ? "192.168.1.20" : "192.168.1.30";
	s.to_port = to_port;
	s.tcp = true;
	return s;
}

/* Says something, a second after the last one did, is answered, and goes on. */
static void
converse(struct home *h, struct sent s, const void *said, size_t length)
{
	static unsigned calls;

	s.time += MORNING + ++calls * SECOND;
	s.from_port = (uint16_t)(40000 + calls);
	s.payload = said;
	s.payload_bytes = (uint16_t)length;
	see(h, &s);
	s.payload = NULL;
	s = answer(s, 1200, s.time + 20000);
	see(h, &s);
	s = answer(s, 80, s.time + 20000);
	see(h, &s);
}

static void
greet(struct home *h, const struct sent *s, const char *host, const char *ciphers)
{
	struct hello_plan plan = doorbell_plan;
	struct bytes hello;

	plan.host = host;
	plan.ciphers = ciphers;
	hello = hello_records(&plan, HELLO_ROOM);
	converse(h, *s, hello.at, hello.len);
}

/* How many flows to that host somebody with that address is told to have been looked at. */
static uint32_t
looked_at(const struct engine_result *r, const char *inside, const char *host)
{
	struct addr addr;
	uint32_t flows = 0;

	assert_true(addr_parse(inside, &addr));
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d))
		if (addr_equal(&d->key.inside, &addr) &&
		    strcmp(destination_text(d->name), host) == 0)
			flows += d->advice.flows;
	return flows;
}

static void
who_says_the_same_hello_as_somebody_before_is_told_the_same_answer(void **state)
{
	struct sent bell = from(BELL, 443), phone = from(PHONE, 443);
	struct home *h = advised_home(NULL);
	const struct engine_result *r;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		greet(h, &bell, HOST, "1301,1302");
		greet(h, &phone, HOST, "1301,1302");
	}
	r = finish(h);
	assert_int_equal(r->advice.flows, 1);
	assert_int_equal(looked_at(r, "192.168.1.20", HOST), 1);
	assert_int_equal(looked_at(r, "192.168.1.30", HOST), 1);
	advised_home_free(h);
}

static void
another_program_name_port_or_address_is_asked_about(void **state)
{
	static const struct {
		uint16_t port;
		const char *host, *ciphers, *address;
	} others[] = {
	    {443, HOST, "1301,1302,1303", NULL},
	    {443, "www.doorbell.example", "1301,1302", NULL},
	    {8443, HOST, "1301,1302", NULL},
	    {443, HOST, "1301,1302", "198.51.100.99"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct sent bell = from(BELL, 443), phone = from(PHONE, others[i].port);
		struct home *h = advised_home(NULL);

		greet(h, &bell, HOST, "1301,1302");
		if (others[i].address)
			phone.to = others[i].address;
		greet(h, &phone, others[i].host, others[i].ciphers);
		assert_int_equal(finish(h)->advice.flows, 2);
		advised_home_free(h);
	}
}

static void
what_is_no_hello_is_asked_about_for_each(void **state)
{
	static const char *const said[] = {
	    "GET / HTTP/1.1\r\nHost: " HOST "\r\n\r\n",
	    "what nobody reads\r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct home *h = advised_home(NULL);

		converse(h, from(BELL, 80), said[i], strlen(said[i]));
		converse(h, from(PHONE, 80), said[i], strlen(said[i]));
		assert_int_equal(finish(h)->advice.flows, 2);
		advised_home_free(h);
	}
}

/* Nothing more is said in the clear; but a server's own hello may be. */
static void
tls_is_asked_about_while_its_handshake_can_be_read(void **state)
{
	static const struct {
		const char *first;
		uint32_t asked;
	} rows[] = {
	    {"\x17\3\3\1\0 what the bell sends", 0},
	    {"\x15\3\3\1\0 an alert", 0},
	    {"\x16\3\3\1\0\2 a server's hello", 1},
	    {"\x16\3\3\1\0\1 a hello that goes on", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct home *h = advised_home(NULL);

		converse(h, from(BELL, 443), rows[i].first, 14);
		assert_int_equal(finish(h)->advice.flows, rows[i].asked);
		advised_home_free(h);
	}
}

static void
a_hello_that_was_cut_when_it_was_captured_is_not_asked_about(void **state)
{
	struct bytes hello = hello_records(&doorbell_plan, HELLO_ROOM);
	struct sent bell = from(BELL, 443);
	struct home *h = advised_home(NULL);
	struct made m;

	(void)state;
	bell.time = MORNING;
	bell.payload = hello.at;
	bell.payload_bytes = (uint16_t)hello.len;
	make_packet(&m, &bell)->frame.captured -= 60;
	engine_frame(h->engine, &m.frame);
	bell.payload = NULL;
	bell = answer(bell, 1200, MORNING + 20000);
	see(h, &bell);
	assert_int_equal(finish(h)->advice.flows, 0);
	advised_home_free(h);
}

/* Two servers at home may have one name, and neither is the other. */
static void
who_is_met_at_home_is_asked_about_for_each(void **state)
{
	struct sent bell = from(BELL, 443), phone = from(PHONE, 443);
	struct home *h = advised_home(NULL);

	(void)state;
	bell.to = "192.168.1.40";
	phone.to = "192.168.1.41";
	greet(h, &bell, HOST, "1301,1302");
	greet(h, &phone, HOST, "1301,1302");
	assert_int_equal(finish(h)->advice.flows, 2);
	advised_home_free(h);
}

static void
a_conversation_that_broke_off_speaks_for_nobody_else(void **state)
{
	struct sent bell = from(BELL, 443), phone = from(PHONE, 443);
	struct hello_plan plan = doorbell_plan;
	struct bytes hello = hello_records(&plan, HELLO_ROOM);
	struct home *h = advised_home(NULL);

	(void)state;
	bell.time = MORNING;
	bell.payload = hello.at;
	bell.payload_bytes = (uint16_t)hello.len;
	see(h, &bell);
	bell.payload = NULL;
	bell = answer(bell, 1200, MORNING + 20000);
	see(h, &bell); /* and then nothing */
	phone.time = 24 * 3600 * SECOND;
	greet(h, &phone, HOST, "1a1a,1301,1302");
	assert_int_equal(finish(h)->advice.flows, 2);
	advised_home_free(h);
}

static void
what_kills_the_inspector_does_so_for_all_who_say_it(void **state)
{
	struct sent bell = from(BELL, 443), phone = from(PHONE, 443);
	struct home *h = advised_home("exit");
	const struct engine_result *r;

	(void)state;
	greet(h, &bell, HOST, "1301,1302");
	greet(h, &phone, HOST, "1301,1302");
	r = finish(h);
	assert_int_equal(r->advice.quarantined, 1);
	assert_int_equal(table_count(r->destinations), 2);
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d))
		assert_int_equal(d->advice.quarantined, 1);
	advised_home_free(h);
}

static void
after_other_rules_came_all_is_asked_about_anew(void **state)
{
	struct sent bell = from(BELL, 443), phone = from(PHONE, 443);
	struct home *h = advised_home(NULL);
	const struct engine_result *r;
	struct porch_error error;

	(void)state;
	greet(h, &bell, HOST, "1301,1302");
	assert_true(engine_reload(h->engine, &h->setup, &error));
	greet(h, &phone, HOST, "1301,1302");
	greet(h, &bell, HOST, "1301,1302");
	r = finish(h);
	assert_int_equal(r->advice.flows, 2);
	assert_int_equal(looked_at(r, "192.168.1.20", HOST), 1);
	assert_int_equal(looked_at(r, "192.168.1.30", HOST), 1);
	advised_home_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_says_the_same_hello_as_somebody_before_is_told_the_same_answer),
	    cmocka_unit_test(another_program_name_port_or_address_is_asked_about),
	    cmocka_unit_test(what_is_no_hello_is_asked_about_for_each),
	    cmocka_unit_test(tls_is_asked_about_while_its_handshake_can_be_read),
	    cmocka_unit_test(a_hello_that_was_cut_when_it_was_captured_is_not_asked_about),
	    cmocka_unit_test(who_is_met_at_home_is_asked_about_for_each),
	    cmocka_unit_test(a_conversation_that_broke_off_speaks_for_nobody_else),
	    cmocka_unit_test(what_kills_the_inspector_does_so_for_all_who_say_it),
	    cmocka_unit_test(after_other_rules_came_all_is_asked_about_anew),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
