/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/guard.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#define NOW 1000

static const struct addr here = {4, {127, 0, 0, 1}};
static const struct addr lan = {4, {192, 168, 7, 1}};
static const struct addr phone = {4, {192, 168, 7, 30}};

#define HEADER(text)                                                                               \
	{                                                                                          \
		(text), 1                                                                          \
	}

static struct request
get(const char *path)
{
	return (struct request){.method = METHOD_GET,
	    .path = path,
	    .query = "",
	    .host = HEADER("127.0.0.1:8642"),
	    .peer = here,
	    .local = here};
}

static struct guard *
open_guard(bool token)
{
	const struct guard_setup setup = {.port = 8642, .token = token};
	struct guard *guard = guard_new(&setup);

	assert_non_null(guard);
	return guard;
}

static void
ruled(enum ruling expected, struct guard *guard, const struct request *request)
{
	assert_int_equal(expected, guard_rule(guard, request, false, NOW));
}

static void
the_host_is_the_address_that_was_asked(void **state)
{
	static const char *const ours[] = {"127.0.0.1:8642", "localhost:8642"};
	static const char *const foreign[] = {"example.net", "example.net:8642", "127.0.0.1",
	    "127.0.0.1:8643", "127.0.0.1:86420", "127.0.0.1:8642.example.net", "127.0.0.2:8642",
	    "[::1]:8642", "localhost", "LOCALHOST:8642", "localhost.:8642", "127.1:8642", "",
	    ":8642", "[127.0.0.1]:8642", "2130706433:8642", "user@127.0.0.1:8642",
	    "127.0.0.1:8642 ", "["};
	struct guard *guard = open_guard(false);
	struct request request = get("/");

	(void)state;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		request.host.value = ours[i];
		ruled(RULING_PASS, guard, &request);
	}
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		request.host.value = foreign[i];
		ruled(RULING_WRONG_HOST, guard, &request);
	}
	request.host = (struct header){NULL, 0};
	ruled(RULING_WRONG_HOST, guard, &request);
	request.host = (struct header){"127.0.0.1:8642", 2};
	ruled(RULING_WRONG_HOST, guard, &request);
	guard_free(guard);
}

static bool
is_porch(const char *host, void *user)
{
	(void)user;
	return strcmp(host, "porch.example") == 0;
}

static void
a_name_is_ours_only_where_somebody_says_so(void **state)
{
	const struct guard_setup setup = {.port = 443, .tls = true, .is_ours = is_porch};
	struct guard *guard = guard_new(&setup);
	struct request request = get("/");

	(void)state;
	request.local = lan;
	request.host.value = "porch.example";
	ruled(RULING_PASS, guard, &request);
	request.host.value = "porch.example:443";
	ruled(RULING_PASS, guard, &request);
	request.host.value = "other.example";
	ruled(RULING_WRONG_HOST, guard, &request);
	request.host.value = "localhost";
	ruled(RULING_WRONG_HOST, guard, &request);
	guard_free(guard);
}

static struct request
post(struct guard *guard, char *body, size_t size)
{
	struct request request = get("/label");
	char key[SECRET_TEXT];

	request.method = METHOD_POST;
	request.origin = (struct header)HEADER("http://127.0.0.1:8642");
	request.content_type = (struct header)HEADER("application/x-www-form-urlencoded");
	guard_form_key(guard, &request, NOW, key);
	snprintf(body, size, "device=d1&key=%s", key);
	request.body = body;
	request.body_len = strlen(body);
	return request;
}

static void
a_change_comes_from_a_page_of_ours(void **state)
{
	static const char *const origins[] = {"http://example.net", "null", "http://127.0.0.1",
	    "https://127.0.0.1:8642", "http://localhost:8642", "http://127.0.0.1:8642/", ""};
	struct guard *guard = open_guard(false);
	char body[128];
	struct request request = post(guard, body, sizeof(body));

	(void)state;
	ruled(RULING_PASS, guard, &request);
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		request.origin.value = origins[i];
		ruled(RULING_FOREIGN, guard, &request);
	}
	request.origin = (struct header){NULL, 0};
	ruled(RULING_FOREIGN, guard, &request);
	request = post(guard, body, sizeof(body));
	request.content_type.value = "text/plain";
	ruled(RULING_NOT_A_FORM, guard, &request);
	request.content_type = (struct header){NULL, 0};
	ruled(RULING_NOT_A_FORM, guard, &request);
	request = post(guard, body, sizeof(body));
	body[request.body_len - 1] ^= 1;
	ruled(RULING_FOREIGN, guard, &request);
	request.body_len = strlen("device=d1");
	ruled(RULING_FOREIGN, guard, &request);
	request.method = METHOD_OTHER;
	ruled(RULING_WRONG_METHOD, guard, &request);
	guard_free(guard);
}

