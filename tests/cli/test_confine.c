/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/test.h"

#define INPUT SOURCE_DIR "/captures/doorbell-day.pcapng.gz"
#define OTHER SOURCE_DIR "/README.md"

/* Whether a process that is shut in with one input finds it so; NULL: its Landlock is asked. */
static bool
holds(bool (*what)(void))
{
	static const char *const inputs[] = {INPUT};
	const struct confine confine = {.inputs = inputs, .input_count = 1};
	struct confined reached;
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		confine_enter(&confine, &reached);
		_exit((what ? what() : reached.landlock > 0) ? 0 : 1);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
opens(const char *path, int how)
{
	return open(path, how | O_CLOEXEC) >= 0;
}

static bool
reads_its_input(void)
{
	return opens(INPUT, O_RDONLY);
}

static bool
touches_nothing_else(void)
{
	return !opens(OTHER, O_RDONLY) && !opens(INPUT, O_WRONLY);
}

static bool
spills_into_a_temporary_file(void)
{
	FILE *file = tmpfile();

	return file && fputs("spilt", file) >= 0 && fflush(file) == 0;
}

static void *
do_nothing(void *user)
{
	return user;
}

static bool
starts_threads(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, do_nothing, NULL) == 0 &&
	       pthread_join(thread, NULL) == 0;
}

static void
what_is_shut_in_still_reads_its_input(void **state)
{
	(void)state;
	assert_true(holds(reads_its_input));
}

static void
what_is_shut_in_opens_no_other_file(void **state)
{
	(void)state;
	if (!holds(NULL))
		skip();
	assert_true(holds(touches_nothing_else));
}

static void
what_is_shut_in_has_temporary_files_and_threads(void **state)
{
	(void)state;
	assert_true(holds(spills_into_a_temporary_file));
	assert_true(holds(starts_threads));
}

/* Whether what captures, shut in, finds it so. */
static bool
holds_for_capturing(bool (*what)(void))
{
	const struct confine confine = {.role = CONFINE_CAPTURING};
	struct confined reached;
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		confine_enter(&confine, &reached);
		_exit((what ? what() : reached.seccomp && reached.landlock > 0) ? 0 : 1);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
hears_of_interfaces_only(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0) >= 0 && socket(AF_UNIX, SOCK_DGRAM, 0) >= 0 &&
	       socket(AF_INET, SOCK_STREAM, 0) < 0 && socket(AF_INET6, SOCK_DGRAM, 0) < 0;
}

static bool
says_nothing(void)
{
	int end[2];

	return send(socket(AF_UNIX, SOCK_DGRAM, 0), "", 1, 0) < 0 && errno == EPERM &&
	       socketpair(AF_UNIX, SOCK_STREAM, 0, end) < 0;
}

static bool
reads_no_file(void)
{
	return !opens(INPUT, O_RDONLY) && !opens(OTHER, O_RDONLY);
}

static void
what_captures_hears_and_says_nothing(void **state)
{
	(void)state;
	if (!holds_for_capturing(NULL))
		skip();
	assert_true(holds_for_capturing(hears_of_interfaces_only));
	assert_true(holds_for_capturing(says_nothing));
	assert_true(holds_for_capturing(reads_no_file));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_shut_in_still_reads_its_input),
	    cmocka_unit_test(what_is_shut_in_opens_no_other_file),
	    cmocka_unit_test(what_captures_hears_and_says_nothing),
	    cmocka_unit_test(what_is_shut_in_has_temporary_files_and_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
