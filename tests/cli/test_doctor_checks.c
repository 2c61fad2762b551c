/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/doctor_checks.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define NOW    (INT64_C(1795564800) * SECOND) /* 25 November 2026 */

static struct doctor_facts facts;
static struct doctor_sheet sheet;

/* A router as OpenWrt makes one, watched on br-lan, with nothing wrong. */
static int
setup(void **state)
{
	(void)state;
	facts = (struct doctor_facts){
	    .machine = {.interfaces = 1,
	        .forwards = true,
	        .synchronised = MACHINE_YES,
	        .memory_total = 256 << 20,
	        .memory_free = 128 << 20},
	    .now = NOW,
	    .rules_asked = true,
	    .rules_seen = "2026-11-20",
	    .inspection_asked = true,
	    .library = "nDPI 5.0.0",
	    .confinement_asked = true,
	    .landlock = true,
	    .seccomp = true,
	    .history = "/mnt/usb",
	    .history_room = 1 << 30,
	};
	facts.machine.interface[0] = (struct machine_interface){.name = "br-lan",
	    .exists = true,
	    .up = true,
	    .carrier = true,
	    .ethernet = true,
	    .bridge = true,
	    .home_network = true,
	    .merges = MACHINE_NO};
	facts.capture[0].tried = true;
	facts.capture[0].readable = true;
	facts.capture[0].sample = (struct doctor_sample){.lasted = 5 * SECOND,
	    .bytes = 500000,
	    .up = 200000,
	    .down = 250000,
	    .between = 50000,
	    .counted = 500000};
	return 0;
}

/* A watch tells limits in English; a page in another language knows each of them again. */
static void
assert_retold(void)
{
	static struct doctor_sheet ours;
	const struct speaker german = {.language = language_find("de")};

	doctor_check(&facts, &german, &ours);
	for (size_t i = 0; i < sheet.count; i++) {
		char room[DOCTOR_TEXT];
		struct text text = text_over(room, sizeof(room));

		if (sheet.line[i].grade == DOCTOR_OK)
			continue;
		if (!words_retell(&german, sheet.line[i].found, &text))
			fail_msg("%s: in no other language: %s", sheet.line[i].check, room);
		if (!strchr(ours.line[i].found, ',')) /* numbers stay as they were written */
			assert_string_equal(ours.line[i].found, room);
	}
}

static const struct doctor_line *
line_of(const char *check)
{
	static const struct speaker english = {.language = NULL};

	doctor_check(&facts, &english, &sheet);
	assert_retold();
	for (size_t i = 0; i < sheet.count; i++)
		if (strcmp(sheet.line[i].check, check) == 0)
			return &sheet.line[i];
	return NULL;
}

/* Says so, in a sentence that has this in it. */
static void
assert_said(const char *check, enum doctor_grade grade, const char *part)
{
	const struct doctor_line *line = line_of(check);

	if (!line)
		fail_msg("%s says nothing", check);
	if (line->grade != grade || !strstr(line->found, part))
		fail_msg("%s: grade %d: %s", check, (int)line->grade, line->found);
	if (strchr(line->found, '{') || strchr(line->advice, '{'))
		fail_msg("%s: a slot stayed open: %s %s", check, line->found, line->advice);
}

static struct machine_interface *
interface(void)
{
	return &facts.machine.interface[0];
}

static struct doctor_sample *
sample(void)
{
	return &facts.capture[0].sample;
}

/* A computer in the home, neither router nor bridge. */
static void
is_a_computer(const char *name)
{
	facts.machine.forwards = false;
	interface()->bridge = false;
	interface()->default_route = true;
	snprintf(interface()->name, sizeof(interface()->name), "%s", name);
}

static void
a_router_with_nothing_wrong_has_no_limit(void **state)
{
	(void)state;
	assert_said("interface", DOCTOR_OK, "br-lan is up");
	assert_int_equal(sheet.problems, 0);
	assert_int_equal(sheet.limits, 0);
	assert_said("side", DOCTOR_OK, "home's side");
	assert_said("short-cuts", DOCTOR_OK, "No short cut");
	assert_said("counters", DOCTOR_OK, "agree");
	assert_said("traffic", DOCTOR_OK, "500 kB in 5 s");
	assert_said("directions", DOCTOR_OK, "Both");
	assert_said("history", DOCTOR_OK, "/mnt/usb");
	assert_null(line_of("bridge"));
	assert_null(line_of("wifi"));
}

