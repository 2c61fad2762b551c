/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/site.h"

#include <stdio.h>

bool
site_can(struct porch_error *error)
{
	snprintf(error->text, sizeof(error->text),
	    "this porchlight was built without libmicrohttpd and serves no page: --page none");
	return false;
}

bool
site_run(const struct site_setup *setup, struct porch_error *error)
{
	(void)setup;
	return site_can(error);
}
