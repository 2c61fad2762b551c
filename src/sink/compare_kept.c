/* SPDX-License-Identifier: Apache-2.0 */

/* A report beside the packets that were kept as its proof: episodes only, by their ids. */

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sink/report.h"
#include "sink/report_state.h"

#define WHERE 128

/* What follows from the packets of an episode alone. */
static const char *const measured[] = {"device", "start", "end", "duration_s", "bytes_up",
    "bytes_down", "packets_up", "mean_kbps_up", "peak_kbps_up", "shape", "flows"};
/* What other packets have a say in: look-ups before it, and what else its device did. */
static const char *const judged[] = {"destination", "content", "footage", "p_footage"};

struct comparison {
	report_difference_fn *each;
	void *user;
	size_t differences;
};

static const json_t *
find_episode(const json_t *episodes, const char *id)
{
	const json_t *episode;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)episodes, i, episode)
	{
		const char *other = json_string_value(json_object_get(episode, "id"));

		if (other && strcmp(other, id) == 0)
			return episode;
	}
	return NULL;
}

static bool
same(const json_t *a, const json_t *b, const char *key)
{
	const json_t *x = json_object_get(a, key), *y = json_object_get(b, key);

	return (!x && !y) || (x && y && json_equal(x, y));
}

static void
differ(struct comparison *c, const char *id, const char *key, const json_t *told,
    const json_t *found)
{
	char where[WHERE];
	struct text text = text_over(where, sizeof(where));
	char *one = json_dumps(json_object_get(told, key), JSON_ENCODE_ANY | JSON_COMPACT);
	char *other = json_dumps(json_object_get(found, key), JSON_ENCODE_ANY | JSON_COMPACT);
	const struct report_difference difference = {.where = where, .told = one, .found = other};

	text_addf(&text, "episode %s: %s", id, key);
	c->differences++;
	c->each(&difference, c->user);
	free(one);
	free(other);
}

static void
compare_episode(struct comparison *c, const json_t *told, const json_t *found,
    struct report_kept *kept)
{
	const char *id = json_string_value(json_object_get(told, "id"));
	size_t before = c->differences;
	bool sure = true;

	for (size_t i = 0; i < sizeof(measured) / sizeof(measured[0]); i++)
		if (!same(told, found, measured[i]))
			differ(c, id, measured[i], told, found);
	for (size_t i = 0; i < sizeof(judged) / sizeof(judged[0]); i++)
		sure = sure && same(told, found, judged[i]);
	if (c->differences == before && sure)
		kept->equal++;
	else if (c->differences == before)
		kept->unsure++;
}

size_t
report_compare_kept(const struct report *told, const struct report *found,
    report_difference_fn *each, void *user, struct report_kept *kept)
{
	struct comparison c = {.each = each, .user = user};
	const json_t *episodes = json_object_get(told->root, "episodes"), *episode;
	const json_t *others = json_object_get(found->root, "episodes");
	size_t i;

	*kept = (struct report_kept){.equal = 0};
	json_array_foreach((json_t *)(uintptr_t)episodes, i, episode)
	{
		const char *id = json_string_value(json_object_get(episode, "id"));
		const json_t *other = id ? find_episode(others, id) : NULL;

		if (other)
			compare_episode(&c, episode, other, kept);
		else
			kept->missing++;
	}
	return c.differences;
}
