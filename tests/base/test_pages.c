/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pages.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#define MIB 1048576

static void
pages_are_zero_and_can_be_written_to_their_end(void **state)
{
	(void)state;
	for (size_t size = 1; size < 40 * MIB; size = size * 3 + 1) {
		size_t head = size / 3;
		unsigned char *pages = pages_take(size, head), any = 0;

		assert_non_null(pages);
		for (size_t i = 0; i < size; i++)
			any |= pages[i];
		assert_int_equal(any, 0);
		pages[0] = pages[head] = pages[size - 1] = 1;
		pages_free(pages, size);
	}
}

/* What Linux says of the memory there: two letters for each thing (proc(5), VmFlags). */
static void
flags_at(const void *at, char *flags, size_t size)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	uintptr_t first, last;
	bool there = false;
	char line[512];

	assert_non_null(maps);
	flags[0] = '\0';
	while (!flags[0] && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &first, &last) == 2)
			there = (uintptr_t)at >= first && (uintptr_t)at < last;
		else if (there && strncmp(line, "VmFlags:", 8) == 0)
			snprintf(flags, size, "%s", line);
	}
	fclose(maps);
}

static void
only_what_lies_behind_the_first_pages_may_be_large(void **state)
{
	const size_t head = MIB / 4, size = 8 * MIB;
	unsigned char *pages;
	size_t edge = head;
	char flags[256];

	(void)state;
	if (access("/sys/kernel/mm/transparent_hugepage", F_OK) != 0)
		skip(); /* this machine has none */
	pages = pages_take(size, head);
	assert_non_null(pages);
	flags_at(pages, flags, sizeof(flags));
	assert_non_null(strstr(flags, " nh"));
	flags_at(pages + head, flags, sizeof(flags));
	assert_non_null(strstr(flags, " nh"));
	while (!strstr(flags, " hg") && edge < size)
		flags_at(pages + (edge += 65536), flags, sizeof(flags));
	assert_int_equal(((uintptr_t)pages + edge) % (2 * MIB), 0); /* one begins there */
	pages_free(pages, size);
}

static void
nothing_is_given_where_there_is_no_room(void **state)
{
	(void)state;
	assert_null(pages_take(SIZE_MAX / 2, 0));
	pages_free(NULL, SIZE_MAX / 2);
	pages_free(NULL, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pages_are_zero_and_can_be_written_to_their_end),
	    cmocka_unit_test(only_what_lies_behind_the_first_pages_may_be_large),
	    cmocka_unit_test(nothing_is_given_where_there_is_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
