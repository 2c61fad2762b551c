/* SPDX-License-Identifier: Apache-2.0 */
#include "source/live.h"

#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/test.h"

#define LOOKS 50 /* of at most 100 ms each */

static const char word[] = "porchlight listens";

static void
an_absent_interface_says_so(void **state)
{
	struct porch_error error = {0};

	(void)state;
	assert_null(live_open("absent0", NULL, &error));
	assert_string_equal(error.file, "absent0");
	assert_string_not_equal(error.text, "");
}

/* Sends the word to ourselves, where nobody listens. */
static void
say(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(sendto(fd, word, sizeof(word), 0, (const struct sockaddr *)&to,
	                     sizeof(to)),
	    sizeof(word));
	close(fd);
}

static bool
holds_word(const struct frame *frame)
{
	for (uint32_t i = 0; i + sizeof(word) <= frame->captured; i++)
		if (memcmp(frame->bytes + i, word, sizeof(word)) == 0)
			return true;
	return false;
}

static struct live *
open_loopback(const char *filter)
{
	struct live_options options = {.filter = filter, .interface = 3};
	struct porch_error error = {0};
	struct live *live = live_open("lo", &options, &error);

	if (!live) {
		print_message("lo: %s\n", error.text);
		skip();
	}
	return live;
}

static void
a_packet_over_loopback_arrives(void **state)
{
	struct live *live = open_loopback("udp port 9");
	struct pollfd wait = {.fd = live_fd(live), .events = POLLIN};
	enum live_result result = LIVE_NONE;
	struct porch_error error;
	struct frame frame;

	(void)state;
	assert_true(wait.fd >= 0);
	say();
	for (int i = 0; i < LOOKS && result == LIVE_NONE; i++) {
		poll(&wait, 1, 100);
		result = live_next(live, &frame, &error);
	}
	assert_int_equal(result, LIVE_FRAME);
	assert_true(holds_word(&frame));
	assert_int_equal(frame.interface, 3);
	assert_int_equal(frame.number, 1);
	assert_int_equal(frame.link_type, live_link_type(live));
	assert_int_equal(live_stats(live).received, 1);
	assert_int_equal(live_stats(live).dropped, 0);
	live_close(live);
}

static void
a_silent_interface_never_blocks(void **state)
{
	struct live *live = open_loopback("udp port 9 and udp port 10");
	struct porch_error error;
	struct frame frame;

	(void)state;
	assert_int_equal(live_next(live, &frame, &error), LIVE_NONE);
	assert_int_equal(live_clock_step(live), 0);
	live_close(live);
}

static void
a_filter_that_needs_a_name_is_refused(void **state)
{
	struct live_options options = {.filter = "host www.example.com"};
	struct porch_error error = {0};

	(void)state;
	live_close(open_loopback(NULL));
	assert_null(live_open("lo", &options, &error));
	assert_string_equal(error.text,
	    "filter: 'www.example.com' is no address; names are not looked up");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_absent_interface_says_so),
	    cmocka_unit_test(a_packet_over_loopback_arrives),
	    cmocka_unit_test(a_silent_interface_never_blocks),
	    cmocka_unit_test(a_filter_that_needs_a_name_is_refused),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
