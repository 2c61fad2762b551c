/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* SOCK_CLOEXEC, MSG_CMSG_CLOEXEC */
#include "dpi/keeper.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum wish { WISH_LAUNCH, WISH_END, WISH_END_AT_ONCE };

struct request {
	enum wish wish;
	pid_t pid;
};

struct answer {
	pid_t pid; /* of what was run; 0: it was not */
	struct process_end end;
};

struct keeper {
	int socket;
	pthread_mutex_t lock;
};

/* One message, whole, with a descriptor or none (-1) (unix(7)). */
static bool
put(int socket, const void *message, size_t size, int descriptor)
{
	struct iovec part = {.iov_base = (void *)(uintptr_t)message, .iov_len = size};
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr aligned;
	} control = {.bytes = {0}};
	struct msghdr whole = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t sent;

	if (descriptor >= 0) {
		whole.msg_control = control.bytes;
		whole.msg_controllen = sizeof(control.bytes);
		control.aligned.cmsg_level = SOL_SOCKET;
		control.aligned.cmsg_type = SCM_RIGHTS;
		control.aligned.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.aligned), &descriptor, sizeof(int));
	}
	do
		sent = sendmsg(socket, &whole, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)size;
}

/* False when the other end is closed; *descriptor is -1 when none came. */
static bool
take(int socket, void *message, size_t size, int *descriptor)
{
	struct iovec part = {.iov_base = message, .iov_len = size};
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr aligned;
	} control;
	struct msghdr whole = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof(control.bytes)};
	const struct cmsghdr *rights;
	ssize_t got;

	*descriptor = -1;
	do
		got = recvmsg(socket, &whole, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return false;
	rights = CMSG_FIRSTHDR(&whole);
	if (rights && rights->cmsg_type == SCM_RIGHTS && rights->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(descriptor, CMSG_DATA(rights), sizeof(int));
	return got == (ssize_t)size;
}

struct keeper *
keeper_new(int *its_end)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));
	int end[2];

	if (!keeper)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end) != 0) {
		free(keeper);
		return NULL;
	}
	keeper->socket = end[0];
	*its_end = end[1];
	pthread_mutex_init(&keeper->lock, NULL);
	return keeper;
}

void
keeper_free(struct keeper *keeper)
{
	if (!keeper)
		return;
	close(keeper->socket);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
}

/* Only a child of its own can be ended: whoever asks may be anybody's by now. */
static struct process_end
end_child(pid_t pid, bool at_once)
{
	siginfo_t about;

	if (pid > 0 && waitid(P_PID, (id_t)pid, &about, WEXITED | WNOHANG | WNOWAIT) == 0)
		return launch_end(pid, at_once);
	return (struct process_end){.own_fault = false};
}

void
keeper_serve(int its_end, const char *program)
{
	struct request request;
	int memory;

	while (take(its_end, &request, sizeof(request), &memory)) {
		struct launched launched = {.socket = -1};
		struct answer answer;

		memset(&answer, 0, sizeof(answer));
		if (request.wish != WISH_LAUNCH)
			answer.end = end_child(request.pid, request.wish == WISH_END_AT_ONCE);
		else if (memory >= 0 && launch_program(&launched, program, memory))
			answer.pid = launched.pid;
		else
			launched.socket = -1;
		if (memory >= 0)
			close(memory);
		put(its_end, &answer, sizeof(answer), launched.socket);
		if (launched.socket >= 0)
			close(launched.socket);
	}
}

/* One asks at a time; what comes back is the answer to it. */
static bool
ask(struct keeper *keeper, const struct request *request, int sent, struct answer *answer,
    int *received)
{
	bool answered;

	pthread_mutex_lock(&keeper->lock);
	answered = put(keeper->socket, request, sizeof(*request), sent) &&
	           take(keeper->socket, answer, sizeof(*answer), received);
	pthread_mutex_unlock(&keeper->lock);
	return answered;
}

bool
keeper_launch(struct keeper *keeper, int memory, struct launched *launched)
{
	struct request request;
	struct answer answer;
	int received = -1;

	memset(&request, 0, sizeof(request));
	request.wish = WISH_LAUNCH;
	if (!ask(keeper, &request, memory, &answer, &received) || answer.pid <= 0 || received < 0) {
		if (received >= 0)
			close(received);
		return false;
	}
	*launched = (struct launched){.pid = answer.pid, .socket = received};
	return true;
}

/* What a keeper that is gone had run went with it, killed from outside. */
struct process_end
keeper_end(struct keeper *keeper, pid_t pid, bool at_once)
{
	struct request request;
	struct answer answer;
	int received;

	memset(&request, 0, sizeof(request));
	request.wish = at_once ? WISH_END_AT_ONCE : WISH_END;
	request.pid = pid;
	if (!ask(keeper, &request, -1, &answer, &received))
		return (struct process_end){.signal = SIGKILL};
	if (received >= 0)
		close(received);
	return answer.end;
}