static void
what_is_not_there_or_not_up_has_one_line(void **state)
{
	(void)state;
	interface()->exists = interface()->up = false;
	assert_said("interface", DOCTOR_PROBLEM, "no interface br-lan");
	assert_null(line_of("rights"));
	assert_null(line_of("traffic"));
	interface()->exists = true;
	assert_said("interface", DOCTOR_PROBLEM, "br-lan is down");
	assert_string_equal(line_of("interface")->advice, "Bring it up: ip link set br-lan up");
	interface()->up = interface()->loopback = true;
	assert_said("interface", DOCTOR_PROBLEM, "loopback");
	assert_null(line_of("rights"));
	facts.machine.interfaces = 0;
	assert_said("interface", DOCTOR_PROBLEM, "No interface is up");
}

static void
missing_rights_are_a_problem_with_the_kernels_reason(void **state)
{
	(void)state;
	strcpy(facts.capture[0].why, "Operation not permitted");
	facts.capture[0].readable = false;
	*sample() = (struct doctor_sample){.lasted = 0};
	assert_said("rights", DOCTOR_PROBLEM, "Operation not permitted");
	assert_said("interface", DOCTOR_OK, "br-lan is up");
	assert_null(line_of("traffic"));
	strcpy(facts.capture[0].why, "");
	assert_said("interface", DOCTOR_PROBLEM, "cannot be read");
}

static void
the_internets_side_is_a_problem(void **state)
{
	(void)state;
	interface()->bridge = false;
	interface()->home_network = false;
	interface()->default_route = interface()->public_network = true;
	facts.machine.other_home = true;
	assert_said("side", DOCTOR_PROBLEM, "internet's side");
	interface()->public_network = false; /* ppp, or addresses of a carrier's translation */
	assert_said("side", DOCTOR_PROBLEM, "internet's side");
	interface()->home_network = true; /* behind another router, or a machine with containers */
	assert_said("side", DOCTOR_LIMIT, "forwards for networks of its own");
	facts.machine.other_home = false;
	facts.machine.forwards = false;
	assert_null(line_of("side"));
	interface()->public_network = true;
	assert_said("side", DOCTOR_LIMIT, "Public addresses");
}

static void
a_port_names_its_bridge(void **state)
{
	(void)state;
	strcpy(interface()->name, "lan1");
	interface()->bridge = false;
	strcpy(interface()->master, "br-lan");
	assert_said("bridge", DOCTOR_LIMIT, "lan1 is one port of br-lan");
	assert_string_equal(line_of("bridge")->advice, "Watch br-lan.");
}

static void
a_guest_of_a_wifi_sees_itself_only(void **state)
{
	(void)state;
	is_a_computer("wlan0");
	interface()->wireless = true;
	assert_said("wifi", DOCTOR_PROBLEM, "guest");
	sample()->mirrored = 10000; /* but mirrors may be sent to it */
	assert_null(line_of("wifi"));
	assert_said("traffic", DOCTOR_OK, "Mirrored packets reach wlan0");
	sample()->mirrored = 0;
	strcpy(interface()->master, "br-lan"); /* an access point's radio */
	assert_said("wifi", DOCTOR_LIMIT, "within the radio of wlan0");
}

static void
hardware_offload_is_a_problem_everywhere(void **state)
{
	(void)state;
	facts.machine.offload_set = facts.machine.offload_hardware_set = true;
	assert_said("short-cuts", DOCTOR_PROBLEM, "hardware");
	assert_non_null(strstr(line_of("short-cuts")->advice, "flow_offloading_hw=0"));
	interface()->bridge = false;
	assert_said("short-cuts", DOCTOR_PROBLEM, "hardware");
}

