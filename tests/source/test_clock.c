/* SPDX-License-Identifier: Apache-2.0 */
#include "source/clock.h"

#include "tests/test.h"

#define START INT64_C(1700000000000000)

/* Two clocks that a test sets by hand. */
struct hands {
	int64_t real;
	int64_t monotonic;
};

static int64_t
real_hand(void *user)
{
	return ((struct hands *)user)->real;
}

static int64_t
monotonic_hand(void *user)
{
	return ((struct hands *)user)->monotonic;
}

static struct stamp
start(struct hands *hands)
{
	struct clock clock = {.real = real_hand, .monotonic = monotonic_hand, .user = hands};

	return stamp_start(&clock);
}

static void
pass(struct hands *hands, int64_t time)
{
	hands->real += time;
	hands->monotonic += time;
}

static void
a_clock_left_alone_stamps_as_the_kernel_does(void **state)
{
	struct hands hands = {.real = START, .monotonic = 5000};
	struct stamp stamp = start(&hands);

	(void)state;
	pass(&hands, 700);
	assert_int_equal(stamp_frame(&stamp, START + 650), START + 650);
	assert_int_equal(stamp_now(&stamp), START + 700);
	assert_int_equal(stamp_step(&stamp), 0);
}

static void
a_clock_that_is_set_moves_no_packet_time(void **state)
{
	struct hands hands = {.real = START, .monotonic = 5000};
	struct stamp stamp = start(&hands);

	(void)state;
	hands.real -= 3600000000;
	pass(&hands, 700);
	assert_int_equal(stamp_frame(&stamp, hands.real - 50), START + 650);
	assert_int_equal(stamp_now(&stamp), START + 700);
}

static void
a_step_is_told_once_and_a_drift_is_not(void **state)
{
	struct hands hands = {.real = START, .monotonic = 5000};
	struct stamp stamp = start(&hands);

	(void)state;
	hands.real += 400000;
	assert_int_equal(stamp_step(&stamp), 0);
	hands.real += 3600000000;
	assert_int_equal(stamp_step(&stamp), 3600400000);
	assert_int_equal(stamp_step(&stamp), 0);
	hands.real -= 7200000000;
	assert_int_equal(stamp_step(&stamp), -7200000000);
}

/* A frame waits in the kernel for 50 ms; meanwhile the clock is set. */
static void
a_frame_of_before_a_step_keeps_its_time(void **state)
{
	static const int64_t steps[] = {
	    3600000000, -3600000000, 2000000, -2000000, 56 * INT64_C(31557600000000)};

	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct hands hands = {.real = START, .monotonic = 5000};
		struct stamp stamp = start(&hands);
		int64_t kernel;

		pass(&hands, 1000000);
		assert_int_equal(stamp_frame(&stamp, hands.real), START + 1000000);
		kernel = hands.real;
		pass(&hands, 50000);
		hands.real += steps[i];
		assert_int_equal(stamp_frame(&stamp, kernel), START + 1000000);
		pass(&hands, 100000);
		assert_int_equal(stamp_frame(&stamp, hands.real - 20), START + 1149980);
		pass(&hands, 10000000);
		assert_int_equal(stamp_frame(&stamp, hands.real - 20), START + 11149980);
	}
}

static int64_t
asleep_hand(void *user)
{
	const struct hands *hands = user;

	return hands->real - START - (hands->monotonic - 5000); /* nobody set this clock */
}

static void
a_suspension_is_told_apart_from_a_step(void **state)
{
	struct hands hands = {.real = START, .monotonic = 5000};
	struct clock clock = {
	    .real = real_hand, .monotonic = monotonic_hand, .asleep = asleep_hand, .user = &hands};
	struct stamp stamp = stamp_start(&clock);

	(void)state;
	pass(&hands, 1000000);
	assert_int_equal(stamp_asleep(&stamp), 0);
	hands.real += 600000000;
	assert_int_equal(stamp_asleep(&stamp), 600000000);
	assert_int_equal(stamp_asleep(&stamp), 0);
	assert_int_equal(stamp_step(&stamp), 0);
	assert_int_equal(stamp_now(&stamp), START + 1000000);
}

static void
the_machine_goes_forward(void **state)
{
	const struct clock *clock = clock_machine();
	int64_t before = clock->monotonic(clock->user);

	(void)state;
	assert_true(clock->monotonic(clock->user) >= before);
	assert_true(clock->real(clock->user) > 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_clock_left_alone_stamps_as_the_kernel_does),
	    cmocka_unit_test(a_clock_that_is_set_moves_no_packet_time),
	    cmocka_unit_test(a_step_is_told_once_and_a_drift_is_not),
	    cmocka_unit_test(a_frame_of_before_a_step_keeps_its_time),
	    cmocka_unit_test(a_suspension_is_told_apart_from_a_step),
	    cmocka_unit_test(the_machine_goes_forward),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
