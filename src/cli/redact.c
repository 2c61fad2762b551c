/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/table.h"
#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/say.h"
#include "crypto/crypto.h"
#include "crypto/hash.h"
#include "engine.h"
#include "home/device.h"
#include "redact/redact.h"
#include "source/source.h"

#define KEY_FILE_MAX 65536
#define KEY_FILE_MIN 16
#define OUT_MODE     0600 /* the capture of a home, until somebody gives it away */

/* One capture on its way into another. */
struct redacting {
	struct analysis analysis;
	const char *path;
	struct redactor *redactor;
	struct source_facts facts;
	struct writer writer;
	char part[4096]; /* where it is written until it is whole */
};

/* The key is the SHA-256 of whatever the file holds. */
static bool
read_key(const char *path, uint8_t key[static SHA256_SIZE])
{
	uint8_t *bytes = malloc(KEY_FILE_MAX + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC), number = errno;
	ssize_t len = -1, got = 1;
	bool good = false;

	for (len = 0; bytes && fd >= 0 && got > 0 && len <= KEY_FILE_MAX; len += got) {
		got = read(fd, bytes + len, (size_t)(KEY_FILE_MAX + 1 - len));
		number = errno;
		if (got < 0)
			break;
	}
	if (fd < 0 || got < 0)
		say("--key: %s: %s", path, strerror(number));
	else if (!bytes || len < KEY_FILE_MIN || len > KEY_FILE_MAX)
		say("--key: %s: expected %d to %d bytes", path, KEY_FILE_MIN, KEY_FILE_MAX);
	else
		good = sha256_bytes(bytes, (size_t)len, key);
	if (fd >= 0)
		close(fd);
	free(bytes);
	return good;
}

static bool
take_key(const struct options *options, uint8_t key[static SHA256_SIZE])
{
	if (!crypto_init())
		return false;
	if (options->key)
		return read_key(options->key, key);
	if (getrandom(key, SHA256_SIZE, 0) == SHA256_SIZE)
		return true;
	say("no random numbers: %s", strerror(errno));
	return false;
}

static bool
write_piece(const void *bytes, size_t len, void *user)
{
	struct writer *writer = user;

	write_bytes(writer, bytes, len);
	return writer->error == 0;
}

static void
see_flow(const struct porch_flow *flow, void *user)
{
	struct redacting *r = user;

	redactor_learn_flow(r->redactor, flow);
}

/* What devices said of themselves, by the rules that matched it. */
static void
claim_hints(struct redacting *r, const struct table *devices)
{
	const struct device *device = table_first(devices);
	struct hint_match match;

	for (; device; device = table_next(devices, device))
		for (unsigned i = 0; i < device->hints; i++)
			if (rules_hint(r->analysis.rules, (enum hint_kind)device->hint[i].kind,
			        device->hint[i].text, &match))
				redactor_claim(r->redactor, &device->key.mac, &device->key.addr,
				    match.rule.id);
}

static struct source *
open_capture(struct redacting *r)
{
	struct porch_error error = {.offset = -1};
	struct source *source = source_open(r->path, NULL, &error);

	if (source)
		return source;
	say_error(&error);
	r->analysis.outcome.no_input = true;
	return NULL;
}

/* The first reading: an analysis, for its flows and devices, and what frames show beside. */
static bool
learn(struct redacting *r)
{
	const struct engine_setup setup = {
	    .rules = r->analysis.rules,
	    .mirror = r->analysis.options->engine.mirror,
	    .flow = see_flow,
	    .user = r,
	};
	struct porch_error error = {.offset = -1};
	struct source *source = open_capture(r);
	struct engine *engine = source ? engine_new(&setup, &error) : NULL;
	struct engine_result result;
	struct frame frame;

	if (source && !engine)
		say_error(&error);
	while (engine && source_next(source, &frame) == SOURCE_FRAME) {
		engine_frame(engine, &frame);
		redactor_learn(r->redactor, &frame);
	}
	if (engine) {
		for (size_t i = 0; source_comment(source, i); i++)
			engine_comment(engine, source_comment(source, i));
		engine_finish(engine, &result);
		claim_hints(r, result.devices);
		r->facts = *source_facts(source);
		if (!r->facts.complete) {
			say_error(source_error(source));
			r->analysis.outcome.incomplete = true;
		}
	}
	engine_free(engine);
	source_close(source);
	return engine != NULL;
}

