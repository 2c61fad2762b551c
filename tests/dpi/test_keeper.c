/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create */
#include "dpi/keeper.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dpi/wire.h"
#include "tests/test.h"

/* A keeper, the process that keeps, and a memory to hand on. */
struct kept {
	struct keeper *keeper;
	pid_t pid;
	int memory;
};

static void
begin(struct kept *kept, const char *program)
{
	int its_end;

	unsetenv("PORCHLIGHT_FAKE");
	kept->keeper = keeper_new(&its_end);
	assert_non_null(kept->keeper);
	kept->memory = memfd_create("slices", MFD_CLOEXEC);
	assert_true(kept->memory >= 0);
	assert_int_equal(0, ftruncate(kept->memory, (off_t)WIRE_MEMORY));
	kept->pid = fork();
	if (kept->pid == 0) {
		keeper_free(kept->keeper);
		keeper_serve(its_end, program);
		_exit(0);
	}
	assert_true(kept->pid > 0);
	close(its_end);
}

static void
end(struct kept *kept)
{
	int status;

	keeper_free(kept->keeper);
	assert_int_equal(kept->pid, waitpid(kept->pid, &status, 0));
	close(kept->memory);
}

static bool
greets(const struct launched *launched)
{
	uint8_t record[WIRE_ANSWER];
	struct wire_said said;

	return recv(launched->socket, record, sizeof(record), MSG_WAITALL) == WIRE_ANSWER &&
	       wire_read_said(record, &said) && said.kind == WIRE_GREETS;
}

static void
what_it_runs_greets_over_the_socket_that_comes_back(void **state)
{
	struct launched launched;
	struct kept kept;

	(void)state;
	begin(&kept, FAKE_INSPECTOR);
	assert_true(keeper_launch(kept.keeper, kept.memory, &launched));
	assert_true(launched.pid > 0);
	assert_true(greets(&launched));
	close(launched.socket);
	keeper_end(kept.keeper, launched.pid, true);
	end(&kept);
}

static void
it_ends_what_it_is_told_to_end(void **state)
{
	struct launched launched;
	struct process_end ended;
	struct kept kept;

	(void)state;
	begin(&kept, FAKE_INSPECTOR);
	assert_true(keeper_launch(kept.keeper, kept.memory, &launched));
	ended = keeper_end(kept.keeper, launched.pid, true);
	assert_int_equal(SIGKILL, ended.signal);
	assert_false(ended.own_fault);
	assert_int_equal(-1, kill(launched.pid, 0)); /* waited for, too */
	close(launched.socket);
	end(&kept);
}

static void
it_tells_what_a_process_died_of(void **state)
{
	static const struct {
		int signal;
		bool own_fault;
	} deaths[] = {{SIGILL, true}, {SIGSYS, true}, {SIGTERM, false}};
	struct kept kept;

	(void)state;
	begin(&kept, FAKE_INSPECTOR);
	for (size_t i = 0; i < sizeof(deaths) / sizeof(deaths[0]); i++) {
		struct launched launched;
		struct process_end ended;

		assert_true(keeper_launch(kept.keeper, kept.memory, &launched));
		assert_true(greets(&launched));
		kill(launched.pid, deaths[i].signal);
		ended = keeper_end(kept.keeper, launched.pid, false);
		assert_int_equal(deaths[i].signal, ended.signal);
		assert_int_equal(deaths[i].own_fault, ended.own_fault);
		close(launched.socket);
	}
	end(&kept);
}

static void
a_program_that_cannot_be_run_is_not_run(void **state)
{
	struct launched launched;
	struct kept kept;

	(void)state;
	begin(&kept, "/nonexistent");
	assert_false(keeper_launch(kept.keeper, kept.memory, &launched));
	assert_false(keeper_launch(kept.keeper, -1, &launched));
	end(&kept);
}

static void
it_ends_no_process_but_its_own(void **state)
{
	struct process_end ended;
	pid_t other = fork();
	struct kept kept;
	int status;

	(void)state;
	if (other == 0) {
		pause();
		_exit(0);
	}
	begin(&kept, FAKE_INSPECTOR);
	ended = keeper_end(kept.keeper, other, true);
	assert_int_equal(0, ended.signal);
	assert_int_equal(0, waitpid(other, &status, WNOHANG));
	kill(other, SIGKILL);
	waitpid(other, &status, 0);
	end(&kept);
}

static void
a_keeper_that_was_killed_runs_nothing_and_blames_nobody(void **state)
{
	struct launched launched;
	struct process_end ended;
	struct kept kept;

	(void)state;
	begin(&kept, FAKE_INSPECTOR);
	kill(kept.pid, SIGKILL);
	assert_false(keeper_launch(kept.keeper, kept.memory, &launched));
	ended = keeper_end(kept.keeper, kept.pid, true);
	assert_false(ended.own_fault);
	end(&kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_it_runs_greets_over_the_socket_that_comes_back),
	    cmocka_unit_test(it_ends_what_it_is_told_to_end),
	    cmocka_unit_test(it_tells_what_a_process_died_of),
	    cmocka_unit_test(a_program_that_cannot_be_run_is_not_run),
	    cmocka_unit_test(it_ends_no_process_but_its_own),
	    cmocka_unit_test(a_keeper_that_was_killed_runs_nothing_and_blames_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
