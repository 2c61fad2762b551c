/* SPDX-License-Identifier: Apache-2.0 */
#include "home/ja4.h"

#include "tests/samples/hello.h"
#include "tests/test.h"

/*
 * Known answers of JA4's own repository (github.com/FoxIO-LLC/ja4): the example of
 * technical_details/JA4.md, and what python/test/testdata and rust/ja4/src/snapshots say
 * of the capture named beside each.  The lists are theirs in the order of the hello, with
 * GREASE put in where noted.
 */
struct answer {
	struct hello_plan plan;
	enum hello_transport transport;
	const char *ja4;
};

#define CHROME            "1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035"
#define CHROME_SIGNATURES "0403,0804,0401,0503,0805,0501,0806,0601"

static const struct answer answers[] = {
    /* JA4.md, with GREASE in every list */
    {{.version = 0x0303,
         .ciphers = "8a8a," CHROME,
         .extensions = "caca,001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,"
                       "000b,000a,0015,dada",
         .signatures = "0a0a," CHROME_SIGNATURES,
         .versions = "baba,0304,0303",
         .host = "example.com",
         .alpn = "h2"},
        HELLO_OVER_TCP, "t13d1516h2_8daaf6152771_e5627efa2ab1"},
    /* tls-handshake.pcapng: no ALPN */
    {{.version = 0x0303,
         .ciphers = CHROME,
         .extensions = "0033,002b,001b,0000,0012,002d,000d,000a,0005,0023,0017,ff01,000b,0015",
         .signatures = CHROME_SIGNATURES,
         .versions = "0304",
         .host = "example.com"},
        HELLO_OVER_TCP, "t13d151400_8daaf6152771_de4a06bb82e3"},
    /* tls12.pcap */
    {{.version = 0x0303,
         .ciphers = "1301,1303,1302,c02b,c02f,cca9,cca8,c02c,c030,c00a,c009,c013,c014,009c,"
                    "009d,002f,0035",
         .extensions = "0000,0017,ff01,000a,000b,0023,0010,0005,0022,0033,002b,000d,002d,001c,"
                       "0015",
         .signatures = "0403,0503,0603,0804,0805,0806,0401,0501,0601,0203,0201",
         .versions = "0304,0303",
         .host = "example.com",
         .alpn = "h2"},
        HELLO_OVER_TCP, "t13d1715h2_5b57614c22b0_3d5424432f57"},
    /* badcurveball.pcap */
    {{.version = 0x0303,
         .ciphers = CHROME ",000a",
         .extensions = "0000,0017,ff01,000a,000b,0023,0010,0005,000d,0012,0033,002d,002b,001b,"
                       "0015",
         .signatures = CHROME_SIGNATURES ",0201",
         .versions = "0304",
         .host = "example.com",
         .alpn = "h2"},
        HELLO_OVER_TCP, "t13d1615h2_46e7e9700bed_45f260be83e2"},
    /* latest.pcapng: TLS 1.2 has no supported_versions */
    {{.version = 0x0303,
         .ciphers = "c02c,c02b,c030,c02f,c024,c023,c028,c027,c00a,c009,c014,c013,009d,009c,003d,"
                    "003c,0035,002f,000a",
         .extensions = "0000,0005,000a,000b,000d,0023,0017,ff01",
         .signatures = "0804,0805,0806,0401,0501,0201,0403,0503,0203,0202,0601,0603",
         .host = "example.com"},
        HELLO_OVER_TCP, "t12d190800_d83cc789557e_7af1ed941c26"},
    /* ipv6.pcapng: values that look like GREASE but are none */
    {{.version = 0x0303,
         .ciphers = "c030,c02c,c028,c024,c014,c00a,009f,006b,0039,cca9,cca8,ccaa,ff85,00c4,0088,"
                    "0081,009d,003d,0035,00c0,0084,c02f,c02b,c027,c023,c013,c009,009e,0067,0033,"
                    "00be,0045,009c,003c,002f,00ba,0041,c011,c007,0005,0004,c012,c008,0016,000a,"
                    "00ff",
         .extensions = "0000,000b,000a,000d,0010",
         .signatures = "0601,0603,efef,0501,0503,0401,0403,eeee,eded,0301,0303,0201,0203",
         .host = "example.com",
         .alpn = "h2"},
        HELLO_OVER_TCP, "t12d4605h2_85626a9a5f7f_aaf95bb78ec9"},
    /* socks-https-example.pcap: nothing left to hash in the third part */
    {{.version = 0x0301,
         .ciphers = "0003,0004,0005,0006,0008,0009,000a,0011,0012,0013,0014,0015,0016,002f,0032,"
                    "0033,0035,0038,0039,0096,0099,009a,00ff",
         .extensions = "0000",
         .host = "example.com"},
        HELLO_OVER_TCP, "t10d230100_6a57a6f57151_000000000000"},
    /* quic-tls-handshake.pcapng */
    {{.version = 0x0303,
         .ciphers = "1301,1302,1303",
         .extensions = "002d,001b,4469,000d,002b,0000,000a,0039,0010,0033",
         .signatures = CHROME_SIGNATURES ",0201",
         .versions = "0304",
         .host = "example.com",
         .alpn = "h3"},
        HELLO_OVER_QUIC, "q13d0310h3_55b375c5d22e_cd85d2d88918"},
};

