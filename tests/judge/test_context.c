/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/context.h"

#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

/* The rules that ship, and a home with a doorbell of the maker that statements are about. */
struct home {
	struct porch_rules *rules;
	struct arena *arena;
	struct porch_device device[2];
	struct porch_document doc;
};

static int
setup(void **state)
{
	static const char *const folder = SOURCE_DIR "/rules";
	struct home *h = calloc(1, sizeof(*h));
	struct porch_error error;

	assert_non_null(h);
	h->rules = porch_rules_load(&folder, 1, &error);
	h->arena = arena_new();
	assert_non_null(h->rules);
	assert_non_null(h->arena);
	for (size_t i = 0; i < 2; i++)
		h->device[i] = (struct porch_device){
		    .id = i + 1, .vendor = "ring", .kind = PORCH_KIND_DOORBELL, .watched = true};
	h->doc = (struct porch_document){.devices = h->device, .device_count = 2};
	*state = h;
	return 0;
}

static int
teardown(void **state)
{
	struct home *h = *state;

	porch_rules_free(h->rules);
	arena_free(h->arena);
	free(h);
	return 0;
}

static void
a_maker_has_its_statements_once_the_oldest_first(void **state)
{
	struct home *h = *state;
	const struct porch_context *c;

	assert_true(contexts_make(h->rules, h->arena, &h->doc));
	assert_int_equal(h->doc.context_count, 1);
	c = &h->doc.contexts[0];
	assert_true(c->statement_count > 2);
	assert_non_null(c->limit);
	for (size_t i = 0; i < c->statement_count; i++) {
		assert_non_null(c->statements[i].source);
		if (i > 0)
			assert_true(strcmp(c->statements[i - 1].stated, c->statements[i].stated) <=
			            0);
	}
}

static void
what_was_taken_back_is_shown_with_what_took_it_back(void **state)
{
	struct home *h = *state;
	size_t withdrawn = 0, withdraws = 0;

	assert_true(contexts_make(h->rules, h->arena, &h->doc));
	for (size_t i = 0; i < h->doc.contexts[0].statement_count; i++) {
		const struct porch_statement *s = &h->doc.contexts[0].statements[i];

		withdraws += s->withdraws != NULL;
		withdrawn += s->withdrawn;
		if (s->withdrawn)
			assert_non_null(s->superseded_on);
	}
	assert_true(withdrawn > 0);
	assert_int_equal(withdrawn, withdraws);
}

static void
a_device_nobody_watches_brings_no_context(void **state)
{
	struct home *h = *state;

	h->device[0].watched = h->device[1].watched = false;
	assert_true(contexts_make(h->rules, h->arena, &h->doc));
	assert_int_equal(h->doc.context_count, 0);
	h->device[0].watched = true;
	h->device[0].vendor = NULL;
	assert_true(contexts_make(h->rules, h->arena, &h->doc));
	assert_int_equal(h->doc.context_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_maker_has_its_statements_once_the_oldest_first, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(what_was_taken_back_is_shown_with_what_took_it_back,
	        setup, teardown),
	    cmocka_unit_test_setup_teardown(a_device_nobody_watches_brings_no_context, setup,
	        teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