/* The second reading: the same frames, written again. */
static bool
rewrite(struct redacting *r)
{
	struct source *source = open_capture(r);
	struct frame frame;
	bool good;

	if (!source)
		return false;
	good = redactor_begin(r->redactor);
	while (good && source_next(source, &frame) == SOURCE_FRAME)
		good = redactor_frame(r->redactor, &frame);
	good = good && redactor_finish(r->redactor, r->facts.dropped);
	if (strcmp(source_facts(source)->content_sha256, r->facts.content_sha256) != 0 && good) {
		say("%s: changed while it was read", r->path);
		r->analysis.outcome.no_input = true;
		good = false;
	}
	source_close(source);
	return good;
}

static void
blame_output(struct redacting *r, const char *path, int number)
{
	if (r->analysis.outcome.no_input)
		return;
	say("%s: cannot be written: %s", path, strerror(number));
	r->analysis.outcome.not_written = true;
}

/* Under a name of its own until it is whole, as a report's files are. */
static void
write_capture(struct redacting *r, const char *path)
{
	int fd;
	bool good;

	if (snprintf(r->part, sizeof(r->part), "%s.part", path) >= (int)sizeof(r->part)) {
		blame_output(r, path, ENAMETOOLONG);
		return;
	}
	unlink(r->part);
	fd = open(r->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, OUT_MODE);
	if (fd < 0) {
		blame_output(r, path, errno);
		return;
	}
	writer_init(&r->writer, fd);
	good = rewrite(r) && writer_finish(&r->writer) == WRITER_DONE;
	if (!good)
		blame_output(r, path, r->writer.error);
	else if (fsync(fd) != 0 && errno != EINVAL && errno != ENOTSUP)
		blame_output(r, path, errno);
	close(fd);
	if (!r->analysis.outcome.not_written && !r->analysis.outcome.no_input &&
	    rename(r->part, path) != 0)
		blame_output(r, path, errno);
	if (r->analysis.outcome.not_written || r->analysis.outcome.no_input)
		unlink(r->part);
	else if (redactor_shared(r->redactor) > 0)
		say("%" PRIu64 " addresses had to share a pseudonym: more were seen than there is "
		    "room for",
		    redactor_shared(r->redactor));
}

static bool
same_file(const char *a, const char *b)
{
	struct stat one, other;

	return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_dev == other.st_dev &&
	       one.st_ino == other.st_ino;
}

static int
redact_capture(const struct options *options)
{
	struct redacting r = {.path = options->arguments.item[0]};
	struct redactor_setup setup = {.write = write_piece, .user = &r.writer};
	struct analysis *analysis = &r.analysis;

	analysis_begin(analysis, options);
	if (!take_key(options, setup.key)) {
		analysis->outcome.usage = true;
	} else if (analysis_prepare(analysis)) {
		setup.rules = analysis->rules;
		r.redactor = redactor_new(&setup);
		if (!r.redactor)
			blame_output(&r, options->output, ENOMEM);
		else if (learn(&r))
			write_capture(&r, options->output);
		else
			analysis->outcome.no_input = true;
		redactor_free(r.redactor);
	}
	analysis_free(analysis);
	return (int)outcome_status(&analysis->outcome);
}

int
redact_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_REDACT, "redact [options] CAPTURE -o OUT", argc, argv,
	        &status)) {
		if (options.arguments.count != 1 || !options.output)
			status = command_refuse("redact", "expected CAPTURE and -o OUT");
		else if (strcmp(options.arguments.item[0], "-") == 0)
			status = command_refuse("redact",
			    "a capture is read twice, which standard input cannot be");
		else if (same_file(options.arguments.item[0], options.output))
			status = command_refuse("redact", "OUT is the capture itself");
		else
			status = redact_capture(&options);
	}
	options_free(&options);
	return status;
}
