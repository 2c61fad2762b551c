/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HOME_LISTENING_H
#define TESTS_HOME_LISTENING_H

/* A listener with one flow of the doorbell's, and what it heard last. */
#include <stdlib.h>
#include <string.h>

#include "home/listen.h"
#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define NOW    (1000 * SECOND)

/* Ends of the flow: the doorbell originated it. */
#define DOORBELL 0
#define SERVER   1

struct ear {
	struct listener listener;
	struct pending_pool *pool;
	struct pending *pending;
	struct flow flow;
	struct heard heard;
	struct device_key doorbell; /* inside */
	struct device_key camera;   /* another device of the home */
	uint8_t protocol;
	uint16_t port[2];
	uint32_t seq[2]; /* of the next byte */
};

static struct ear ear;

static inline void
ear_close(void)
{
	names_free(ear.listener.names);
	introductions_free(ear.listener.introductions);
	hello_reader_free(ear.listener.hellos);
	inside_free(ear.listener.inside);
	texts_free(ear.listener.texts);
	pending_pool_free(ear.pool);
	memset(&ear, 0, sizeof(ear));
}

static inline int
ear_open(uint8_t protocol, uint16_t doorbell_port, uint16_t server_port)
{
	struct mac doorbell = {{0x02, 0, 0, 0, 0, 1}}, camera = {{0x02, 0, 0, 0, 0, 2}};
	struct inside_options options = {.seed = 1};

	ear_close();
	ear.protocol = protocol;
	ear.port[DOORBELL] = doorbell_port;
	ear.port[SERVER] = server_port;
	ear.seq[DOORBELL] = UINT32_MAX - 20; /* numbers may wrap */
	ear.doorbell = device_key_mac(&doorbell);
	ear.camera = device_key_mac(&camera);
	ear.listener.texts = texts_new(16 * NAMES_TEXTS + 8, 1);
	ear.listener.names = names_new(16, ear.listener.texts, 1);
	ear.listener.introductions = introductions_new(16, 1);
	ear.listener.hellos = hello_reader_new(2);
	ear.listener.inside = inside_new(&options);
	ear.pool = pending_pool_new(2);
	if (!ear.listener.texts || !ear.listener.names || !ear.listener.introductions ||
	    !ear.listener.hellos || !ear.listener.inside || !ear.pool)
		return -1;
	ear.pending = pending_at(ear.pool, pending_take(ear.pool, 1, NOW));
	return 0;
}

static inline void
hear_packet(struct packet packet, unsigned sender, const void *bytes, size_t len)
{
	uint8_t *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len > 0)
		memcpy(copy, bytes, len);
	packet.payload = cursor_over(copy, len);
	if (packet.payload_bytes < len)
		packet.payload_bytes = (uint32_t)len;
	listen_packet(&ear.listener, &packet, &ear.flow, sender,
	    sender == SERVER ? &ear.doorbell : &ear.camera, ear.flow.settled ? NULL : ear.pending,
	    &ear.heard);
	/* As the engine does. */
	ear.flow.settled = ear.flow.settled || ear.heard.name == HEARD_NAME;
	free(copy);
}

static inline struct packet
packet_from(unsigned sender)
{
	struct addr end[2] = {addr_from_ipv4(192, 168, 1, 20), addr_from_ipv4(198, 51, 100, 7)};

	return (struct packet){
	    .time = NOW,
	    .network = NETWORK_IP,
	    .source = end[sender],
	    .target = end[!sender],
	    .protocol = ear.protocol,
	    .has_ports = true,
	    .source_port = ear.port[sender],
	    .target_port = ear.port[!sender],
	    .tcp_flags = TCP_ACK,
	    .tcp_seq = ear.seq[sender],
	};
}

/* One end says this, in memory that ends where it ends. */
static inline void
hear(unsigned sender, const void *bytes, size_t len)
{
	hear_packet(packet_from(sender), sender, bytes, len);
	ear.seq[sender] += (uint32_t)len;
}

static inline void
hear_text(unsigned sender, const char *text)
{
	hear(sender, text, strlen(text));
}

static inline int
teardown(void **state)
{
	(void)state;
	ear_close();
	return 0;
}

/* A test of what is heard over a flow that `over` opens. */
#define TEST(over, name) cmocka_unit_test_setup_teardown(name, over, teardown)

#endif
