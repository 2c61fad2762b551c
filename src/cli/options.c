/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config.h"
#include "cli/option_rows.h"
#include "rules/pool.h"

/* What getopt_long answers for row i of the table; letters answer the same. */
#define ROW_BASE 256

/* getopt's own spelling of the rows a command knows. */
struct spelling {
	struct option options[OPTION_ROWS + 1];
	char letters[2 * OPTION_ROWS + 3];
};

static void
spell(struct spelling *s, enum command_bit command)
{
	size_t count = 0;
	size_t letters = 0;

	memset(s, 0, sizeof(*s));
	s->letters[letters++] = '-'; /* arguments come in order, whatever POSIXLY_CORRECT says */
	s->letters[letters++] = ':';
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		if (!(option_rows[i].commands & command))
			continue;
		s->options[count++] = (struct option){
		    .name = option_rows[i].name,
		    .has_arg = option_rows[i].value ? required_argument : no_argument,
		    .val = ROW_BASE + (int)i,
		};
		if (option_rows[i].letter) {
			s->letters[letters++] = (char)option_rows[i].letter;
			if (option_rows[i].value)
				s->letters[letters++] = ':';
		}
	}
}

static const struct option_row *
row_of(int answer)
{
	if (answer >= ROW_BASE)
		return &option_rows[answer - ROW_BASE];
	for (size_t i = 0; i < OPTION_ROWS; i++)
		if (option_rows[i].letter && option_rows[i].letter == answer)
			return &option_rows[i];
	return NULL;
}

static bool
refuse(struct porch_error *error, const char *option, const char *why)
{
	snprintf(error->text, sizeof(error->text), "%s: %s", option, why);
	return false;
}

/* getopt takes a beginning of a name for the name: scripts would break when names are added. */
static bool
spelt_out(const char *text, const struct option_row *row)
{
	size_t len = strlen(row->name);

	return strncmp(text, "--", 2) != 0 || (strncmp(text + 2, row->name, len) == 0 &&
	                                          (text[2 + len] == '\0' || text[2 + len] == '='));
}

static bool
take(struct options *o, const struct option_row *row, const char *value, struct porch_error *error)
{
	size_t at = (size_t)(row - option_rows);

	o->given[at / 64] |= UINT64_C(1) << at % 64;
	if (option_set(row, o, value))
		return true;
	snprintf(error->text, sizeof(error->text), "--%s: expected %s, not '%s'", row->name,
	    row->wanted, value);
	return false;
}

/* What getopt could not make sense of: its ':' and '?' answers. */
static bool
refuse_unknown(struct porch_error *error, int answer, const char *text)
{
	const struct option_row *row = optopt ? row_of(optopt) : NULL;
	char name[256];

	if (row)
		snprintf(name, sizeof(name), "--%s", row->name);
	else if (optopt > 0 && optopt < ROW_BASE)
		snprintf(name, sizeof(name), "-%c", optopt);
	else
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(text, "="), text);
	if (answer == ':')
		return refuse(error, name, "a value is missing");
	if (row && !row->value && strchr(text, '='))
		return refuse(error, name, "takes no value");
	return refuse(error, name, "unknown option");
}

/* What options say of each other. */
static bool
agree(const struct options *o, struct porch_error *error)
{
	if (o->outputs & (o->outputs - 1))
		return refuse(error, o->sink_option, "only one of --json, --ndjson and --csv");
	if (o->features && o->outputs)
		return refuse(error, "--features", "only one of --json and --features");
	if (o->chart && !o->output)
		return refuse(error, "--chart", "needs -o FILE.svg");
	if (o->engine.use_since && o->engine.use_until && o->engine.until < o->engine.since)
		return refuse(error, "--until", "lies before --since");
	if (o->flows && strcmp(o->sink, "ndjson") != 0 && !o->folder)
		return refuse(error, "--flows", "flow records need --ndjson or --out");
	if (o->flows && o->redact != PORCH_REDACT_NONE)
		return refuse(error, "--flows", "flow records are not told in a redacted report");
	return true;
}

