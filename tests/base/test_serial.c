/* SPDX-License-Identifier: Apache-2.0 */
#include "base/serial.h"

#include <string.h>

#include "tests/test.h"

static void
numbers_of_devices_look_like_serials(void **state)
{
	static const char *const serials[] = {"d0f1a2b3c4d5", "T8210N4320501234", "sn12345678",
	    "550e8400-e29b-41d4-a716-446655440000", "cam-0250c2fe00aa", "20261123"};

	(void)state;
	for (size_t i = 0; i < sizeof(serials) / sizeof(serials[0]); i++)
		if (!serial_looks_like(serials[i], strlen(serials[i])))
			fail_msg("%s", serials[i]);
}

static void
names_of_services_do_not(void **state)
{
	static const char *const names[] = {"ec2-54-12-3-4", "s3-us-west-2", "mqtt-eu-03",
	    "doorbell", "pool", "0", "facade", "time1", "abcdefabcdef", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (serial_looks_like(names[i], strlen(names[i])))
			fail_msg("%s", names[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_of_devices_look_like_serials),
	    cmocka_unit_test(names_of_services_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
