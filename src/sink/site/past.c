/* SPDX-License-Identifier: Apache-2.0 */

/* What is kept of today and of the last weeks: read by errands, and again after a while. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sink/site/server.h"

#define WEEKS_DAYS 14
#define WEEKS_MOST ((size_t)512 * 1024)
#define AGAIN_S    600
#define SOON_S     30 /* after something was told */

static void
take_weeks(struct site *site, int file)
{
	char *text = malloc(WEEKS_MOST);
	size_t len = 0;

	for (ssize_t got = 1; text && got > 0 && len < WEEKS_MOST; len += (size_t)got) {
		got = read(file, text + len, WEEKS_MOST - len);
		if (got <= 0)
			break;
	}
	if (text && len > 0 && len < WEEKS_MOST) {
		char *fits = realloc(text, len);

		free(site->weeks);
		site->weeks = fits ? fits : text;
		site->weeks_len = len;
		text = NULL;
	}
	free(text);
	close(file);
}

/* A line that is longer than any of ours is read in pieces, none of which is a record. */
static void
take_today(struct site *site, int file)
{
	FILE *stream = fdopen(file, "r");
	char *line = stream ? malloc(SITE_LINE) : NULL;

	if (line)
		feed_past_begin(site->feed);
	while (line && fgets(line, SITE_LINE, stream))
		feed_past_line(site->feed, line, strlen(line));
	free(line);
	if (stream)
		fclose(stream);
	else
		close(file);
}

static void
take(struct site *site, enum site_work work, int file)
{
	bool page = work == SITE_WEEKS || work == SITE_TODAY;

	if (!page && site->waiting) {
		site->report = file;
		MHD_resume_connection(site->waiting);
	} else if (page && file >= 0) {
		work == SITE_WEEKS ? take_weeks(site, file) : take_today(site, file);
	} else if (file >= 0) {
		close(file);
	}
}

static void
begin(struct site *site, enum site_work work, int64_t *at)
{
	if (site->now >= *at && errand_begin(&site->errand, site->setup, work, WEEKS_DAYS))
		*at = site->now + AGAIN_S;
}

void
past_see(struct site *site)
{
	int file;

	if (errand_over(&site->errand, &file))
		take(site, site->errand.work, file);
	if (!site->setup->work || site->waiting)
		return;
	begin(site, SITE_TODAY, &site->today_at);
	begin(site, SITE_WEEKS, &site->weeks_at);
}

void
past_soon(struct site *site)
{
	int64_t soon = site->now + SOON_S;

	site->weeks_at = site->weeks_at > soon ? soon : site->weeks_at;
	site->today_at = site->today_at > soon ? soon : site->today_at;
}
