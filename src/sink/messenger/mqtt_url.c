/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/mqtt_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool
refuse(struct porch_error *error, const char *why)
{
	snprintf(error->text, sizeof(error->text), "--mqtt: %s", why);
	return false;
}

/* In place; false at a broken %XX and at a NUL or control that one would make. */
static bool
decode(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		unsigned char c = (unsigned char)*in;

		if (*in == '%') {
			int high = text_hex_digit(in[1]);
			int low = high < 0 ? -1 : text_hex_digit(in[2]);

			if (low < 0)
				return false;
			c = (unsigned char)(high << 4 | low);
			in += 2;
		}
		if (c < ' ')
			return false;
		*out++ = (char)c;
	}
	*out = '\0';
	return true;
}

/* Topics are made of these; + and # mean others. */
static bool
is_prefix(const char *text)
{
	return text[0] && text[0] != '/' && text[0] != '$' && text[strlen(text) - 1] != '/' &&
	       strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/") ==
	           strlen(text);
}

static bool
read_member(struct mqtt_url *url, char *member)
{
	const struct {
		const char *key;
		const char **value;
	} known[] = {{"ca", &url->ca}, {"cert", &url->cert}, {"key", &url->key},
	    {"discovery", &url->discovery}};
	char *equals = strchr(member, '=');

	if (!equals || !equals[1])
		return false;
	*equals = '\0';
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].key, member) != 0)
			continue;
		*known[i].value = equals + 1;
		return decode(equals + 1);
	}
	return false;
}

static bool
read_query(struct mqtt_url *url, char *query)
{
	while (query) {
		char *next = strchr(query, '&');

		if (next)
			*next++ = '\0';
		if (!read_member(url, query))
			return false;
		query = next;
	}
	return true;
}

static bool
read_port(struct mqtt_url *url, const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || port == 0 || port > 65535)
		return false;
	url->port = (uint16_t)port;
	return true;
}

/* host, host:port, [address]:port */
static bool
read_host(struct mqtt_url *url, char *text)
{
	char *colon = strchr(text, ':');

	url->host = text;
	if (text[0] == '[') {
		char *end = strchr(text, ']');

		if (!end || (end[1] && end[1] != ':'))
			return false;
		colon = end[1] ? end + 1 : NULL;
		*end = '\0';
		url->host = text + 1;
	}
	if (colon)
		*colon = '\0';
	return url->host[0] && (!colon || read_port(url, colon + 1));
}

static bool
read_user(struct mqtt_url *url, char *text)
{
	char *colon = strchr(text, ':');

	if (colon) {
		*colon = '\0';
		url->password = colon + 1;
	}
	url->user = text;
	return decode(text) && (!colon || decode(colon + 1));
}

/* Cuts text at the first of the characters; what follows it, or NULL. */
static char *
cut(char *text, const char *at)
{
	char *end = strpbrk(text, at);

	if (!end)
		return NULL;
	*end = '\0';
	return end + 1;
}

static bool
read_parts(struct mqtt_url *url, char *rest, struct porch_error *error)
{
	char *query = cut(rest, "?");
	char *prefix = cut(rest, "/");
	char *at = strrchr(rest, '@');

	if (at) {
		*at = '\0';
		if (!read_user(url, rest))
			return refuse(error, "user or password cannot be read");
		rest = at + 1;
	}
	if (!read_host(url, rest))
		return refuse(error, "host or port cannot be read");
	if (prefix && prefix[0])
		url->prefix = prefix;
	if (query && !read_query(url, query))
		return refuse(error, "after ?, only ca, cert, key and discovery are known");
	if (!is_prefix(url->prefix) || !is_prefix(url->discovery))
		return refuse(error, "a prefix is made of letters, digits, _, - and /");
	if (!url->tls && (url->ca || url->cert || url->key))
		return refuse(error, "certificates need mqtts://");
	return !url->cert == !url->key || refuse(error, "cert and key need each other");
}

bool
mqtt_url_read(struct mqtt_url *url, const char *text, struct porch_error *error)
{
	char *rest;

	*url =
	    (struct mqtt_url){.port = 1883, .prefix = "porchlight", .discovery = "homeassistant"};
	if (strlen(text) >= sizeof(url->text))
		return refuse(error, "the URL is too long");
	memcpy(url->text, text, strlen(text) + 1);
	rest = url->text;
	if (strncmp(rest, "mqtts://", strlen("mqtts://")) == 0) {
		url->tls = true;
		url->port = 8883;
		rest += strlen("mqtts://");
	} else if (strncmp(rest, "mqtt://", strlen("mqtt://")) == 0) {
		rest += strlen("mqtt://");
	} else {
		return refuse(error, "no mqtt:// or mqtts:// URL");
	}
	return read_parts(url, rest, error);
}
