/* SPDX-License-Identifier: Apache-2.0 */

/* In place of webhook.c where libcurl is missing. */

#include <stdio.h>

#include "sink/messenger/outlet.h"

struct outlet *
webhook_open(const char *url, const struct messenger_setup *setup, const char *site,
    struct porch_error *error)
{
	(void)url;
	(void)setup;
	(void)site;
	snprintf(error->text, sizeof(error->text),
	    "--webhook: this porchlight was built without libcurl");
	return NULL;
}
