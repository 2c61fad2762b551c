/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The link by the real libmosquitto, to a broker that is played here, packet by packet (MQTT
 * 3.1.1, 3).
 */

#define _GNU_SOURCE /* RTLD_NEXT */
#include "sink/messenger/mqtt_link.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/test.h"

#define PATIENCE 20000 /* milliseconds until a test is given up */
#define LINGER   300

enum packet { CONNECT = 1, PUBLISH = 3 };

struct play {
	int listener;
	int connection;
	struct mqtt_link *link;
	char payload[128]; /* of the last PUBLISH */
	uint8_t number[2];
};

/*
 * Where another thread may come between is made wide here: between a broker's word and what
 * libmosquitto does upon it, and between a loss and who made the connection noticing.
 */
static void (*told_of_connection)(struct mosquitto *, void *, int);

static void
linger(struct mosquitto *mosquitto, void *user, int reason)
{
	told_of_connection(mosquitto, user, reason);
	poll(NULL, 0, LINGER);
}

void
mosquitto_connect_callback_set(struct mosquitto *mosq,
    void (*on_connect)(struct mosquitto *, void *, int))
{
	void (*real)(struct mosquitto *, void (*)(struct mosquitto *, void *, int));

	*(void **)&real = dlsym(RTLD_NEXT, "mosquitto_connect_callback_set");
	told_of_connection = on_connect;
	real(mosq, linger);
}

int
mosquitto_loop(struct mosquitto *mosq, int timeout, int max_packets)
{
	int (*real)(struct mosquitto *, int, int);
	int result;

	*(void **)&real = dlsym(RTLD_NEXT, "mosquitto_loop");
	result = real(mosq, timeout, max_packets);
	if (result != MOSQ_ERR_SUCCESS)
		poll(NULL, 0, LINGER);
	return result;
}

static void
wait_for(int fd)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&wait, 1, PATIENCE), 1);
}

static void
read_exactly(struct play *play, uint8_t *bytes, size_t len)
{
	size_t have = 0;

	while (have < len) {
		ssize_t got;

		wait_for(play->connection);
		got = read(play->connection, bytes + have, len - have);
		assert_true(got > 0);
		have += (size_t)got;
	}
}

/* Reads up to the next packet of a type; all are shorter than 128 bytes. */
static size_t
read_packet(struct play *play, enum packet type, uint8_t body[static 128])
{
	uint8_t head[2];

	do {
		read_exactly(play, head, sizeof(head));
		assert_true(head[1] < 128);
		read_exactly(play, body, head[1]);
	} while (head[0] >> 4 != (int)type);
	return head[1];
}

/* The payload of the next message that comes to the broker. */
static const char *
next_message(struct play *play)
{
	uint8_t body[128] = {0};
	size_t len = read_packet(play, PUBLISH, body);
	size_t topic = (size_t)(body[0] << 8 | body[1]);

	assert_true(2 + topic + 2 <= len);
	memcpy(play->number, body + 2 + topic, 2);
	memcpy(play->payload, body + 2 + topic + 2, len - topic - 4);
	play->payload[len - topic - 4] = '\0';
	return play->payload;
}

static void
acknowledge(struct play *play)
{
	const uint8_t puback[] = {0x40, 2, play->number[0], play->number[1]};

	assert_int_equal(write(play->connection, puback, sizeof(puback)), sizeof(puback));
}

/* The link connects; it has the broker's word only by welcome(). */
static void
let_in(struct play *play)
{
	uint8_t body[128];

	wait_for(play->listener);
	play->connection = accept(play->listener, NULL, NULL);
	assert_true(play->connection >= 0);
	read_packet(play, CONNECT, body);
}

static void
welcome(struct play *play)
{
	const uint8_t connack[] = {0x20, 2, 0, 0};

	assert_int_equal(write(play->connection, connack, sizeof(connack)), sizeof(connack));
}

/* Reads what happened up to this. */
static void
expect_event(struct play *play, enum link_event_kind kind)
{
	struct link_event event = {.kind = -1};

	while (event.kind != (int)kind) {
		wait_for(mqtt_link_fd(play->link));
		assert_true(mqtt_link_event(play->link, &event));
	}
}

