/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "cli/rules_open.h"
#include "cli/say.h"
#include "cli/watch/counting_state.h"

static bool
same(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) == 0 : one == other;
}

static bool
same_words(const struct words *one, const struct words *other)
{
	if (one->count != other->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (!same(one->item[i], other->item[i]))
			return false;
	return true;
}

/* What other processes were started with, or has been opened; NULL when none of it differs. */
static const char *
needs_restart(const struct options *o, const struct options *n)
{
	const struct {
		bool same;
		const char *option;
	} fixed[] = {
	    {same_words(&o->arguments, &n->arguments), "interfaces"},
	    {same(o->engine.filter, n->engine.filter), "filter"},
	    {o->engine.no_dpi == n->engine.no_dpi, "no-dpi"},
	    {same(o->sink, n->sink), "json or ndjson"},
	    {same(o->user, n->user), "user"},
	    {same(o->history, n->history), "history"},
	    {same(o->history_key, n->history_key), "history-key"},
	    {strcmp(o->history_copy, n->history_copy) == 0, "history-copy"},
	    {o->history_minutes == n->history_minutes, "history-copy"},
	    {o->history_days == n->history_days, "history-days"},
	    {same(o->keep, n->keep), "keep"},
	    {same(o->page, n->page), "page"},
	    {same(o->page_tls, n->page_tls), "page-tls"},
	    {same_words(&o->mqtt, &n->mqtt), "mqtt"},
	    {same_words(&o->webhook, &n->webhook), "webhook"},
	    {same_words(&o->exec, &n->exec), "exec"},
	    {same_words(&o->written, &n->written), "output"},
	    {o->cooldown == n->cooldown && o->cooldown_given == n->cooldown_given, "cooldown"},
	    {o->syslog == n->syslog, "syslog"},
	    {o->digest == n->digest, "digest"},
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (!fixed[i].same)
			return fixed[i].option;
	return NULL;
}

static bool
refuse(struct porch_error *error, const char *option)
{
	*error = (struct porch_error){.offset = -1};
	snprintf(error->text, sizeof(error->text), "%s: another value needs a restart", option);
	return false;
}

static bool
reload(struct counting *c, struct options *newer, struct porch_error *error)
{
	const struct counting_setup *setup = c->setup;
	struct porch_options engine;
	struct porch_rules *rules;
	const char *fixed;

	if (!options_read(newer, FOR_WATCH, setup->argc, setup->argv, error))
		return false;
	fixed = needs_restart(c->options, newer);
	if (fixed)
		return refuse(error, fixed);
	rules = rules_open(newer, error);
	if (!rules)
		return false;
	engine = counting_engine(c, newer);
	if (!watch_reload(c->watch, rules, &engine, error)) {
		porch_rules_free(rules);
		return false;
	}
	c->engine = engine;
	if (c->history)
		history_change(c->history, rules, &c->engine);
	porch_rules_free(c->analysis.rules);
	c->analysis.rules = rules;
	return true;
}

void
counting_reload(struct counting *c)
{
	struct options *newer = calloc(1, sizeof(*newer));
	struct porch_error error = {.offset = -1, .text = "out of memory"};

	if (newer && reload(c, newer, &error)) {
		if (c->newer)
			options_free(c->newer);
		free(c->newer);
		c->options = c->newer = newer;
		say("rules and options were read anew, and hold from now on");
		return;
	}
	say_error(&error);
	say("the rules and options that were in force stay so");
	if (newer)
		options_free(newer);
	free(newer);
}
