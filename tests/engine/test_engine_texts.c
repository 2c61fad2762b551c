/* SPDX-License-Identifier: Apache-2.0 */
/* Texts are kept once: whoever holds one has it to the end, and nobody holds one for ever. */
#include "base/bytes.h"
#include "engine_state.h"
#include "tests/engine/home.h"

#define RESOLVER "192.168.1.1"
#define ROUNDS   400

static void
put_name(struct bytes *b, const char *host)
{
	while (*host) {
		size_t length = strcspn(host, ".");

		bytes_number(b, length);
		bytes_add(b, host, length);
		host += length + (host[length] == '.');
	}
	bytes_number(b, 0);
}

/* The bell is told that a host, by way of an alias, has an address. */
static void
look_up(struct home *h, const char *host, const char *alias, const char *address, int64_t time)
{
	uint8_t message[512];
	struct bytes b = bytes_over(message, sizeof(message));
	struct sent s = from_bell(0, time);
	struct addr addr;

	assert_true(addr_parse(address, &addr));
	bytes_add(&b, "\0\1\x81\x80\0\1\0\2\0\0\0\0", 12);
	put_name(&b, host);
	bytes_add(&b, "\0\1\0\1", 4);
	put_name(&b, host);
	bytes_add(&b, "\0\5\0\1\0\0\0\x3c\0", 9);
	bytes_number(&b, strlen(alias) + 2);
	put_name(&b, alias);
	put_name(&b, alias);
	bytes_add(&b, "\0\1\0\1\0\0\0\x3c\0\4", 10);
	bytes_add(&b, addr.bytes, 4);
	s.to = RESOLVER;
	s.to_port = 53;
	s = answer(s, (uint16_t)b.len, time);
	s.payload = message;
	see(h, &s);
}

/* The bell says something to an address, and in it whom it means, or nothing of that. */
static void
speak(struct home *h, const char *said, const char *address, unsigned number, int64_t time)
{
	struct sent s = from_bell(100, time);

	s.to = address;
	s.to_port = 80;
	s.from_port = (uint16_t)(30000 + number);
	s.tcp = true;
	if (said) {
		s.payload = said;
		s.payload_bytes = (uint16_t)strlen(said);
	}
	see(h, &s);
	s.payload = NULL;
	s = answer(s, 200, time + 1000);
	see(h, &s);
}

/* Each round has names of its own: of a look-up, of two for one address, and of a request. */
static void
name_many(struct home *h, unsigned rounds)
{
	for (unsigned i = 0; i < rounds; i++) {
		int64_t time = MORNING + (int64_t)i * SECOND;
		char host[64], alias[64], said[96], address[16];

		snprintf(address, sizeof(address), "198.51.100.%u", i % 200 + 1);
		snprintf(host, sizeof(host), "one-%u.example.com", i);
		snprintf(alias, sizeof(alias), "alias-%u.example.net", i);
		look_up(h, host, alias, address, time);
		if (i % 3 == 1) {
			snprintf(host, sizeof(host), "other-%u.example.com", i);
			look_up(h, host, alias, address, time + 1000);
		}
		snprintf(said, sizeof(said), "GET / HTTP/1.1\r\nHost: said-%u.example.org\r\n\r\n",
		    i);
		speak(h, i % 3 == 2 ? said : NULL, address, i, time + 2000);
	}
}

static size_t
texts_of(const struct home *h)
{
	return texts_count(h->engine->listener.texts);
}

static size_t
held_by(const struct destination *d)
{
	return (d->name ? 1U : 0U) + (d->aliases ? 1U : 0U) + (d->candidates ? 1U : 0U);
}

/* The key of a row says which name it is told with. */
static void
assert_named_as_keyed(const struct engine_result *r)
{
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d)) {
		if (d->name)
			assert_true(d->key.what == destination_what(d->name, NULL));
		if (d->aliases)
			assert_int_equal(strncmp(d->aliases, "alias-", 6), 0);
		if (d->candidates)
			assert_int_equal(strncmp(d->candidates, "other-", 6), 0);
	}
}

static void
receivers_that_make_room_let_their_texts_go(void **state)
{
	struct engine_setup setup = {.sizes = {.flows = 16, .destinations = 8, .names = 2}};
	struct home *h = home_new(&setup);
	const struct engine_result *r;
	size_t held = 0;

	(void)state;
	name_many(h, ROUNDS);
	r = finish(h);
	assert_named_as_keyed(r);
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d))
		held += held_by(d);
	assert_true(r->folded.rows > ROUNDS / 2);
	assert_true(held >= 8);
	assert_true(texts_of(h) >= held && texts_of(h) <= held + 2 * NAMES_TEXTS);
	home_free(h);
}

static void
what_rows_say_stays_when_the_engine_rests(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r;
	size_t names = 0, aliases = 0, candidates = 0;

	(void)state;
	name_many(h, ROUNDS);
	r = finish(h);
	engine_rest(h->engine);
	assert_named_as_keyed(r);
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d)) {
		names += d->name ? 1 : 0;
		aliases += d->aliases ? 1 : 0;
		candidates += d->candidates ? 1 : 0;
	}
	assert_true(names > ROUNDS / 4 && aliases > ROUNDS / 4 && candidates > ROUNDS / 8);
	home_free(h);
}

static void
a_snapshot_says_what_goes_on_by_its_names(void **state)
{
	struct home *h = home_new(NULL);
	struct engine_result so_far;

	(void)state;
	name_many(h, 100);
	assert_true(engine_snapshot(h->engine, NULL, &so_far));
	assert_named_as_keyed(&so_far);
	assert_true(table_count(so_far.destinations) > 50);
	engine_snapshot_free(&so_far);
	finish(h);
	home_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(receivers_that_make_room_let_their_texts_go),
	    cmocka_unit_test(what_rows_say_stays_when_the_engine_rests),
	    cmocka_unit_test(a_snapshot_says_what_goes_on_by_its_names),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
