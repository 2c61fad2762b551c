/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/mqtt_url.h"

#include <string.h>

#include "tests/test.h"

static struct mqtt_url url;
static struct porch_error error;

static void
a_host_alone_has_all_the_defaults(void **state)
{
	(void)state;
	assert_true(mqtt_url_read(&url, "mqtt://broker.home.example", &error));
	assert_string_equal(url.host, "broker.home.example");
	assert_int_equal(url.port, 1883);
	assert_false(url.tls);
	assert_null(url.user);
	assert_null(url.password);
	assert_string_equal(url.prefix, "porchlight");
	assert_string_equal(url.discovery, "homeassistant");
	assert_true(mqtt_url_read(&url, "mqtts://broker.home.example/", &error));
	assert_int_equal(url.port, 8883);
	assert_true(url.tls);
	assert_string_equal(url.prefix, "porchlight");
}

static void
every_part_is_read(void **state)
{
	(void)state;
	assert_true(mqtt_url_read(&url,
	    "mqtts://us%40er:p%3Aa@ss@[2001:db8::1]:1884/house/porch?ca=/a%20b.crt&cert=c&key=k"
	    "&discovery=ha",
	    &error));
	assert_string_equal(url.user, "us@er");
	assert_string_equal(url.password, "p:a@ss");
	assert_string_equal(url.host, "2001:db8::1");
	assert_int_equal(url.port, 1884);
	assert_string_equal(url.prefix, "house/porch");
	assert_string_equal(url.ca, "/a b.crt");
	assert_string_equal(url.cert, "c");
	assert_string_equal(url.key, "k");
	assert_string_equal(url.discovery, "ha");
}

static void
what_cannot_be_meant_is_refused_without_telling_a_password(void **state)
{
	static const char *const wrong[] = {
	    "http://broker",
	    "mqtt://",
	    "mqtt://secret@",
	    "mqtt://u:secret@:1883",
	    "mqtt://u:secret@host:0",
	    "mqtt://u:secret@host:65536",
	    "mqtt://u:secret@host:18x",
	    "mqtt://u:secret%0@host",
	    "mqtt://u:secret%00@host",
	    "mqtt://u:secret%0a@host",
	    "mqtt://u:secret@[::1",
	    "mqtt://u:secret@[::1]x",
	    "mqtt://host/with space",
	    "mqtt://host/a/#",
	    "mqtt://host/+/b",
	    "mqtt://host//a",
	    "mqtt://host/a/",
	    "mqtt://host?verify=no",
	    "mqtt://host?ca",
	    "mqtt://host?ca=",
	    "mqtt://host?ca=/x",
	    "mqtts://host?cert=/x",
	    "mqtt://host?discovery=$SYS",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (mqtt_url_read(&url, wrong[i], &error))
			fail_msg("%s was read", wrong[i]);
		assert_int_equal(strncmp(error.text, "--mqtt: ", 8), 0);
		assert_null(strstr(error.text, "secret"));
	}
}

static void
a_url_longer_than_its_room_is_refused(void **state)
{
	char text[2048];

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "mqtt://", strlen("mqtt://"));
	text[sizeof(text) - 1] = '\0';
	assert_false(mqtt_url_read(&url, text, &error));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_host_alone_has_all_the_defaults),
	    cmocka_unit_test(every_part_is_read),
	    cmocka_unit_test(what_cannot_be_meant_is_refused_without_telling_a_password),
	    cmocka_unit_test(a_url_longer_than_its_room_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
