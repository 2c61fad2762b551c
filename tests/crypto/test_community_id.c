/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/community_id.h"

#include <stdio.h>

#include "tests/test.h"

/*
 * The published values for seed 0: github.com/corelight/community-id-spec, baseline/README.md
 * and, after those, baseline/baseline_deflt.json.
 */
struct answer {
	uint8_t protocol;
	const char *source;
	const char *target;
	int source_port; /* -1: has no ports */
	int target_port;
	bool one_way;
	const char *id;
};

#define LL1 "fe80:1:203:405:607:809:a0b:c0d"
#define LL2 "fe80:1011:1213:1415:1617:1819:1a1b:1c1d"

static const struct answer answers[] = {
    {6, "1.2.3.4", "5.6.7.8", 1122, 3344, false, "1:wCb3OG7yAFWelaUydu0D+125CLM="},
    {6, "5.6.7.8", "1.2.3.4", 3344, 1122, false, "1:wCb3OG7yAFWelaUydu0D+125CLM="},
    {17, "1.2.3.4", "5.6.7.8", 1122, 3344, false, "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg="},
    {17, "5.6.7.8", "1.2.3.4", 3344, 1122, false, "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg="},
    {132, "1.2.3.4", "5.6.7.8", 1122, 3344, false, "1:EKt4MsxuyaE6mL+hmrEkQ9csDD8="},
    {132, "5.6.7.8", "1.2.3.4", 3344, 1122, false, "1:EKt4MsxuyaE6mL+hmrEkQ9csDD8="},
    {1, "1.2.3.4", "5.6.7.8", 8, 0, false, "1:crodRHL2FEsHjbv3UkRrfbs4bZ0="},
    {1, "5.6.7.8", "1.2.3.4", 0, 8, false, "1:crodRHL2FEsHjbv3UkRrfbs4bZ0="},
    {1, "1.2.3.4", "5.6.7.8", 11, 0, true, "1:f/YiSyWqczrTgfUCZlBUnvHRcPk="},
    {58, LL1, LL2, 128, 129, false, "1:0bf7hyMJUwt3fMED7z8LIfRpBeo="},
    {58, LL2, LL1, 129, 128, false, "1:0bf7hyMJUwt3fMED7z8LIfRpBeo="},
    {58, LL1, LL2, 146, 0, true, "1:fYC8+pz24E+EhANP1EZhpX0Dw10="},
    {46, "1.2.3.4", "5.6.7.8", -1, -1, false, "1:ikv3kmf89luf73WPz1jOs49S768="},
    {46, "5.6.7.8", "1.2.3.4", -1, -1, false, "1:ikv3kmf89luf73WPz1jOs49S768="},
    {46, LL1, LL2, -1, -1, false, "1:wQ/2mwrnXP4lmJcHdGL5ePjR+e0="},
    {46, LL2, LL1, -1, -1, false, "1:wQ/2mwrnXP4lmJcHdGL5ePjR+e0="},
    {58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 136, false,
        "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
    {58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 135, false,
        "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
    {58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 136, false,
        "1:zavyT/cezQr1fmImYCwYnMXbgck="},
    {58, "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0, true,
        "1:2ObVBgIn28oZvibYZhZMBgh7WdQ="},
    {58, "3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4, true,
        "1:hLZd0XGWojozrvxqE0dWB1iM6R0="},
    {58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 129, false,
        "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="},
    {58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 134, false, "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0="},
    {58, "fe80::260:97ff:fe07:69ea", "ff02::1", 134, 133, false, "1:pkvHqCL88/tg1k4cPigmZXUtL00="},
    {1, "192.168.0.89", "192.168.0.1", 8, 0, false, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
    {1, "192.168.0.1", "192.168.0.89", 0, 8, false, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
    {1, "10.0.0.1", "10.0.0.2", 11, 0, true, "1:YHxtAirCG//0OzkcVAukqKQN9xM="},
    {6, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25, false,
        "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
    {132, "192.168.170.8", "192.168.170.56", 7, 7, false, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="},
    {6, "128.232.110.120", "66.35.250.204", 34855, 80, false, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
    {17, "8.8.8.8", "192.168.1.52", 53, 54585, false, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
    {46, "10.1.12.1", "10.1.12.2", -1, -1, false, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw="},
};

static struct community_tuple
tuple_of(const struct answer *a)
{
	struct community_tuple tuple = {
	    .protocol = a->protocol,
	    .has_ports = a->source_port >= 0,
	    .source_port = (uint16_t)a->source_port,
	    .target_port = (uint16_t)a->target_port,
	    .one_way = a->one_way,
	};

	assert_true(addr_parse(a->source, &tuple.source));
	assert_true(addr_parse(a->target, &tuple.target));
	return tuple;
}

static void
every_published_value_comes_out(void **state)
{
	char text[COMMUNITY_ID_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct community_tuple tuple = tuple_of(&answers[i]);

		assert_true(community_id(&tuple, text));
		assert_string_equal(text, answers[i].id);
	}
}

static void
ports_decide_between_equal_addresses(void **state)
{
	struct community_tuple there = {
	    .protocol = 17, .has_ports = true, .source_port = 5000, .target_port = 80};
	struct community_tuple back = {
	    .protocol = 17, .has_ports = true, .source_port = 80, .target_port = 5000};
	char one[COMMUNITY_ID_TEXT], other[COMMUNITY_ID_TEXT];

	(void)state;
	there.source = there.target = addr_from_ipv4(192, 0, 2, 1);
	back.source = back.target = there.source;
	assert_true(community_id(&there, one));
	assert_true(community_id(&back, other));
	assert_string_equal(one, other);
}

static void
ends_of_two_families_have_no_id(void **state)
{
	struct community_tuple tuple = {.protocol = 17};
	char text[COMMUNITY_ID_TEXT];

	(void)state;
	assert_false(community_id(&tuple, text));
	assert_string_equal(text, "");
	tuple.source = addr_from_ipv4(192, 0, 2, 1);
	assert_true(addr_parse("2001:db8::1", &tuple.target));
	assert_false(community_id(&tuple, text));
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_published_value_comes_out),
	    cmocka_unit_test(ports_decide_between_equal_addresses),
	    cmocka_unit_test(ends_of_two_families_have_no_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
