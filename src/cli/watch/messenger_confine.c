/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/messenger_confine.h"

#include <stdlib.h>
#include <string.h>

#include "cli/confine.h"
#include "dpi/landlock.h"
#include "sink/messenger/mqtt_url.h"

#define DNS_PORT 53 /* over TCP, when an answer is long */

struct bounds {
	int descriptor;
	uint8_t abi;
};

static void
allow(const struct bounds *bounds, const char *path, unsigned rights)
{
	if (path)
		landlock_allow(bounds->descriptor, bounds->abi, path, rights);
}

/* A file is made, and made anew after a rotation: its folder is given. */
static void
allow_folder_of(const struct bounds *bounds, const char *path)
{
	char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;

	if (slash)
		slash[slash == folder ? 1 : 0] = '\0';
	allow(bounds, slash ? folder : ".", LANDLOCK_READ | LANDLOCK_WRITE);
	free(folder);
}

/* The port of http[s]://[user@]host[:port]/... */
static uint16_t
web_port(const char *url)
{
	bool tls = strncmp(url, "https", strlen("https")) == 0;
	const char *host = strstr(url, "://");
	size_t len = host ? strcspn(host + 3, "/?#") : 0;
	size_t digits = 0;
	unsigned long port;

	host = host ? host + 3 : url;
	while (digits < len && host[len - digits - 1] >= '0' && host[len - digits - 1] <= '9')
		digits++;
	if (digits == 0 || digits == len || host[len - digits - 1] != ':')
		return tls ? 443 : 80;
	port = strtoul(host + len - digits, NULL, 10);
	return port <= 65535 ? (uint16_t)port : 0;
}

static void
allow_brokers(const struct bounds *bounds, const struct messenger_setup *setup)
{
	struct porch_error error;
	struct mqtt_url url;

	for (size_t i = 0; i < setup->mqtts.count; i++) {
		if (!mqtt_url_read(&url, setup->mqtts.item[i], &error))
			continue; /* it is refused when it is opened */
		allow(bounds, url.ca, LANDLOCK_READ);
		allow(bounds, url.cert, LANDLOCK_READ);
		allow(bounds, url.key, LANDLOCK_READ);
		landlock_allow_port(bounds->descriptor, bounds->abi, url.port);
	}
}

/* Names are looked up, and certificates, by libraries that read what they please there. */
static void
allow_network(const struct bounds *bounds, const struct messenger_setup *setup)
{
	static const char *const read[] = {"/etc", "/usr/lib", "/lib", "/lib64", "/usr/share",
	    "/usr/local/share/ca-certificates", "/run/systemd/resolve", "/run/resolvconf",
	    "/tmp/resolv.conf.d", "/dev/urandom"};

	for (size_t i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		allow(bounds, read[i], LANDLOCK_READ);
	allow_brokers(bounds, setup);
	for (size_t i = 0; i < setup->webhooks.count; i++)
		landlock_allow_port(bounds->descriptor, bounds->abi,
		    web_port(setup->webhooks.item[i]));
	landlock_allow_port(bounds->descriptor, bounds->abi, DNS_PORT);
}

static void
enter_landlock(const struct messenger_setup *setup, bool network)
{
	struct bounds bounds;

	bounds.descriptor = landlock_begin(&bounds.abi);
	if (bounds.descriptor < 0)
		return;
	allow(&bounds, setup->folder, LANDLOCK_READ | LANDLOCK_WRITE);
	for (size_t i = 0; i < setup->outputs.count; i++)
		if (strncmp(setup->outputs.item[i], "unix:", strlen("unix:")) != 0)
			allow_folder_of(&bounds, setup->outputs.item[i]);
	if (network)
		allow_network(&bounds, setup);
	if (CONFINE_SANITIZED)
		allow(&bounds, "/proc", LANDLOCK_READ);
	landlock_enter(bounds.descriptor);
}

void
messenger_confine(const struct messenger_setup *setup)
{
	bool network = setup->webhooks.count > 0 || setup->mqtts.count > 0;
	enum confine_role role = network ? CONFINE_TELLING : CONFINE_TELLING_HERE;

	confine_rights(role);
	enter_landlock(setup, network);
	confine_calls(role);
}
