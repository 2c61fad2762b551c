/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_OUTLET_H
#define SINK_MESSENGER_OUTLET_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "sink/messenger/heard.h"
#include "sink/messenger/scene.h"
#include "sink/messenger/setup.h"
#include "sink/messenger/telling.h"

/*
 * One place that is told.  No call waits for anybody.  Times are microseconds of one monotonic
 * clock, but for what is said to be of packets.
 */
struct outlet;

struct outlet_ops {
	bool every; /* is told all, whatever the cooldown holds back */
	/* Each line but a state. */
	void (*hear)(struct outlet *outlet, const struct heard *heard);
	void (*tell)(struct outlet *outlet, const struct telling *telling);
	/* After each line. */
	void (*see)(struct outlet *outlet, const struct scene *scene);
	/* Writes what it waits for; returns how many, and moves *wake to when it wants a tick. */
	size_t (*wait_for)(struct outlet *outlet, struct pollfd *fds, size_t room, int64_t *wake);
	/* After each wait: goes on with what can go on. */
	void (*tick)(struct outlet *outlet, int64_t now);
	/* Opens anew what others may have renamed. */
	void (*reopen)(struct outlet *outlet);
	/* Whether all it was given has gone out. */
	bool (*idle)(const struct outlet *outlet);
	/* The lines are over: says goodbye, and goes on being ticked until it is idle. */
	void (*close)(struct outlet *outlet);
	void (*free)(struct outlet *outlet);
};

struct outlet {
	const struct outlet_ops *ops; /* any function may be NULL but free */
};

#define OUTLET_FDS 16

/*
 * Each opens one place of the setup, or returns NULL with error->text.  What is built without
 * its library says so.
 */
struct outlet *output_open(const char *place, struct porch_error *error);
struct outlet *syslog_open(const char *path, struct porch_error *error);
/* place: of the command in the setup; runner: lent, a socket to who runs commands (hook.h). */
struct outlet *exec_open(uint8_t place, int runner, struct porch_error *error);
/* A command ended, one of this outlet's or not. */
struct hook_ran;
void exec_ran(struct outlet *outlet, const struct hook_ran *ran);
struct outlet *webhook_open(const char *url, const struct messenger_setup *setup, const char *site,
    struct porch_error *error);
struct outlet *mqtt_open(const char *url, const struct messenger_setup *setup, const char *site,
    struct porch_error *error);

/* One line on standard error. */
void outlet_say(const char *outlet, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
