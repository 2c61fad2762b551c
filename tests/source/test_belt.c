/* SPDX-License-Identifier: Apache-2.0 */
#include "source/belt.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/addr.h"
#include "tests/test.h"

#define BYTES (64U << 10)

static struct belt *belt;
static uint8_t bytes[4096];

static int
setup(void **state)
{
	(void)state;
	belt = belt_new(BYTES);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 + i / 256);
	return belt ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	belt_free(belt);
	return 0;
}

static struct belt_record
frame_of(uint32_t length, uint64_t number)
{
	return (struct belt_record){
	    .kind = BELT_FRAME,
	    .frame = {.bytes = bytes,
	        .captured = length,
	        .on_wire = length,
	        .link_type = 1,
	        .interface = 2,
	        .time = (int64_t)number * 10,
	        .number = number},
	};
}

/* Lengths of all kinds, always the same. */
static uint32_t
length_of(uint64_t number)
{
	return (uint32_t)(number * number * 7 % BELT_SNAP);
}

static void
assert_next_is(uint64_t number)
{
	struct belt_record record;

	assert_int_equal(belt_next(belt, &record), BELT_RECORD);
	assert_int_equal(record.kind, BELT_FRAME);
	assert_int_equal(record.frame.number, number);
	assert_int_equal(record.frame.time, number * 10);
	assert_int_equal(record.frame.captured, length_of(number));
	assert_int_equal(record.frame.link_type, 1);
	assert_int_equal(record.frame.interface, 2);
	assert_memory_equal(record.frame.bytes, bytes, length_of(number));
}

static void
what_is_put_comes_out_in_order(void **state)
{
	struct belt_record record = frame_of(60, 1);

	(void)state;
	assert_int_equal(belt_next(belt, &record), BELT_EMPTY);
	record = frame_of(length_of(1), 1);
	assert_true(belt_put(belt, &record));
	record = (struct belt_record){
	    .kind = BELT_LOST, .interface = 3, .reason = BELT_GONE, .time = -5, .count = -7};
	assert_true(belt_put(belt, &record));
	assert_next_is(1);
	assert_int_equal(belt_next(belt, &record), BELT_RECORD);
	assert_int_equal(record.kind, BELT_LOST);
	assert_int_equal(record.interface, 3);
	assert_int_equal(record.reason, BELT_GONE);
	assert_int_equal(record.time, -5);
	assert_int_equal(record.count, -7);
	assert_int_equal(belt_next(belt, &record), BELT_EMPTY);
}

static void
addresses_come_out_as_they_were_put(void **state)
{
	const struct addr host[2] = {
	    addr_from_ipv4(192, 0, 2, 1), {.family = 6, .bytes = {0x20, 1, 0xd, 0xb8}}};
	struct belt_record record = {.kind = BELT_HOSTS,
	    .frame = {
	        .bytes = (const uint8_t *)host, .captured = sizeof(host), .on_wire = sizeof(host)}};

	(void)state;
	assert_true(belt_put(belt, &record));
	assert_int_equal(belt_next(belt, &record), BELT_RECORD);
	assert_int_equal(record.kind, BELT_HOSTS);
	assert_int_equal(record.frame.captured, sizeof(host));
	assert_memory_equal(record.frame.bytes, host, sizeof(host));
}

static void
it_goes_round_many_times(void **state)
{
	uint64_t put = 0, got = 0;

	(void)state;
	while (got < 20000) {
		struct belt_record record = frame_of(length_of(put + 1), put + 1);

		for (; belt_has_room(belt); record = frame_of(length_of(put + 1), put + 1)) {
			assert_true(belt_put(belt, &record));
			put++;
		}
		for (unsigned i = 0; i < 17 && got < put; i++)
			assert_next_is(++got);
	}
}

static void
a_full_ring_refuses_and_keeps_what_it_has(void **state)
{
	uint64_t put = 0;

	(void)state;
	for (;; put++) {
		struct belt_record record = frame_of(length_of(put + 1), put + 1);

		if (!belt_put(belt, &record))
			break;
	}
	assert_false(belt_has_room(belt));
	assert_in_range(put, BYTES / 2200, BYTES / 900);
	for (uint64_t i = 1; i <= put; i++)
		assert_next_is(i);
	assert_true(belt_has_room(belt));
}

static void
a_long_frame_is_cut_and_its_length_kept(void **state)
{
	struct belt_record record = frame_of(3000, 1);

	(void)state;
	record.frame.on_wire = 9000;
	assert_true(belt_put(belt, &record));
	assert_int_equal(belt_next(belt, &record), BELT_RECORD);
	assert_int_equal(record.frame.captured, BELT_SNAP);
	assert_int_equal(record.frame.on_wire, 9000);
}

static bool
readable(int timeout)
{
	struct pollfd wait = {.fd = belt_fd(belt), .events = POLLIN};

	return poll(&wait, 1, timeout) == 1;
}

static void
a_reader_that_sleeps_is_woken_once(void **state)
{
	struct belt_record record = frame_of(60, 1);

	(void)state;
	assert_true(belt_sleep(belt));
	assert_true(belt_put(belt, &record));
	assert_false(readable(0));
	belt_wake(belt);
	assert_true(readable(0));
	belt_awake(belt);
	assert_false(readable(0));
	belt_wake(belt); /* it is awake */
	assert_false(readable(0));
	assert_false(belt_sleep(belt)); /* there is something to read */
}

/* The child reads as fast as it can, and sleeps when there is nothing. */
static int
read_all(uint64_t count)
{
	struct belt_record record;

	for (uint64_t i = 0; i < count;) {
		enum belt_result result = belt_next(belt, &record);

		if (result == BELT_BROKEN || (result == BELT_RECORD && record.frame.number != ++i))
			return 1;
		belt_beat(belt);
		if (result == BELT_EMPTY && belt_sleep(belt) && !readable(5000))
			return 2;
		if (result == BELT_EMPTY)
			belt_awake(belt);
	}
	return 0;
}

static void
two_processes_lose_nothing(void **state)
{
	const uint64_t count = 100000;
	pid_t pid = fork();
	int status;

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(read_all(count));
	for (uint64_t i = 1; i <= count; i++) {
		struct belt_record record = frame_of(length_of(i), i);

		while (!belt_put(belt, &record)) {
			belt_wake(belt);
			usleep(100);
		}
		if (i % 64 == 0 || i == count)
			belt_wake(belt);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_true(belt_beats(belt) >= count);
}

static void
a_reader_that_lies_gets_nothing(void **state)
{
	uint64_t *memory = aligned_alloc(64, belt_size(BYTES));
	struct belt *over;
	struct belt_record record = frame_of(60, 1);

	(void)state;
	assert_non_null(memory);
	memset(memory, 0, belt_size(BYTES));
	over = belt_over(memory, BYTES);
	assert_true(belt_has_room(over));
	memory[8] = 12345; /* more was taken than was ever written */
	assert_false(belt_has_room(over));
	assert_false(belt_put(over, &record));
	belt_free(over);
	free(memory);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(what_is_put_comes_out_in_order),
	    TEST(addresses_come_out_as_they_were_put),
	    TEST(it_goes_round_many_times),
	    TEST(a_full_ring_refuses_and_keeps_what_it_has),
	    TEST(a_long_frame_is_cut_and_its_length_kept),
	    TEST(a_reader_that_sleeps_is_woken_once),
	    TEST(two_processes_lose_nothing),
	    TEST(a_reader_that_lies_gets_nothing),
	};

	return cmocka_run_group_tests_name("belt", tests, NULL, NULL);
}