static void
another_site_may_lead_here_and_no_more(void **state)
{
	struct guard *guard = open_guard(false);
	struct request request = get("/api/v1/state");
	char body[128];

	(void)state;
	request.fetch_site = (struct header)HEADER("cross-site");
	request.fetch_mode = (struct header)HEADER("no-cors");
	ruled(RULING_FOREIGN, guard, &request);
	request.fetch_mode.value = "navigate";
	ruled(RULING_FOREIGN, guard, &request);
	request.path = "/";
	ruled(RULING_PASS, guard, &request);
	request.fetch_mode.value = "cors";
	ruled(RULING_FOREIGN, guard, &request);
	request.fetch_site.value = "same-site";
	ruled(RULING_FOREIGN, guard, &request);
	request.fetch_site.value = "none";
	ruled(RULING_PASS, guard, &request);
	request = post(guard, body, sizeof(body));
	request.fetch_site = (struct header)HEADER("same-origin");
	ruled(RULING_PASS, guard, &request);
	request.fetch_site.value = "none";
	ruled(RULING_FOREIGN, guard, &request);
	guard_free(guard);
}

static void
a_token_is_traded_for_a_session_that_ends(void **state)
{
	struct guard *guard = open_guard(true);
	struct request request = get("/");
	char session[SECRET_TEXT], cookie[64], body[128];

	(void)state;
	ruled(RULING_NO_SESSION, guard, &request);
	assert_int_equal(RULING_PASS, guard_rule(guard, &request, true, NOW));
	assert_int_equal(RULING_PASS, guard_trade(guard, guard_token(guard), &phone, NOW, session));
	snprintf(cookie, sizeof(cookie), "a=b; porchlight=%s", session);
	request.cookie = (struct header)HEADER(cookie);
	ruled(RULING_PASS, guard, &request);
	assert_int_equal(RULING_NO_SESSION, guard_rule(guard, &request, false, NOW + SESSION_LAST));
	/* A key of a page without the session is none of a page with it. */
	request = post(guard, body, sizeof(body));
	request.cookie = (struct header)HEADER(cookie);
	ruled(RULING_FOREIGN, guard, &request);
	request = get("/");
	request.cookie = (struct header)HEADER(cookie);
	guard_leave(guard, &request);
	ruled(RULING_NO_SESSION, guard, &request);
	guard_free(guard);
}

static void
sessions_make_room_for_new_ones(void **state)
{
	struct guard *guard = open_guard(true);
	char first[SECRET_TEXT], session[SECRET_TEXT], cookie[64];
	struct request request = get("/");

	(void)state;
	guard_trade(guard, guard_token(guard), &phone, NOW, first);
	for (int i = 1; i <= SESSIONS; i++)
		guard_trade(guard, guard_token(guard), &phone, NOW + i, session);
	snprintf(cookie, sizeof(cookie), "porchlight=%s", first);
	request.cookie = (struct header)HEADER(cookie);
	ruled(RULING_NO_SESSION, guard, &request);
	snprintf(cookie, sizeof(cookie), "porchlight=%s", session);
	ruled(RULING_PASS, guard, &request);
	guard_free(guard);
}

static void
guessing_soon_has_to_wait(void **state)
{
	struct guard *guard = open_guard(true);
	char session[SECRET_TEXT];
	unsigned refused = 0;

	(void)state;
	for (int second = 0; second < 3600; second++)
		for (int i = 0; i < 100; i++)
			refused += guard_trade(guard, "aaaaaaaaaaaaaaaaaaaaaaaaaa", &phone,
			               NOW + second, session) == RULING_NO_SESSION;
	assert_int_equal(GUESSES + 3600 / GUESS_EVERY - 1, refused);
	/* Even the right one waits; elsewhere nobody does. */
	assert_int_equal(RULING_TOO_MANY,
	    guard_trade(guard, guard_token(guard), &phone, NOW + 3599, session));
	assert_int_equal(RULING_PASS,
	    guard_trade(guard, guard_token(guard), &lan, NOW + 3599, session));
	assert_int_equal(RULING_PASS,
	    guard_trade(guard, guard_token(guard), &phone, NOW + 3600 + GUESS_EVERY, session));
	guard_free(guard);
}

