/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_MQTT_URL_H
#define SINK_MESSENGER_MQTT_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

/*
 * mqtt[s]://[user[:password]@]host[:port][/prefix][?ca=FILE&cert=FILE&key=FILE&discovery=PREFIX]
 *
 * User, password and files may hold %XX (RFC 3986).  Without ca, the authorities that the
 * system trusts are trusted.
 */
struct mqtt_url {
	bool tls;
	uint16_t port; /* 1883, with TLS 8883 */
	const char *host;
	const char *user; /* NULL for none, as the next */
	const char *password;
	const char *prefix; /* of topics: porchlight */
	const char *ca;     /* files, NULL for none */
	const char *cert;
	const char *key;
	const char *discovery; /* homeassistant */
	char text[1024];       /* where these lie */
};

/* False with error->text, which never tells a password. */
bool mqtt_url_read(struct mqtt_url *url, const char *text, struct porch_error *error);

#endif
