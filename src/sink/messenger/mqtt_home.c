/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/mqtt_home.h"

#include <stdio.h>
#include <string.h>

#include <porchlight/engine.h>

#include "base/format.h"
#include "sink/messenger/body.h"
#include "sink/sink.h"

#define DAY (INT64_C(24) * 3600 * 1000000)

/* One entity of a device. */
struct entity {
	const char *key;      /* in the payload and in unique ids */
	const char *platform; /* of Home Assistant */
	const char *name;
	const char *value; /* member of the state that it shows; NULL for an event */
	const char *class; /* NULL for none, as the rest */
	const char *unit;
	const char *state_class;
	const char *category;
	const char *icon;
};

static const struct entity device_entities[] = {
    {"footage", "binary_sensor", "Footage leaving", "footage", .icon = "mdi:cctv"},
    {"event", "event", "Uploads", NULL, .icon = "mdi:upload-network"},
    {"footage_today", "sensor", "Footage sent today", "footage_bytes_today", .class = "data_size",
        .unit = "B", .state_class = "total_increasing"},
    {"bytes_today", "sensor", "Sent today", "bytes_today", .class = "data_size", .unit = "B",
        .state_class = "total_increasing"},
    {"last_receiver", "sensor", "Last receiver of footage", "last_receiver", .icon = "mdi:domain"},
    {"last_upload", "sensor", "Last upload of footage", "last_upload", .class = "timestamp"},
};

static const struct entity site_entities[] = {
    {"sentence", "sensor", "Now", "sentence", .icon = "mdi:cctv"},
    {"dropped", "sensor", "Frames dropped", "dropped", .state_class = "total_increasing",
        .category = "diagnostic", .icon = "mdi:package-variant-remove"},
    {"gaps", "sensor", "Gaps", "gaps", .state_class = "total_increasing", .category = "diagnostic",
        .icon = "mdi:timeline-remove"},
    {"rules_age", "sensor", "Age of the rules", "rules_age_days", .class = "duration", .unit = "d",
        .state_class = "measurement", .category = "diagnostic"},
    {"lost", "sensor", "Messages given up", "lost", .state_class = "total_increasing",
        .category = "diagnostic", .icon = "mdi:email-remove"},
};

void
mqtt_topic(char topic[static TOPIC_MAX], const struct mqtt_url *url, enum topic kind,
    const char *id)
{
	static const char *const leaf[] = {[TOPIC_STATE] = "state", [TOPIC_EVENT] = "event"};

	if (kind == TOPIC_CONFIG)
		snprintf(topic, TOPIC_MAX, "%s/device/porchlight_%s/config", url->discovery, id);
	else
		snprintf(topic, TOPIC_MAX, "%s/%s/%s", url->prefix, id, leaf[kind]);
}

void
mqtt_available_topic(char topic[static TOPIC_MAX], const struct mqtt_url *url, const char *site)
{
	snprintf(topic, TOPIC_MAX, "%s/%s/available", url->prefix, site);
}

static void
put_event_types(struct json *json)
{
	static const enum telling_kind told[] = {TELLING_UPLOAD_STARTED, TELLING_UPLOAD_ENDED,
	    TELLING_NEW_DEVICE, TELLING_NEW_RECEIVER, TELLING_TRACKER, TELLING_EVIDENCE_PLATFORM,
	    TELLING_UNSOLICITED_UPLOAD};

	put_open(json, "evt_typ", '[');
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		put_text(json, NULL, telling_event_type(told[i]));
	put_close(json, ']');
}

static void
put_if(struct json *json, const char *key, const char *text)
{
	if (text && text[0])
		put_text(json, key, text);
}

static void
put_entity(struct json *json, const struct entity *e, const struct mqtt_url *url, const char *id)
{
	char text[TOPIC_MAX];

	put_open(json, e->key, '{');
	put_text(json, "p", e->platform);
	put_text(json, "name", e->name);
	snprintf(text, sizeof(text), "porchlight_%s_%s", id, e->key);
	put_text(json, "uniq_id", text);
	mqtt_topic(text, url, e->value ? TOPIC_STATE : TOPIC_EVENT, id);
	put_text(json, "stat_t", text);
	if (e->value) {
		snprintf(text, sizeof(text), "{{ value_json.%s }}", e->value);
		put_text(json, "val_tpl", text);
	} else {
		put_event_types(json);
	}
	put_if(json, "dev_cla", e->class);
	put_if(json, "unit_of_meas", e->unit);
	put_if(json, "stat_cla", e->state_class);
	put_if(json, "ent_cat", e->category);
	put_if(json, "ic", e->icon);
	put_close(json, '}');
}

