/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs commands in turns, RUNS rounds of each once, after a round that is not counted, and
 * prints a line for each: its name; median, least and greatest CPU time (ms, of the whole
 * process tree), wall time (ms) and memory (KiB, of the largest process); then the ratio of
 * its CPU and wall time to the first command's of the same round, again in three.
 * Standard output and error of the commands are thrown away.
 * usage: measure RUNS NAME COMMAND [ARGUMENT...] [-- NAME COMMAND [ARGUMENT...]]...
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define RUNS_MOST     101
#define COMMANDS_MOST 16

extern char **environ;

struct run {
	double cpu, wall, peak;
};

struct command {
	const char *name;
	char **argv;
	struct run run[RUNS_MOST];
};

static double
ms_of(const struct timeval *t)
{
	return (double)t->tv_sec * 1e3 + (double)t->tv_usec / 1e3;
}

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Says what went wrong and ends the program: a figure of something that failed is worth nothing. */
static void
give_up(const struct command *command, const char *why, int number)
{
	fprintf(stderr, "measure: %s: %s %d\n", command->name, why, number);
	exit(1);
}

static struct run
run_once(const struct command *command)
{
	posix_spawn_file_actions_t quiet;
	struct rusage used;
	int status, failed;
	double start;
	pid_t child;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	start = now_ms();
	failed = posix_spawnp(&child, command->argv[0], &quiet, NULL, command->argv, environ);
	if (failed != 0)
		give_up(command, "cannot be run, error", failed);
	if (wait4(child, &status, 0, &used) != child || !WIFEXITED(status))
		give_up(command, "did not end by itself, status", status);
	if (WEXITSTATUS(status) != 0)
		give_up(command, "exit status", WEXITSTATUS(status));
	posix_spawn_file_actions_destroy(&quiet);
	return (struct run){
	    .cpu = ms_of(&used.ru_utime) + ms_of(&used.ru_stime),
	    .wall = now_ms() - start,
	    .peak = (double)used.ru_maxrss,
	};
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Prints median, least and greatest. */
static void
print_three(double *figure, int runs, int digits)
{
	qsort(figure, (size_t)runs, sizeof(*figure), by_size);
	printf("\t%.*f\t%.*f\t%.*f", digits, figure[runs / 2], digits, figure[0], digits,
	    figure[runs - 1]);
}

static double
cpu_of(const struct run *run)
{
	return run->cpu;
}

static double
wall_of(const struct run *run)
{
	return run->wall;
}

static double
peak_of(const struct run *run)
{
	return run->peak;
}

static void
print_figures(const struct command *command, int runs, double (*of)(const struct run *run))
{
	double figure[RUNS_MOST];

	for (int i = 0; i < runs; i++)
		figure[i] = of(&command->run[i]);
	print_three(figure, runs, 1);
}

static void
print_ratios(const struct command *command, const struct command *first, int runs,
    double (*of)(const struct run *run))
{
	double figure[RUNS_MOST];

	for (int i = 0; i < runs; i++)
		figure[i] = of(&command->run[i]) / of(&first->run[i]);
	print_three(figure, runs, 3);
}

/* Splits what follows RUNS at each "--"; returns how many commands there are, 0 for a mistake. */
static int
read_commands(int argc, char **argv, struct command *command)
{
	int count = 0;

	for (int i = 2; i < argc; i++) {
		if (count == COMMANDS_MOST || i + 1 >= argc)
			return 0;
		command[count].name = argv[i++];
		command[count++].argv = &argv[i];
		while (i < argc && strcmp(argv[i], "--") != 0)
			i++;
		argv[i] = NULL;
	}
	return count;
}

int
main(int argc, char **argv)
{
	static struct command command[COMMANDS_MOST];
	int runs = argc > 1 ? atoi(argv[1]) : 0;
	int count = read_commands(argc, argv, command);

	if (runs < 1 || runs > RUNS_MOST || count == 0) {
		fprintf(stderr, "usage: measure RUNS NAME COMMAND... [-- NAME COMMAND...]...\n");
		return 2;
	}
	for (int round = -1; round < runs; round++) /* the first one warms up */
		for (int i = 0; i < count; i++) {
			struct run run = run_once(&command[i]);

			if (round >= 0)
				command[i].run[round] = run;
		}
	for (int i = 0; i < count; i++) {
		fputs(command[i].name, stdout);
		print_figures(&command[i], runs, cpu_of);
		print_figures(&command[i], runs, wall_of);
		print_figures(&command[i], runs, peak_of);
		print_ratios(&command[i], &command[0], runs, cpu_of);
		print_ratios(&command[i], &command[0], runs, wall_of);
		putchar('\n');
	}
	return 0;
}
