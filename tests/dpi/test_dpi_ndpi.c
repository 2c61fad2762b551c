/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <ndpi_main.h>

#include "tests/test.h"

/* A module of this program opens as that of porchlight-dpi does, with dpi_ndpi.c linked in. */
static void
test_the_library_does_not_know_whose_an_address_is(void **state)
{
	static const char *const listed[] = {"8.8.8.8", "31.13.64.1", "52.94.1.1"};
	struct ndpi_detection_module_struct *module = ndpi_init_detection_module(ndpi_no_prefs);
	struct in_addr address;

	(void)state;
	assert_non_null(module);
	for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		assert_int_equal(inet_pton(AF_INET, listed[i], &address), 1);
		assert_int_equal(ndpi_network_ptree_match(module, &address), NDPI_PROTOCOL_UNKNOWN);
	}
	ndpi_exit_detection_module(module);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_library_does_not_know_whose_an_address_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
