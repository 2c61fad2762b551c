/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "sink/messenger/outbox.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/test.h"

#define BOUND (UINT64_C(64) << 10)
#define DOOR  7
#define YARD  9

static char folder[64];

static int
make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "%s", "/tmp/porchlight-outbox-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

/* Calls see() with the path of each file of the folder. */
static void
each_file(void (*see)(const char *path, void *user), void *user)
{
	DIR *list = opendir(folder);
	struct dirent *entry;

	assert_non_null(list);
	while ((entry = readdir(list)) != NULL) {
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			see(path, user);
	}
	closedir(list);
}

static void
unlink_it(const char *path, void *user)
{
	(void)user;
	unlink(path);
}

static int
remove_folder(void **state)
{
	(void)state;
	each_file(unlink_it, NULL);
	return rmdir(folder);
}

static struct outbox *
opened(const char *where, int64_t keep)
{
	struct porch_error error;
	const struct outbox_setup setup = {
	    .folder = where, .name = "webhook-1", .bound = BOUND, .keep = keep};
	struct outbox *outbox = outbox_open(&setup, &error);

	assert_non_null(outbox);
	return outbox;
}

static void
add(struct outbox *outbox, uint64_t device, const char *text)
{
	assert_true(outbox_add(outbox, device, text, strlen(text), 0));
}

static void
expect_next(struct outbox *outbox, const char *text)
{
	struct outbox_item item;

	assert_true(outbox_next(outbox, &item));
	assert_string_equal(item.bytes, text);
	assert_int_equal(item.len, strlen(text));
}

static void
expect_nothing(struct outbox *outbox)
{
	struct outbox_item item;

	assert_false(outbox_next(outbox, &item));
}

static void
items_come_in_order_and_again_until_they_are_done(void **state)
{
	const char *places[] = {folder, NULL};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct outbox *outbox = opened(places[i], 0);

		add(outbox, DOOR, "one");
		add(outbox, YARD, "two");
		add(outbox, DOOR, "three");
		expect_next(outbox, "one");
		expect_next(outbox, "two");
		outbox_done(outbox, 1);
		outbox_rewind(outbox);
		expect_next(outbox, "two");
		expect_next(outbox, "three");
		expect_nothing(outbox);
		assert_int_equal(outbox_waiting(outbox), 2);
		outbox_done(outbox, 3);
		assert_int_equal(outbox_waiting(outbox), 0);
		add(outbox, DOOR, "four");
		expect_next(outbox, "four");
		assert_int_equal(outbox_lost(outbox), 0);
		outbox_free(outbox);
	}
}

static void
what_waits_is_there_after_a_restart(void **state)
{
	struct outbox *outbox = opened(folder, 0);

	(void)state;
	for (int i = 0; i < 300; i++) {
		char text[600];

		snprintf(text, sizeof(text), "%d%500s", i, "");
		if (outbox_waiting(outbox) < 100)
			add(outbox, DOOR, text);
	}
	outbox_done(outbox, 40);
	outbox_free(outbox);
	outbox = opened(folder, 0);
	assert_int_equal(outbox_waiting(outbox), 60);
	for (int i = 40; i < 100; i++) {
		char text[600];

		snprintf(text, sizeof(text), "%d%500s", i, "");
		expect_next(outbox, text);
	}
	expect_nothing(outbox);
	add(outbox, DOOR, "next");
	expect_next(outbox, "next");
	outbox_free(outbox);
}

/* Adds until it is killed; says on the pipe what is in. */
static _Noreturn void
add_until_killed(int tell)
{
	struct outbox *outbox = opened(folder, 0);

	for (uint32_t i = 1;; i++) {
		char text[64];

		snprintf(text, sizeof(text), "item %u", i);
		if (!outbox_add(outbox, DOOR, text, strlen(text), 0) ||
		    write(tell, &i, sizeof(i)) != sizeof(i))
			_exit(1);
		if (outbox_waiting(outbox) > 200)
			outbox_done(outbox, i - 100);
	}
}

static void
a_kill_at_any_moment_loses_nothing_that_was_added(void **state)
{
	(void)state;
	for (useconds_t round = 1; round <= 20; round++) {
		uint32_t last = 0, got = 0;
		struct outbox *outbox;
		struct outbox_item item;
		int fds[2];
		pid_t child;

		assert_int_equal(pipe(fds), 0);
		child = fork();
		if (child == 0)
			add_until_killed(fds[1]);
		close(fds[1]);
		usleep(round * 700);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		while (read(fds[0], &got, sizeof(got)) == sizeof(got))
			last = got;
		close(fds[0]);
		outbox = opened(folder, 0);
		got = 0;
		while (outbox_next(outbox, &item))
			assert_int_equal(sscanf(item.bytes, "item %u", &got), 1);
		assert_true(got >= last);
		assert_true(got <= last + 1); /* added, and not yet said */
		outbox_free(outbox);
		each_file(unlink_it, NULL);
	}
}