static int
set_up(void **state)
{
	*state = ja4_maker_new();
	return *state ? 0 : -1;
}

static int
tear_down(void **state)
{
	ja4_maker_free(*state);
	return 0;
}

static bool
make(struct ja4_maker *maker, const struct hello_plan *plan, enum hello_transport transport,
    char text[static JA4_TEXT])
{
	struct bytes body = hello_body(plan);
	struct hello hello;

	assert_int_equal(client_hello_parse(cursor_over(body.at, body.len), transport, &hello),
	    PARSE_OK);
	return ja4_make(maker, &hello, text);
}

static void
every_published_fingerprint_comes_out(void **state)
{
	char text[JA4_TEXT];

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		assert_true(make(*state, &answers[i].plan, answers[i].transport, text));
		assert_string_equal(text, answers[i].ja4);
	}
}

/* What is remembered of one hello is not told of another. */
static void
a_fingerprint_made_again_is_the_same(void **state)
{
	for (unsigned i = 0; i < 3; i++)
		every_published_fingerprint_comes_out(state);
}

/* The table of JA4.md, "ALPN Extension Value", and one character alone. */
static void
an_unusual_protocol_name_shows_as_hex(void **state)
{
	static const char *const rows[][2] = {
	    {"h2", "h2"},
	    {"http/1.1", "h1"},
	    {"a", "aa"},
	    {"\xab", "ab"},
	    {" ", "20"},
	    {"\xab\xcd", "ad"},
	    {" a", "21"},
	    {"0\xab", "3b"},
	    {"a ", "60"},
	    {"01\xab\xcd", "3d"},
	    {"0\xab\xcd"
	     "1",
	        "01"},
	    {"", "00"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hello_plan plan = doorbell_plan;
		char text[JA4_TEXT];

		plan.alpn = rows[i][0];
		assert_true(make(*state, &plan, HELLO_OVER_TCP, text));
		assert_memory_equal(text + 8, rows[i][1], 2);
	}
}

static void
versions_and_transports_have_their_letters(void **state)
{
	static const struct {
		uint16_t version;
		enum hello_transport transport;
		const char *start;
	} rows[] = {
	    {0x0300, HELLO_OVER_TCP, "ts3"},
	    {0x0301, HELLO_OVER_TCP, "t10"},
	    {0x0302, HELLO_OVER_TCP, "t11"},
	    {0x0303, HELLO_OVER_QUIC, "q12"},
	    {0xfeff, HELLO_OVER_DTLS, "dd1"},
	    {0xfefd, HELLO_OVER_DTLS, "dd2"},
	    {0xfefc, HELLO_OVER_DTLS, "dd3"},
	    {0x7777, HELLO_OVER_TCP, "t00"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hello_plan plan = {.version = rows[i].version, .ciphers = "1301"};
		char text[JA4_TEXT];

		plan.dtls = rows[i].transport == HELLO_OVER_DTLS;
		assert_true(make(*state, &plan, rows[i].transport, text));
		assert_memory_equal(text, rows[i].start, 3);
		assert_memory_equal(text + 3, "i010000_", 8);
	}
}

static void
a_hello_without_ciphers_has_zeros_for_them(void **state)
{
	struct hello_plan plan = {.version = 0x0303, .ciphers = ""};
	char text[JA4_TEXT];

	assert_true(make(*state, &plan, HELLO_OVER_TCP, text));
	assert_string_equal(text, "t12i000000_000000000000_000000000000");
}

static void
an_absurd_number_of_ciphers_has_no_fingerprint(void **state)
{
	static uint8_t many[2 * 513];
	struct hello hello = {.ciphers = cursor_over(many, sizeof(many) - 2)};
	char text[JA4_TEXT];

	assert_true(ja4_make(*state, &hello, text));
	assert_memory_equal(text, "t00i9900", 8);
	hello.ciphers = cursor_over(many, sizeof(many));
	assert_false(ja4_make(*state, &hello, text));
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_published_fingerprint_comes_out),
	    cmocka_unit_test(a_fingerprint_made_again_is_the_same),
	    cmocka_unit_test(an_unusual_protocol_name_shows_as_hex),
	    cmocka_unit_test(versions_and_transports_have_their_letters),
	    cmocka_unit_test(a_hello_without_ciphers_has_zeros_for_them),
	    cmocka_unit_test(an_absurd_number_of_ciphers_has_no_fingerprint),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
