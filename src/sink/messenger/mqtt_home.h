/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_MQTT_HOME_H
#define SINK_MESSENGER_MQTT_HOME_H

#include <stddef.h>

#include "sink/messenger/mqtt_url.h"
#include "sink/messenger/scene.h"

/*
 * What is published, in the form Home Assistant discovers devices by
 * (www.home-assistant.io/integrations/mqtt, "Device discovery payload"):
 *
 * DISCOVERY/device/porchlight_ID/config   retained: a device and its entities
 * PREFIX/ID/state                         retained: what they show
 * PREFIX/ID/event                         not retained: what happened
 * PREFIX/SITE/available                   retained: online, or offline, also as last will
 *
 * ID is a device's id or, for porchlight itself, the site's.  No topic holds a name.
 */
#define TOPIC_MAX   256
#define PAYLOAD_MAX 16384

enum topic { TOPIC_CONFIG, TOPIC_STATE, TOPIC_EVENT };

void mqtt_topic(char topic[static TOPIC_MAX], const struct mqtt_url *url, enum topic kind,
    const char *id);
void mqtt_available_topic(char topic[static TOPIC_MAX], const struct mqtt_url *url,
    const char *site);

/* Each returns the payload's length, 0 when it does not fit. */
size_t mqtt_device_config(char payload[static PAYLOAD_MAX], const struct mqtt_url *url,
    const char *site, const struct scene_device *device);
size_t mqtt_device_state(char payload[static PAYLOAD_MAX], const struct scene *scene,
    const struct scene_device *device);
size_t mqtt_site_config(char payload[static PAYLOAD_MAX], const struct mqtt_url *url,
    const char *site);
size_t mqtt_site_state(char payload[static PAYLOAD_MAX], const struct scene *scene, uint64_t lost);

#endif