static void
add_bytes(const char *path, void *user)
{
	struct stat about;

	assert_int_equal(stat(path, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	*(uint64_t *)user += (uint64_t)about.st_size;
}

static void
past_the_bound_the_oldest_go_first_and_are_counted(void **state)
{
	struct outbox *outbox = opened(folder, 0);
	struct outbox_item item;
	uint64_t bytes = 0;
	uint64_t expected;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		char text[300];

		snprintf(text, sizeof(text), "%d %200s", i, "");
		add(outbox, DOOR, text);
	}
	each_file(add_bytes, &bytes);
	assert_true(bytes <= BOUND + 64);
	assert_true(bytes > BOUND * 3 / 4);
	assert_int_equal(outbox_lost(outbox) + outbox_waiting(outbox), 1000);
	assert_true(outbox_lost(outbox) > 0);
	expected = outbox_lost(outbox);
	while (outbox_next(outbox, &item))
		assert_int_equal(strtoull(item.bytes, NULL, 10), expected++);
	assert_int_equal(expected, 1000);
	outbox_free(outbox);
	outbox = opened(folder, 0);
	assert_int_equal(outbox_lost(outbox) + outbox_waiting(outbox), 1000);
	outbox_free(outbox);
}

static void
what_is_too_old_is_given_up_and_counted(void **state)
{
	struct outbox *outbox = opened(folder, 1000);

	(void)state;
	assert_true(outbox_add(outbox, DOOR, "old", 3, 5000));
	outbox_tick(outbox, 6000);
	assert_int_equal(outbox_waiting(outbox), 1);
	outbox_tick(outbox, 6001);
	assert_int_equal(outbox_waiting(outbox), 0);
	assert_int_equal(outbox_lost(outbox), 1);
	assert_true(outbox_add(outbox, DOOR, "from 1970", 9, 7000));
	outbox_tick(outbox, 1000000000);
	assert_int_equal(outbox_waiting(outbox), 1);
	outbox_tick(outbox, 1000001001);
	assert_int_equal(outbox_waiting(outbox), 0);
	outbox_free(outbox);
}

/* A full disk, as the limit of a file's size shows it. */
static void
a_full_disk_is_waited_out_in_memory(void **state)
{
	struct outbox *outbox = opened(folder, 0);
	struct rlimit before, little;

	(void)state;
	add(outbox, DOOR, "on disk");
	assert_true(outbox_on_disk(outbox));
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	little = (struct rlimit){.rlim_cur = 60, .rlim_max = before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &little);
	assert_false(outbox_add(outbox, DOOR, "no room even in memory", 22, 0));
	assert_int_equal(outbox_lost(outbox), 1);
	assert_false(outbox_on_disk(outbox));
	setrlimit(RLIMIT_FSIZE, &before);
	add(outbox, DOOR, "again");
	assert_true(outbox_on_disk(outbox));
	expect_next(outbox, "on disk");
	expect_next(outbox, "again");
	expect_nothing(outbox);
	outbox_free(outbox);
}

struct found {
	const char *text;
	size_t times;
};

static void
look_for(const char *path, void *user)
{
	struct found *found = user;
	char bytes[4096];
	FILE *file = fopen(path, "rb");
	size_t len = fread(bytes, 1, sizeof(bytes), file);

	fclose(file);
	found->times += memmem(bytes, len, found->text, strlen(found->text)) != NULL;
}

static size_t
times_on_disk(const char *text)
{
	struct found found = {.text = text};

	each_file(look_for, &found);
	return found.times;
}

static void
what_is_forgotten_is_on_no_disk_and_not_delivered(void **state)
{
	struct outbox *outbox = opened(folder, 0);

	(void)state;
	add(outbox, DOOR, "the front door");
	add(outbox, YARD, "the yard");
	assert_int_equal(times_on_disk("front"), 1);
	assert_true(outbox_forget(folder, DOOR));
	assert_int_equal(times_on_disk("front"), 0);
	expect_next(outbox, "the yard");
	add(outbox, DOOR, "the front door again");
	expect_next(outbox, "the front door again");
	assert_true(outbox_forget(folder, 0));
	assert_int_equal(times_on_disk("yard"), 0);
	expect_nothing(outbox);
	add(outbox, YARD, "new");
	expect_next(outbox, "new");
	outbox_free(outbox);
	assert_true(outbox_forget("/nonexistent/folder", 0));
}

static void
what_was_delivered_leaves_no_text_behind(void **state)
{
	struct outbox *outbox = opened(folder, 0);

	(void)state;
	add(outbox, DOOR, "secret");
	assert_int_equal(times_on_disk("secret"), 1);
	outbox_done(outbox, 1);
	assert_int_equal(times_on_disk("secret"), 0);
	outbox_free(outbox);
}

static void
a_damaged_file_ends_where_the_damage_is(void **state)
{
	struct outbox *outbox = opened(folder, 0);
	char path[256];
	FILE *file;

	(void)state;
	add(outbox, DOOR, "whole");
	add(outbox, DOOR, "damaged");
	outbox_free(outbox);
	snprintf(path, sizeof(path), "%s/webhook-1-0000000001.spool", folder);
	file = fopen(path, "r+b");
	assert_non_null(file);
	fseek(file, -1, SEEK_END);
	fputc('!', file);
	fclose(file);
	outbox = opened(folder, 0);
	expect_next(outbox, "whole");
	expect_nothing(outbox);
	add(outbox, DOOR, "after");
	expect_next(outbox, "after");
	outbox_free(outbox);
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_A_FOLDER(items_come_in_order_and_again_until_they_are_done),
	    IN_A_FOLDER(what_waits_is_there_after_a_restart),
	    IN_A_FOLDER(a_kill_at_any_moment_loses_nothing_that_was_added),
	    IN_A_FOLDER(past_the_bound_the_oldest_go_first_and_are_counted),
	    IN_A_FOLDER(what_is_too_old_is_given_up_and_counted),
	    IN_A_FOLDER(a_full_disk_is_waited_out_in_memory),
	    IN_A_FOLDER(what_is_forgotten_is_on_no_disk_and_not_delivered),
	    IN_A_FOLDER(what_was_delivered_leaves_no_text_behind),
	    IN_A_FOLDER(a_damaged_file_ends_where_the_damage_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