bool
options_given(const struct options *options, const struct option_row *row)
{
	size_t at = (size_t)(row - option_rows);

	return options->given[at / 64] >> at % 64 & 1;
}

bool
options_make_room(struct options *o, size_t more)
{
	struct words *lists[] = {&o->rules, &o->geo, &o->home, &o->devices, &o->labels, &o->truths,
	    &o->mqtt, &o->webhook, &o->exec, &o->written, &o->arguments};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		size_t room = lists[i]->count + more + 1;
		const char **grown = realloc(lists[i]->item, room * sizeof(*grown));

		if (!grown)
			return false;
		lists[i]->item = grown;
	}
	return true;
}

static void
lend_lists(struct options *o)
{
	o->engine.rules = o->rules.item;
	o->engine.rule_count = o->rules.count;
	o->engine.home = o->home.item;
	o->engine.home_count = o->home.count;
	o->engine.devices = o->devices.item;
	o->engine.device_count = o->devices.count;
	o->engine.labels = o->labels.item;
	o->engine.label_count = o->labels.count;
}

/* The next answer of getopt, and in *at where the word it was read from stands. */
static int
next_answer(int argc, char **argv, const struct spelling *s, int *at)
{
	*at = optind > 0 ? optind : 1;
	return getopt_long(argc, argv, s->letters, s->options, NULL);
}

static bool
read_all(struct options *o, const struct spelling *s, int argc, char **argv,
    struct porch_error *error)
{
	int answer;
	int at;

	optind = 0; /* begin anew, also where another line was read before */
	opterr = 0;
	while ((answer = next_answer(argc, argv, s, &at)) != -1) {
		const struct option_row *row = row_of(answer);

		if (answer == 1)
			o->arguments.item[o->arguments.count++] = optarg;
		else if (!row || !spelt_out(argv[at], row))
			return refuse_unknown(error, row ? '?' : answer, argv[at]);
		else if (!take(o, row, optarg, error))
			return false;
	}
	while (optind < argc)
		o->arguments.item[o->arguments.count++] = argv[optind++];
	return true;
}

/* What one says and not the other is the configuration's fault, since flags came first. */
static bool
read_config(struct options *o, struct porch_error *error)
{
	if (!config_read(o->config, o, error))
		return false;
	lend_lists(o);
	if (agree(o, error))
		return true;
	snprintf(error->file, sizeof(error->file), "%s", o->config);
	return false;
}

bool
options_read(struct options *options, enum command_bit command, int argc, char **argv,
    struct porch_error *error)
{
	struct spelling spelling;

	*options = (struct options){.sink = "terminal", .command = command};
	options->engine.since = PORCH_NO_TIME;
	options->engine.until = PORCH_NO_TIME;
	*error = (struct porch_error){.offset = -1};
	if (!options_make_room(options, (size_t)argc))
		return refuse(error, "options", "out of memory");
	spell(&spelling, command);
	if (!read_all(options, &spelling, argc, argv, error))
		return false;
	lend_lists(options);
	if (options->help || options->version)
		return true;
	return agree(options, error) && (!options->config || read_config(options, error));
}

void
options_free(struct options *options)
{
	free(options->rules.item);
	free(options->mqtt.item);
	free(options->webhook.item);
	free(options->exec.item);
	free(options->written.item);
	free(options->geo.item);
	free(options->home.item);
	free(options->devices.item);
	free(options->labels.item);
	free(options->truths.item);
	free(options->arguments.item);
	pool_free(options->config_text);
}

void
options_help(FILE *out, enum command_bit command)
{
	for (size_t i = 0; i < OPTION_ROWS; i++) {
		char left[40];

		if (!(option_rows[i].commands & command))
			continue;
		snprintf(left, sizeof(left), "--%s%s%s", option_rows[i].name,
		    option_rows[i].value ? " " : "",
		    option_rows[i].value ? option_rows[i].value : "");
		if (option_rows[i].letter)
			fprintf(out, "  -%c, %-20s  %s\n", option_rows[i].letter, left,
			    option_rows[i].help);
		else
			fprintf(out, "      %-20s  %s\n", left, option_rows[i].help);
	}
}
