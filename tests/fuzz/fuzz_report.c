/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>

#include "sink/difference.h"
#include "sink/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
see_difference(const struct report_difference *difference, void *user)
{
	(void)user;
	if (!difference->where || !difference->where[0])
		abort();
}

static void
see_option(const char *name, const char *value, void *user)
{
	(void)value;
	*(size_t *)user += name[0] != '\0';
}

/* A report, compared with itself and with an empty one. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct porch_document empty = {
	    .summary = {.first = PORCH_NO_TIME, .last = PORCH_NO_TIME}};
	struct porch_error error;
	struct report *report, *other;
	struct writer writer;
	size_t options = 0;
	bool damaged;

	report = report_parse((const char *)bytes, len, &damaged, &error);
	if (!report)
		return 0;
	other = report_of(&empty);
	if (!other || report_compare(report, report, see_difference, NULL) != 0)
		abort();
	report_compare(report, other, see_difference, NULL);
	report_options(report, see_option, &options);
	writer_init(&writer, WRITER_NOWHERE);
	difference_text(&writer, report, other);
	difference_json(&writer, other, report);
	report_free(report);
	report_free(other);
	return 0;
}