static void
software_offload_is_a_problem_on_a_bridge_only(void **state)
{
	(void)state;
	facts.machine.offload_set = true;
	assert_said("short-cuts", DOCTOR_PROBLEM, "past br-lan");
	interface()->bridge = false;
	assert_said("short-cuts", DOCTOR_LIMIT, "still pass br-lan");
	facts.machine.offload_set = false;
	facts.machine.flowtable = true;
	assert_said("short-cuts", DOCTOR_LIMIT, "still pass br-lan");
}

static void
connections_on_a_short_cut_are_counted(void **state)
{
	size_t lines = 0;

	(void)state;
	facts.machine.offloaded_flows = 3;
	facts.machine.offloaded_bytes = 12000000;
	assert_said("short-cuts", DOCTOR_PROBLEM, "past br-lan");
	for (size_t i = 0; i < sheet.count; i++)
		lines += strcmp(sheet.line[i].check, "short-cuts") == 0 &&
		         strstr(sheet.line[i].found, "3 connections") &&
		         strstr(sheet.line[i].found, "12 MB");
	assert_int_equal(lines, 1);
}

static void
an_accelerator_is_named(void **state)
{
	(void)state;
	strcpy(facts.machine.accelerator, "shortcut_fe");
	assert_said("short-cuts", DOCTOR_LIMIT, "(shortcut_fe)");
}

static void
counters_that_run_ahead_are_unseen_bytes(void **state)
{
	(void)state;
	sample()->counted = 40000000;
	assert_said("counters", DOCTOR_PROBLEM, "39.5 MB that the capture did not show, of 40 MB");
	sample()->counted = 500000 + 60000; /* frames under way */
	assert_said("counters", DOCTOR_OK, "agree");
	sample()->counted = 40000000;
	sample()->dropped = 7; /* they are told as drops */
	assert_null(line_of("counters"));
	sample()->dropped = 0;
	sample()->counted = 0; /* it has none */
	assert_null(line_of("counters"));
}

static void
own_traffic_alone_is_a_problem_once_it_lasted(void **state)
{
	(void)state;
	is_a_computer("eth0");
	*sample() = (struct doctor_sample){.lasted = 5 * SECOND, .bytes = 90000, .between = 200};
	assert_said("traffic", DOCTOR_LIMIT, "only this machine's own");
	sample()->lasted = 60 * SECOND;
	assert_said("traffic", DOCTOR_PROBLEM, "only this machine's own");
	assert_non_null(strstr(line_of("traffic")->advice, "mirrors.md"));
	sample()->bytes = sample()->between = 0;
	assert_said("traffic", DOCTOR_LIMIT, "may have been quiet");
	facts.machine.forwards = true;
	sample()->bytes = 90000;
	assert_said("traffic", DOCTOR_LIMIT, "may have been quiet");
}

static void
one_direction_is_told(void **state)
{
	(void)state;
	sample()->down = 0;
	assert_said("directions", DOCTOR_LIMIT, "not what they receive");
	sample()->down = sample()->up;
	sample()->up = 0;
	assert_said("directions", DOCTOR_PROBLEM, "uploads cannot be seen");
	sample()->down = 1000;
	assert_null(line_of("directions"));
}

static void
joined_packets_are_a_limit(void **state)
{
	(void)state;
	interface()->merges = MACHINE_YES;
	assert_said("merging", DOCTOR_LIMIT, "GRO");
	interface()->merges = MACHINE_UNKNOWN;
	assert_null(line_of("merging"));
}

static void
a_clock_before_the_rules_is_not_set(void **state)
{
	(void)state;
	facts.now = 86400 * SECOND;
	assert_said("clock", DOCTOR_LIMIT, "before the day the rules were written (2026-11-20)");
	facts.now = NOW;
	facts.machine.synchronised = MACHINE_NO;
	assert_said("clock", DOCTOR_LIMIT, "Nothing keeps the clock in step");
	facts.machine.synchronised = MACHINE_UNKNOWN;
	assert_null(line_of("clock"));
}

