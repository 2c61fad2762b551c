/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/calibration.h"

#include <string.h>

#include "rules/loading.h"

#define ONE 1000 /* thousandths */

static bool
read_point(struct reader *r, json_t *object, struct calibration *c)
{
	static const char *const keys[] = {"raw", "is", NULL};
	struct calibration_point *point = &c->point[c->points];
	const struct calibration_point *before = c->points > 0 ? point - 1 : NULL;
	int64_t raw = 0, is = 0;

	if (!reader_keys(r, object, keys) ||
	    !reader_integer(r, object, "raw", true, 0, ONE, &raw) ||
	    !reader_integer(r, object, "is", true, 0, ONE, &is))
		return false;
	if (before && (raw <= before->raw || is < before->is))
		return reader_fail(r, "a point must lie after the one before it, and not below");
	*point = (struct calibration_point){.raw = (int16_t)raw, .is = (int16_t)is};
	c->points++;
	return true;
}

static bool
read_points(struct reader *r, json_t *root, struct calibration *c)
{
	json_t *array = reader_array(r, root, "point"), *item;
	size_t mark = reader_enter(r, "point"), i;

	if (!array)
		return reader_fail(r, "point is missing");
	c->point = reader_take(r, json_array_size(array) * sizeof(*c->point));
	if (!c->point)
		return false;
	json_array_foreach(array, i, item)
	{
		size_t inner = reader_enter_item(r, i);

		if (!read_point(r, item, c))
			return false;
		reader_leave(r, inner);
	}
	reader_leave(r, mark);
	return true;
}

/* A later folder's calibration of the same model replaces the earlier one as a whole. */
bool
load_calibration(struct loading *l, json_t *root)
{
	static const char *const keys[] = {FILE_KEYS, "calibration", "vendors", "point", NULL};
	struct list *known = &l->rules->calibrations;
	struct reader *r = &l->reader;
	struct calibration *c = reader_take(r, sizeof(*c));

	if (!c || !reader_keys(r, root, keys) || !loading_head(l, root) ||
	    !reader_text(r, root, "calibration", true, &c->model) ||
	    !reader_texts(r, root, "vendors", false, &c->vendors) || !read_points(r, root, c))
		return false;
	for (size_t i = 0; i < known->count; i++) {
		const struct calibration *earlier = known->item[i];

		if (strcmp(earlier->model, c->model) == 0) {
			known->item[i] = c;
			return true;
		}
	}
	return list_add(known, c) == 0 || reader_fail(r, "out of memory");
}

const struct calibration *
rules_calibration(const struct porch_rules *rules, const char *model)
{
	for (size_t i = 0; i < rules->calibrations.count; i++) {
		const struct calibration *c = rules->calibrations.item[i];

		if (strcmp(c->model, model) == 0)
			return c;
	}
	return NULL;
}

int16_t
calibration_apply(const struct calibration *c, int16_t raw)
{
	const struct calibration_point *p = c ? c->point : NULL;
	size_t i = 0;
	int rise, run;

	if (!c || raw < 0)
		return raw;
	while (i < c->points && p[i].raw < raw)
		i++;
	if (i == c->points)
		return p[i - 1].is;
	if (i == 0 || p[i].raw == raw)
		return p[i].is;
	rise = p[i].is - p[i - 1].is;
	run = p[i].raw - p[i - 1].raw;
	return (int16_t)(p[i - 1].is + (rise * (raw - p[i - 1].raw) + run / 2) / run);
}

bool
calibration_covers(const struct calibration *c, const char *vendor)
{
	for (size_t i = 0; c && vendor && i < c->vendors.count; i++)
		if (strcmp(c->vendors.item[i], vendor) == 0)
			return true;
	return false;
}
