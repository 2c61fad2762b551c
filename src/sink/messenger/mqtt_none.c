/* SPDX-License-Identifier: Apache-2.0 */

/* In place of mqtt.c where libmosquitto is missing. */

#include <stdio.h>

#include "sink/messenger/outlet.h"

struct outlet *
mqtt_open(const char *url, const struct messenger_setup *setup, const char *site,
    struct porch_error *error)
{
	(void)url;
	(void)setup;
	(void)site;
	snprintf(error->text, sizeof(error->text),
	    "--mqtt: this porchlight was built without libmosquitto");
	return NULL;
}