static void
rules_have_an_age(void **state)
{
	(void)state;
	facts.now = NOW + 200 * 86400 * SECOND;
	assert_said("rules", DOCTOR_LIMIT, "205 days ago");
	facts.rules_seen = "2026";
	assert_said("rules", DOCTOR_LIMIT, "on 2026, ");
	facts.rules_seen = NULL;
	facts.rules_why = "rules/x.json: not an object";
	assert_said("rules", DOCTOR_PROBLEM, "x.json: not an object");
}

static void
the_inspection_and_its_defects_are_told(void **state)
{
	(void)state;
	assert_said("inspection", DOCTOR_OK, "nDPI 5.0.0 advises");
	facts.defects = "it crashes";
	assert_said("inspection", DOCTOR_LIMIT, "it crashes");
	facts.library = NULL;
	assert_said("inspection", DOCTOR_LIMIT, "No packet inspection library");
}

static void
confinement_says_what_the_kernel_lacks(void **state)
{
	(void)state;
	assert_said("confinement", DOCTOR_OK, "Landlock and seccomp");
	facts.landlock = false;
	assert_said("confinement", DOCTOR_LIMIT, "no Landlock");
	facts.seccomp = false;
	assert_said("confinement", DOCTOR_LIMIT, "neither");
}

static void
memory_and_history_have_their_needs(void **state)
{
	(void)state;
	facts.machine.memory_free = 40 << 20;
	assert_said("memory", DOCTOR_LIMIT, "Only 41.9 MB of memory are free");
	facts.history_in_memory = true;
	assert_said("history", DOCTOR_LIMIT, "lies in memory");
	facts.history_room = 1000;
	assert_said("history", DOCTOR_LIMIT, "Only 1 kB are free");
	facts.history_why = "Permission denied";
	assert_said("history", DOCTOR_PROBLEM, "Permission denied");
	facts.history = NULL;
	assert_null(line_of("history"));
}

static void
german_says_the_same_lines(void **state)
{
	const struct speaker german = {.language = language_find("de")};
	enum doctor_grade grades[DOCTOR_LINES];
	size_t count;

	(void)state;
	facts.machine.offload_set = true;
	interface()->merges = MACHINE_YES;
	assert_said("interface", DOCTOR_OK, "is up");
	count = sheet.count;
	for (size_t i = 0; i < count; i++)
		grades[i] = sheet.line[i].grade;
	doctor_check(&facts, &german, &sheet);
	assert_int_equal(sheet.count, count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(sheet.line[i].grade, grades[i]);
		assert_null(strchr(sheet.line[i].found, '{'));
	}
	assert_non_null(strstr(sheet.line[0].found, "eingeschaltet"));
}

int
main(void)
{
#define WITH_ROUTER(test) cmocka_unit_test_setup(test, setup)
	const struct CMUnitTest tests[] = {
	    WITH_ROUTER(a_router_with_nothing_wrong_has_no_limit),
	    WITH_ROUTER(what_is_not_there_or_not_up_has_one_line),
	    WITH_ROUTER(missing_rights_are_a_problem_with_the_kernels_reason),
	    WITH_ROUTER(the_internets_side_is_a_problem),
	    WITH_ROUTER(a_port_names_its_bridge),
	    WITH_ROUTER(a_guest_of_a_wifi_sees_itself_only),
	    WITH_ROUTER(hardware_offload_is_a_problem_everywhere),
	    WITH_ROUTER(software_offload_is_a_problem_on_a_bridge_only),
	    WITH_ROUTER(connections_on_a_short_cut_are_counted),
	    WITH_ROUTER(an_accelerator_is_named),
	    WITH_ROUTER(counters_that_run_ahead_are_unseen_bytes),
	    WITH_ROUTER(own_traffic_alone_is_a_problem_once_it_lasted),
	    WITH_ROUTER(one_direction_is_told),
	    WITH_ROUTER(joined_packets_are_a_limit),
	    WITH_ROUTER(a_clock_before_the_rules_is_not_set),
	    WITH_ROUTER(rules_have_an_age),
	    WITH_ROUTER(the_inspection_and_its_defects_are_told),
	    WITH_ROUTER(confinement_says_what_the_kernel_lacks),
	    WITH_ROUTER(memory_and_history_have_their_needs),
	    WITH_ROUTER(german_says_the_same_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
