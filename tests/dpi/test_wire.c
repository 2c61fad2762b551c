/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "dpi/wire.h"
#include "tests/test.h"

static const struct wire_opinion opinion = {
    .number = UINT64_C(0x1122334455667788),
    .basis = BASIS_INSPECTED,
    .risks = RISK_SELF_SIGNED,
    .protocol = "TLS",
    .application = "Example",
    .ja4 = "t13d1516h2_8daaf6152771_02713d6af862",
};

static void
a_slice_arrives_as_it_was_sent(void **state)
{
	uint8_t *cell = calloc(1, WIRE_CELL);
	struct wire_slice came, sent = {
	                            .time = -5,
	                            .payload = (const uint8_t *)"hello",
	                            .length = 5,
	                            .from_originator = true,
	                            .tcp_flags = 0x18,
	                            .tcp_seq = 0xfffffffe,
	                            .tcp_ack = 7,
	                        };

	(void)state;
	wire_write_slice(cell, &sent);
	assert_true(wire_read_slice(cell, &came));
	assert_int_equal(came.time, -5);
	assert_int_equal(came.length, 5);
	assert_memory_equal(came.payload, "hello", 5);
	assert_true(came.from_originator);
	assert_int_equal(came.tcp_flags, 0x18);
	assert_int_equal(came.tcp_seq, 0xfffffffe);
	assert_int_equal(came.tcp_ack, 7);
	free(cell);
}

static void
a_slice_longer_than_its_cell_is_refused(void **state)
{
	uint8_t *cell = calloc(1, WIRE_CELL);
	struct wire_slice came, sent = {.payload = (const uint8_t *)"", .length = 0};

	(void)state;
	wire_write_slice(cell, &sent);
	assert_true(wire_read_slice(cell, &came));
	for (unsigned length = WIRE_PAYLOAD + 1; length <= 0xffff; length++) {
		cell[2] = (uint8_t)length;
		cell[3] = (uint8_t)(length >> 8);
		assert_int_equal(wire_read_slice(cell, &came), 0);
	}
	free(cell);
}

/* A flow of short packets takes few bytes of the room that its slot has. */
static void
slices_lie_one_behind_the_other(void **state)
{
	static const uint16_t length[] = {0, 1, 8, 200, WIRE_PAYLOAD, 5};
	const size_t count = sizeof(length) / sizeof(length[0]);
	uint8_t *slot = calloc(count, WIRE_CELL), *payload = calloc(1, WIRE_PAYLOAD);
	size_t written = 0, read = 0;

	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct wire_slice sent = {
		    .payload = payload, .length = length[i], .tcp_seq = (uint32_t)i};
		size_t size = wire_write_slice(slot + written, &sent);

		assert_in_range(size, 24U + length[i], 24U + length[i] + 7U);
		written += size;
	}
	for (size_t i = 0; i < count; i++) {
		struct wire_slice came;

		read += wire_read_slice(slot + read, &came);
		assert_int_equal(came.tcp_seq, i);
		assert_int_equal(came.length, length[i]);
	}
	assert_int_equal(read, written);
	free(payload);
	free(slot);
}

static void
a_question_arrives_as_it_was_asked(void **state)
{
	uint8_t record[WIRE_QUESTION];
	struct wire_question came, asked = {
	                               .number = 77,
	                               .slot = 63,
	                               .slices = 32,
	                               .protocol = 17,
	                               .family = 6,
	                               .originator_port = 50000,
	                               .responder_port = 443,
	                           };

	(void)state;
	wire_write_question(record, &asked);
	assert_true(wire_read_question(record, &came));
	assert_int_equal(came.number, 77);
	assert_int_equal(came.slot, 63);
	assert_int_equal(came.slices, 32);
	assert_int_equal(came.family, 6);
	assert_int_equal(came.originator_port, 50000);
	assert_int_equal(came.responder_port, 443);
}

static void
a_question_about_a_slot_there_is_not_is_refused(void **state)
{
	struct wire_question came,
	    asked = {.number = 1, .slot = WIRE_SLOTS, .slices = 1, .family = 4};
	uint8_t record[WIRE_QUESTION];

	(void)state;
	wire_write_question(record, &asked);
	assert_false(wire_read_question(record, &came));
	asked.slot = 0;
	asked.slices = WIRE_SLICES + 1;
	wire_write_question(record, &asked);
	assert_false(wire_read_question(record, &came));
}