/* What every discovery payload says: who speaks, and where it says whether it is there. */
static void
put_shared(struct json *json, const struct mqtt_url *url, const char *site)
{
	char topic[TOPIC_MAX];

	put_open(json, "o", '{');
	put_text(json, "name", "porchlight");
	put_text(json, "sw", porch_version());
	put_close(json, '}');
	mqtt_available_topic(topic, url, site);
	put_open(json, "avty", '[');
	put_open(json, NULL, '{');
	put_text(json, "t", topic);
	put_close(json, '}');
	put_close(json, ']');
	put_u64(json, "qos", 1);
}

static void
put_entities(struct json *json, const struct entity *entities, size_t count,
    const struct mqtt_url *url, const char *id)
{
	put_open(json, "cmps", '{');
	for (size_t i = 0; i < count; i++)
		put_entity(json, &entities[i], url, id);
	put_close(json, '}');
}

static void
put_identifier(struct json *json, const char *id)
{
	char text[TOPIC_MAX];

	snprintf(text, sizeof(text), "porchlight_%s", id);
	put_open(json, "ids", '[');
	put_text(json, NULL, text);
	put_close(json, ']');
}

size_t
mqtt_device_config(char payload[static PAYLOAD_MAX], const struct mqtt_url *url, const char *site,
    const struct scene_device *device)
{
	struct body body;
	char id[ID_TEXT];
	char hub[64];

	id_format('d', device->id, id);
	snprintf(hub, sizeof(hub), "porchlight_%s", site);
	body_begin(&body, payload, PAYLOAD_MAX);
	put_open(&body.json, "dev", '{');
	put_identifier(&body.json, id);
	put_text(&body.json, "name", device->name[0] ? device->name : id);
	put_if(&body.json, "mf", device->vendor);
	put_if(&body.json, "mdl", device->product);
	put_text(&body.json, "via_device", hub);
	put_close(&body.json, '}');
	put_shared(&body.json, url, site);
	put_entities(&body.json, device_entities,
	    sizeof(device_entities) / sizeof(device_entities[0]), url, id);
	return body_end(&body);
}

size_t
mqtt_site_config(char payload[static PAYLOAD_MAX], const struct mqtt_url *url, const char *site)
{
	struct body body;

	body_begin(&body, payload, PAYLOAD_MAX);
	put_open(&body.json, "dev", '{');
	put_identifier(&body.json, site);
	put_text(&body.json, "name", "porchlight");
	put_text(&body.json, "sw", porch_version());
	put_close(&body.json, '}');
	put_shared(&body.json, url, site);
	put_entities(&body.json, site_entities, sizeof(site_entities) / sizeof(site_entities[0]),
	    url, site);
	return body_end(&body);
}

/* Who sees nothing does not know that nothing leaves: "None" is Home Assistant's unknown. */
static const char *
footage_word(const struct scene *scene, const struct scene_device *device)
{
	if (strcmp(scene_home(scene)->state, "blind") == 0)
		return "None";
	return device->footage ? "ON" : "OFF";
}

size_t
mqtt_device_state(char payload[static PAYLOAD_MAX], const struct scene *scene,
    const struct scene_device *device)
{
	struct body body;

	body_begin(&body, payload, PAYLOAD_MAX);
	put_text(&body.json, "footage", footage_word(scene, device));
	put_u64(&body.json, "bytes_today", device->bytes_up_today);
	put_u64(&body.json, "footage_bytes_today", device->footage_bytes_today);
	put_u64(&body.json, "footage_uploads_today", device->footage_episodes_today);
	put_text(&body.json, "last_receiver",
	    device->last_receiver[0] ? device->last_receiver : NULL);
	put_text(&body.json, "last_upload", device->last_upload[0] ? device->last_upload : NULL);
	return body_end(&body);
}

size_t
mqtt_site_state(char payload[static PAYLOAD_MAX], const struct scene *scene, uint64_t lost)
{
	const struct scene_home *home = scene_home(scene);
	int64_t reviewed;
	struct body body;

	body_begin(&body, payload, PAYLOAD_MAX);
	put_text(&body.json, "state", home->state);
	put_text(&body.json, "sentence", home->sentence);
	put_u64(&body.json, "dropped", home->dropped);
	put_u64(&body.json, "gaps", home->gaps);
	put_u64(&body.json, "rules_rev", home->rules_rev);
	if (time_parse(home->rules_seen, &reviewed) && reviewed <= home->now)
		put_i64(&body.json, "rules_age_days", (home->now - reviewed) / DAY);
	else
		put_null(&body.json, "rules_age_days");
	put_u64(&body.json, "lost", lost);
	return body_end(&body);
}