static void
connect_link(struct play *play)
{
	let_in(play);
	welcome(play);
	expect_event(play, LINK_UP);
}

static void
lose_connection(struct play *play)
{
	close(play->connection);
	play->connection = -1;
}

static bool
publish(struct play *play, const char *payload)
{
	int number;

	return mqtt_link_publish(play->link, "porch/event", payload, strlen(payload), false,
	    &number);
}

/* Connected, and with a first message on its way. */
static int
begin(void **state)
{
	static struct play play;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	struct porch_error error;
	char url[64];

	*state = &play;
	play.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(play.listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(play.listener, 1), 0);
	assert_int_equal(getsockname(play.listener, (struct sockaddr *)&at, &size), 0);
	snprintf(url, sizeof(url), "mqtt://127.0.0.1:%u", (unsigned)ntohs(at.sin_port));
	play.link = mqtt_link_new(url, "porch", "porch/available", "home/status", &error);
	assert_non_null(play.link);
	connect_link(&play);
	assert_true(publish(&play, "first"));
	assert_string_equal(next_message(&play), "first");
	return 0;
}

static int
end(void **state)
{
	struct play *play = *state;

	mqtt_link_finish(play->link);
	lose_connection(play);
	expect_event(play, LINK_OVER);
	mqtt_link_free(play->link);
	close(play->listener);
	return 0;
}

static void
what_was_on_its_way_comes_again_before_what_is_new(void **state)
{
	struct play *play = *state;

	assert_true(publish(play, "second"));
	assert_string_equal(next_message(play), "second");
	lose_connection(play);
	expect_event(play, LINK_DOWN);
	connect_link(play);
	assert_true(publish(play, "third"));
	assert_string_equal(next_message(play), "first");
	assert_string_equal(next_message(play), "second");
	assert_string_equal(next_message(play), "third");
}

static void
what_was_acknowledged_does_not_come_again(void **state)
{
	struct play *play = *state;

	acknowledge(play);
	expect_event(play, LINK_TAKEN);
	lose_connection(play);
	expect_event(play, LINK_DOWN);
	connect_link(play);
	assert_true(publish(play, "second"));
	assert_string_equal(next_message(play), "second");
}

static void
nothing_is_taken_without_a_connection(void **state)
{
	struct play *play = *state;

	lose_connection(play);
	expect_event(play, LINK_DOWN);
	assert_false(publish(play, "second"));
	connect_link(play);
	assert_true(publish(play, "third"));
	assert_string_equal(next_message(play), "first");
	assert_string_equal(next_message(play), "third");
}

static void
nothing_is_taken_before_the_brokers_word(void **state)
{
	struct play *play = *state;

	lose_connection(play);
	let_in(play); /* and nobody has read LINK_DOWN yet */
	assert_false(publish(play, "second"));
	welcome(play);
	expect_event(play, LINK_DOWN);
	expect_event(play, LINK_UP);
	assert_true(publish(play, "third"));
	assert_string_equal(next_message(play), "first");
	assert_string_equal(next_message(play), "third");
}

/* Until it is noticed a lost connection is one that is slow. */
static void
what_is_taken_while_a_connection_breaks_is_sent_once_by_the_next(void **state)
{
	struct play *play = *state;
	char nothing;

	shutdown(play->connection, SHUT_WR);
	while (read(play->connection, &nothing, 1) > 0)
		continue;
	assert_true(publish(play, "second"));
	lose_connection(play);
	expect_event(play, LINK_DOWN);
	connect_link(play);
	assert_true(publish(play, "third"));
	assert_string_equal(next_message(play), "first");
	assert_string_equal(next_message(play), "second");
	assert_string_equal(next_message(play), "third");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_was_on_its_way_comes_again_before_what_is_new,
	        begin, end),
	    cmocka_unit_test_setup_teardown(what_was_acknowledged_does_not_come_again, begin, end),
	    cmocka_unit_test_setup_teardown(nothing_is_taken_without_a_connection, begin, end),
	    cmocka_unit_test_setup_teardown(nothing_is_taken_before_the_brokers_word, begin, end),
	    cmocka_unit_test_setup_teardown(
	        what_is_taken_while_a_connection_breaks_is_sent_once_by_the_next, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