static void
a_program_may_show_the_token_itself(void **state)
{
	struct guard *guard = open_guard(true);
	struct request request = get("/metrics");
	char bearer[64];

	(void)state;
	snprintf(bearer, sizeof(bearer), "Bearer %s", guard_token(guard));
	request.authorization = (struct header)HEADER(bearer);
	ruled(RULING_PASS, guard, &request);
	for (int i = 0; i < GUESSES; i++) {
		request.authorization.value = "Bearer wrong";
		ruled(RULING_NO_SESSION, guard, &request);
	}
	ruled(RULING_TOO_MANY, guard, &request);
	guard_free(guard);
}

static struct request
open_session(struct guard *guard, char cookie[static 64])
{
	struct request request = get("/");
	char session[SECRET_TEXT];

	assert_int_equal(RULING_PASS, guard_trade(guard, guard_token(guard), &phone, NOW, session));
	snprintf(cookie, 64, COOKIE_NAME "=%s", session);
	request.cookie = (struct header)HEADER(cookie);
	return request;
}

static void
a_session_that_was_saved_goes_on_until_it_ends(void **state)
{
	struct guard *guard = open_guard(true), *later = open_guard(true);
	const int64_t clock = 1800000000, off = 3600;
	char cookie[64], saved[GUARD_STATE + 1] = "", key[SECRET_TEXT], again[SECRET_TEXT];
	struct request request = open_session(guard, cookie);

	(void)state;
	guard_save(guard, NOW, clock, saved);
	assert_null(strstr(saved, cookie + strlen(COOKIE_NAME "=")));
	assert_int_equal(RULING_NO_SESSION, guard_rule(later, &request, false, 5));
	guard_restore(later, saved, 5, clock + off); /* another clock that began anew */
	assert_int_equal(RULING_PASS, guard_rule(later, &request, false, 5));
	assert_int_equal(RULING_PASS,
	    guard_rule(later, &request, false, 5 + SESSION_LAST - off - 1));
	assert_int_equal(RULING_NO_SESSION,
	    guard_rule(later, &request, false, 5 + SESSION_LAST - off));
	guard_form_key(guard, &request, NOW, key);
	guard_form_key(later, &request, 5, again);
	assert_string_equal(key, again);
	guard_free(guard);
	guard_free(later);
}

static void
a_clock_that_went_back_makes_no_session_longer(void **state)
{
	struct guard *guard = open_guard(true), *later = open_guard(true);
	char cookie[64], saved[GUARD_STATE];
	struct request request = open_session(guard, cookie);

	(void)state;
	guard_save(guard, NOW, 1800000000, saved);
	guard_restore(later, saved, 5, 100);
	assert_int_equal(RULING_PASS, guard_rule(later, &request, false, 5));
	assert_int_equal(RULING_NO_SESSION, guard_rule(later, &request, false, 5 + SESSION_LAST));
	guard_free(guard);
	guard_free(later);
}

static void
all_sessions_have_room_in_what_is_saved(void **state)
{
	struct guard *guard = open_guard(true), *later = open_guard(true);
	char cookie[SESSIONS][64], saved[GUARD_STATE];
	struct request request[SESSIONS];

	(void)state;
	for (size_t i = 0; i < SESSIONS; i++)
		request[i] = open_session(guard, cookie[i]);
	guard_save(guard, NOW, 1800000000, saved);
	guard_restore(later, saved, NOW, 1800000000);
	for (size_t i = 0; i < SESSIONS; i++)
		assert_int_equal(RULING_PASS, guard_rule(later, &request[i], false, NOW));
	guard_free(guard);
	guard_free(later);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_host_is_the_address_that_was_asked),
	    cmocka_unit_test(a_session_that_was_saved_goes_on_until_it_ends),
	    cmocka_unit_test(a_clock_that_went_back_makes_no_session_longer),
	    cmocka_unit_test(all_sessions_have_room_in_what_is_saved),
	    cmocka_unit_test(a_name_is_ours_only_where_somebody_says_so),
	    cmocka_unit_test(a_change_comes_from_a_page_of_ours),
	    cmocka_unit_test(another_site_may_lead_here_and_no_more),
	    cmocka_unit_test(a_token_is_traded_for_a_session_that_ends),
	    cmocka_unit_test(sessions_make_room_for_new_ones),
	    cmocka_unit_test(guessing_soon_has_to_wait),
	    cmocka_unit_test(a_program_may_show_the_token_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
