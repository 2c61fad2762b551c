/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/errand.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES_MOST 1024 /* the server has fewer open */

/* A descriptor of a file without a name. */
static int
open_file(void)
{
	FILE *stream = tmpfile();
	int file = stream ? fcntl(fileno(stream), F_DUPFD_CLOEXEC, 3) : -1;

	if (stream)
		fclose(stream);
	return file;
}

/* Those who are connected would wait for it too. */
static _Noreturn void
do_work(const struct errand *errand, int over, const struct site_setup *setup, unsigned days)
{
	struct writer w;
	bool done;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(ERRAND_S);
	for (int fd = STDERR_FILENO + 1; fd < FILES_MOST; fd++)
		if (fd != errand->file && fd != over)
			close(fd);
	writer_init(&w, errand->file);
	done = setup->work(errand->work, days, &w, setup->user);
	_exit(writer_finish(&w) == WRITER_DONE && done ? 0 : 1);
}

bool
errand_begin(struct errand *errand, const struct site_setup *setup, enum site_work work,
    unsigned days)
{
	int ends[2];

	if (errand->pid != 0 || !setup->work || pipe(ends) != 0)
		return false;
	*errand = (struct errand){.work = work, .over = ends[0]};
	errand->file = open_file();
	errand->pid = errand->file < 0 ? -1 : fork();
	if (errand->pid == 0) {
		close(ends[0]);
		do_work(errand, ends[1], setup, days);
	}
	close(ends[1]);
	if (errand->pid > 0)
		return true;
	close(ends[0]);
	if (errand->file >= 0)
		close(errand->file);
	errand->pid = 0;
	return false;
}

static int
wait_for(pid_t pid)
{
	int status = 1;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return status;
}

bool
errand_over(struct errand *errand, int *file)
{
	struct pollfd over = {.fd = errand->over, .events = POLLIN};

	if (errand->pid == 0)
		return false;
	if (poll(&over, 1, 0) <= 0)
		return false;
	*file = errand->file;
	if (wait_for(errand->pid) != 0 || lseek(errand->file, 0, SEEK_SET) != 0) {
		close(errand->file);
		*file = -1;
	}
	close(errand->over);
	errand->pid = 0;
	return true;
}