static void
an_opinion_arrives_as_it_was_given(void **state)
{
	uint8_t record[WIRE_ANSWER];
	struct wire_said said;

	(void)state;
	wire_write_opinion(record, &opinion);
	assert_true(wire_read_said(record, &said));
	assert_int_equal(said.kind, WIRE_ANSWERS);
	assert_true(said.opinion.number == opinion.number);
	assert_int_equal(said.opinion.basis, BASIS_INSPECTED);
	assert_int_equal(said.opinion.risks, RISK_SELF_SIGNED);
	assert_string_equal(said.opinion.protocol, "TLS");
	assert_string_equal(said.opinion.application, "Example");
	assert_string_equal(said.opinion.ja4, opinion.ja4);
}

static void
a_greeting_arrives_as_it_was_said(void **state)
{
	struct wire_greeting greeting = {
	    .library = "4.2.0", .shut_in = SHUT_IN_ALL, .landlock = 7, .dtls = true};
	uint8_t record[WIRE_ANSWER];
	struct wire_said said;

	(void)state;
	wire_write_greeting(record, &greeting);
	assert_true(wire_read_said(record, &said));
	assert_int_equal(said.kind, WIRE_GREETS);
	assert_string_equal(said.greeting.library, "4.2.0");
	assert_int_equal(said.greeting.shut_in, SHUT_IN_ALL);
	assert_int_equal(said.greeting.landlock, 7);
	assert_true(said.greeting.dtls);
}

/* Every byte of an answer is either told back or refused: nothing is passed over. */
static void
an_answer_with_a_byte_changed_is_another_answer_or_none(void **state)
{
	uint8_t record[WIRE_ANSWER], again[WIRE_ANSWER];
	struct wire_said said;

	(void)state;
	wire_write_opinion(record, &opinion);
	for (unsigned at = 0; at < WIRE_ANSWER; at++) {
		record[at] ^= 0x55;
		if (wire_read_said(record, &said) && said.kind == WIRE_ANSWERS) {
			wire_write_opinion(again, &said.opinion);
			assert_memory_equal(again, record, WIRE_ANSWER);
		}
		record[at] ^= 0x55;
	}
}

static void
a_text_that_does_not_end_or_holds_a_blank_is_refused(void **state)
{
	uint8_t record[WIRE_ANSWER];
	struct wire_opinion odd = opinion;
	struct wire_said said;

	(void)state;
	memset(odd.protocol, 'A', sizeof(odd.protocol));
	wire_write_opinion(record, &odd);
	assert_false(wire_read_said(record, &said));
	strcpy(odd.protocol, "a b");
	wire_write_opinion(record, &odd);
	assert_false(wire_read_said(record, &said));
	strcpy(odd.protocol, "\x1b[2J");
	wire_write_opinion(record, &odd);
	assert_false(wire_read_said(record, &said));
	memcpy(odd.protocol, "a\0b", 4);
	wire_write_opinion(record, &odd);
	assert_false(wire_read_said(record, &said));
}

static void
an_opinion_of_an_unknown_kind_is_refused(void **state)
{
	uint8_t record[WIRE_ANSWER];
	struct wire_opinion odd = opinion;
	struct wire_said said;

	(void)state;
	odd.basis = BASES;
	wire_write_opinion(record, &odd);
	assert_false(wire_read_said(record, &said));
	odd = opinion;
	odd.risks = RISKS + 1;
	wire_write_opinion(record, &odd);
	assert_false(wire_read_said(record, &said));
	odd = opinion;
	odd.number = 0;
	wire_write_opinion(record, &odd);
	assert_false(wire_read_said(record, &said));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_slice_arrives_as_it_was_sent),
	    cmocka_unit_test(a_slice_longer_than_its_cell_is_refused),
	    cmocka_unit_test(slices_lie_one_behind_the_other),
	    cmocka_unit_test(a_question_arrives_as_it_was_asked),
	    cmocka_unit_test(a_question_about_a_slot_there_is_not_is_refused),
	    cmocka_unit_test(an_opinion_arrives_as_it_was_given),
	    cmocka_unit_test(a_greeting_arrives_as_it_was_said),
	    cmocka_unit_test(an_answer_with_a_byte_changed_is_another_answer_or_none),
	    cmocka_unit_test(a_text_that_does_not_end_or_holds_a_blank_is_refused),
	    cmocka_unit_test(an_opinion_of_an_unknown_kind_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
