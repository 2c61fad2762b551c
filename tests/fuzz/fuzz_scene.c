/* SPDX-License-Identifier: Apache-2.0 */
/* Event lines, as hostile names make them, up to what home automation is told of them. */
#include <stdlib.h>
#include <string.h>

#include "sink/messenger/mqtt_home.h"
#include "sink/messenger/scene.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
tell(const struct telling *telling, void *user)
{
	char body[TELLING_BODY];
	json_t *read;

	(void)user;
	if (telling_body(telling, body) == 0)
		return;
	read = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
	if (!read)
		abort(); /* what is sent is JSON, whatever was heard */
	json_decref(read);
}

static void
show(const struct scene *scene)
{
	static struct mqtt_url url;
	char payload[PAYLOAD_MAX];
	struct porch_error error;

	if (!mqtt_url_read(&url, "mqtt://broker", &error))
		abort();
	for (size_t i = 0; i < SCENE_DEVICES; i++) {
		const struct scene_device *device = scene_device(scene, i);

		if (device->id && mqtt_device_config(payload, &url, "site", device) == 0)
			abort();
		if (device->id && mqtt_device_state(payload, scene, device) == 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct scene *scene = scene_new("0123456789abcdef");
	const char *at = (const char *)bytes;
	const char *end = at + len;

	while (scene && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t line = newline ? (size_t)(newline - at) : (size_t)(end - at);
		struct heard heard;

		if (heard_read(&heard, at, line))
			scene_hear(scene, &heard, tell, NULL);
		heard_clear(&heard);
		at += line + 1;
	}
	if (scene)
		show(scene);
	scene_free(scene);
	return 0;
}
