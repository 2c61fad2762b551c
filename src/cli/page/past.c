/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/page/past.h"

bool
past_kept(const struct options *options)
{
	(void)options;
	return false;
}

size_t
past_files(const struct options *options, struct confine_path files[static PAST_FILES])
{
	(void)options;
	(void)files;
	return 0;
}

bool
past_write(const struct options *options, enum site_work what, unsigned days, struct writer *w)
{
	(void)options;
	(void)what;
	(void)days;
	(void)w;
	return false;
}
