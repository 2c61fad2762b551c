/* SPDX-License-Identifier: Apache-2.0 */

/*
 * nDPI, from 4.2 to 6: the only file that includes it.  What differs between versions is
 * one small function each, chosen by what src/dpi/ndpi.cmake found out.
 */

#include "ndpi_shape.h"

#ifdef NDPI_HAS_OPEN_MODULE
#define NDPI_LIB_COMPILATION /* shows the caches of a module, which have no function yet */
#endif
#include <ndpi_main.h>
#ifdef NDPI_LIB_COMPILATION
#undef NDPI_LIB_COMPILATION
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/inspector.h"
#include "dpi/made_packet.h"

#pragma GCC diagnostic ignored "-Wconversion" /* in macros of nDPI */

#define PADDING 64 /* zero bytes behind a packet: what reads past its end finds no more */

#ifndef PORCHLIGHT_DPI_UNGUARDED
/*
 * The dissectors that are used, by nDPI's own names; a name that a version does not know is
 * left out.  Fewer are safer, and what our own parsers read better (DNS and its kin) is
 * not among them.  Applications that are told by host names need none of their own.
 */
static const char *const dissectors[] = {"HTTP", "TLS", "QUIC", "STUN", "RTP", "SRTP", "RTCP",
    "RTSP", "RTMP", "SIP", "H323", "IAX", "MQTT", "WireGuard", "OpenVPN", "IPSec", "IPsec", "Tor",
    "SOCKS", "SSH", "Telnet", "FTP_CONTROL", "SMTP", "POP3", "IMAP", "RDP", "VNC", "NestLogSink",
    "UBNTAC2", "Zoom", "WhatsApp", "WhatsAppCall", "Skype_Teams", "Teams", "TeamsCall", "Telegram",
    "TelegramVoip", "Signal", "SignalVoip", "Viber", "Discord", "LineCall", "FacebookVoip",
    "GoogleHangoutDuo", "GoogleMeet", "GoogleCall", "Xbox", "Nintendo", "Steam", "Playstation",
    "Spotify", "HLS", "MpegDash"};

#define DISSECTORS (sizeof(dissectors) / sizeof(dissectors[0]))
#endif

struct inspector {
	struct ndpi_detection_module_struct *module;
	struct ndpi_flow_struct *flow;
	struct wire_question question;
	ndpi_protocol found;
	bool reads_dtls;
	/* A packet as nDPI wants one, with its padding; behind it there is nothing but zeros. */
	size_t length;
	uint64_t packet[(WIRE_PACKET + PADDING) / 8 + 1];
};

/* Opening a module. */

#if defined NDPI_HAS_LICENCE
static struct ndpi_detection_module_struct *
open_module(void)
{
	return ndpi_init_detection_module(NULL, NDPI_LICENSE_NOT_FOR_PROFIT_LGPL);
}
#elif defined NDPI_HAS_CONTEXT
static struct ndpi_detection_module_struct *
open_module(void)
{
	return ndpi_init_detection_module(NULL);
}
#else
#if defined NDPI_HAS_TOR_HOSTS
#define WITHOUT_RELAYS ndpi_dont_load_tor_hosts
#elif defined NDPI_HAS_TOR_LIST
#define WITHOUT_RELAYS ndpi_dont_load_tor_list
#else
#define WITHOUT_RELAYS ndpi_no_prefs
#endif
static struct ndpi_detection_module_struct *
open_module(void)
{
	return ndpi_init_detection_module(WITHOUT_RELAYS);
}
#endif

/* Whose an address is nobody asks: the lists of that are left out, as far as a version lets us. */
#ifdef NDPI_CALLS_OURS
/*
 * In place of the library's own, which enters an address in a list (ndpi_patricia.h): most of the
 * time in which a module opens.  NULL is what it gives when there is no room, which is no failure.
 */
__attribute__((visibility("default"), used)) ndpi_patricia_node_t *
ndpi_patricia_lookup(ndpi_patricia_tree_t *list, ndpi_prefix_t *address)
{
	(void)list;
	(void)address;
	return NULL;
}
#endif

#ifdef NDPI_HAS_CONFIG
static void
leave_out_lists(struct ndpi_detection_module_struct *module)
{
	ndpi_set_config(module, "any", "ip_list.load", "disable");
}
#else
static void
leave_out_lists(struct ndpi_detection_module_struct *module)
{
	(void)module; /* opened without what can be left out */
}
#endif

#ifdef NDPI_FINALIZES_WITH_RESULT
static bool
finalize(struct ndpi_detection_module_struct *module)
{
	return ndpi_finalize_initialization(module) == 0;
}
#else
static bool
finalize(struct ndpi_detection_module_struct *module)
{
	ndpi_finalize_initialization(module);
	return true;
}
#endif

/* Which dissectors are used.  DTLS crashes before 4.6, whose mark is that caches have sizes. */

#ifdef NDPI_HAS_OPEN_MODULE
#define DTLS_IS_SAFE false
#else
#define DTLS_IS_SAFE true
#endif

#if defined PORCHLIGHT_DPI_UNGUARDED && defined NDPI_HAS_BITMASK
static bool
choose_dissectors(struct ndpi_detection_module_struct *module)
{
	NDPI_PROTOCOL_BITMASK mask;

	NDPI_BITMASK_SET_ALL(mask);
	ndpi_set_protocol_detection_bitmask2(module, &mask);
	return true;
}
#elif defined PORCHLIGHT_DPI_UNGUARDED
static bool
choose_dissectors(struct ndpi_detection_module_struct *module)
{
	(void)module;
	return true;
}
#elif defined NDPI_HAS_BITMASK
static bool
is_used(const char *name)
{
	if (DTLS_IS_SAFE && strcmp(name, "DTLS") == 0)
		return true;
	for (size_t i = 0; i < DISSECTORS; i++)
		if (strcmp(dissectors[i], name) == 0)
			return true;
	return false;
}

static bool
choose_dissectors(struct ndpi_detection_module_struct *module)
{
	NDPI_PROTOCOL_BITMASK mask;

	NDPI_BITMASK_RESET(mask);
	for (unsigned i = 0; i < ndpi_get_num_supported_protocols(module); i++)
		if (is_used(ndpi_get_proto_name(module, (uint16_t)i)))
			NDPI_BITMASK_ADD(mask, i);
	ndpi_set_protocol_detection_bitmask2(module, &mask);
	return true;
}
#else
/* A name this version does not know is refused, and left out. */
static bool
choose_dissectors(struct ndpi_detection_module_struct *module)
{
	if (ndpi_set_config(module, "any", "enable", "disable") != NDPI_CFG_OK)
		return false;
	for (size_t i = 0; i < DISSECTORS; i++)
		ndpi_set_config(module, dissectors[i], "enable", "enable");
	ndpi_set_config(module, "DTLS", "enable", "enable");
	return true;
}
#endif

/*
 * What nDPI keeps of other flows would make an opinion depend on their order: it keeps
 * nothing.  Where that cannot be set, the caches are emptied before every slice.
 */

#if defined NDPI_HAS_CONFIG
static bool
keep_nothing(struct ndpi_detection_module_struct *module)
{
	static const char *const caches[] = {"lru.ookla.size", "lru.bittorrent.size",
	    "lru.stun.size", "lru.tls_cert.size", "lru.mining.size", "lru.msteams.size",
	    "lru.fpc_dns.size", "lru.signal.size", "lru.zoom.size", "dpi.address_cache_size"};
	unsigned emptied = 0;

	for (size_t i = 0; i < sizeof(caches) / sizeof(caches[0]); i++)
		emptied += ndpi_set_config(module, NULL, caches[i], "0") == NDPI_CFG_OK;
	return emptied >= 6; /* those of all versions with such an option */
}

static void
empty_caches(struct ndpi_detection_module_struct *module)
{
	(void)module;
}
#elif defined NDPI_HAS_CACHE_SIZES
static bool
keep_nothing(struct ndpi_detection_module_struct *module)
{
	for (int cache = 0; cache < NDPI_LRUCACHE_MAX; cache++)
		if (ndpi_set_lru_cache_size(module, (lru_cache_type)cache, 0) != 0)
			return false;
	return true;
}

static void
empty_caches(struct ndpi_detection_module_struct *module)
{
	(void)module;
}
#elif defined NDPI_HAS_OPEN_MODULE
/*
 * The library's module must be laid out as its header says: what lies right behind the
 * caches has a function that tells where it is.
 */
static bool
keep_nothing(struct ndpi_detection_module_struct *module)
{
	return ndpi_get_proto_defaults(module) == module->proto_defaults;
}

static void
empty_cache(struct ndpi_lru_cache **cache)
{
	if (*cache)
		ndpi_lru_free_cache(*cache);
	*cache = NULL; /* made anew when something is to be kept */
}

static void
empty_caches(struct ndpi_detection_module_struct *module)
{
	empty_cache(&module->ookla_cache);
	empty_cache(&module->bittorrent_cache);
	empty_cache(&module->zoom_cache);
	empty_cache(&module->stun_cache);
	empty_cache(&module->tls_cert_cache);
	empty_cache(&module->mining_cache);
	empty_cache(&module->msteams_cache);
}
#endif

/* Looking at a packet, and giving up. */

#ifdef NDPI_HAS_INPUT_INFO
static ndpi_protocol
process(struct inspector *in, const uint8_t *packet, uint16_t length, uint64_t milliseconds)
{
	return ndpi_detection_process_packet(in->module, in->flow, packet, length, milliseconds,
	    NULL);
}
#else
static ndpi_protocol
process(struct inspector *in, const uint8_t *packet, uint16_t length, uint64_t milliseconds)
{
	return ndpi_detection_process_packet(in->module, in->flow, packet, length, milliseconds);
}
#endif

#if defined NDPI_GUESSES_ON_GIVEUP
static ndpi_protocol
give_up(struct inspector *in)
{
	uint8_t guessed = 0;

	return ndpi_detection_giveup(in->module, in->flow, 1, &guessed);
}
#elif defined NDPI_TELLS_GUESS
static ndpi_protocol
give_up(struct inspector *in)
{
	uint8_t guessed = 0;

	return ndpi_detection_giveup(in->module, in->flow, &guessed);
}
#else
static ndpi_protocol
give_up(struct inspector *in)
{
	return ndpi_detection_giveup(in->module, in->flow);
}
#endif

#ifdef NDPI_HAS_NESTED_PROTOCOL
static uint16_t
master_of(const ndpi_protocol *found)
{
	return found->proto.master_protocol;
}

static uint16_t
application_of(const ndpi_protocol *found)
{
	return found->proto.app_protocol;
}
#else
static uint16_t
master_of(const ndpi_protocol *found)
{
	return found->master_protocol;
}

static uint16_t
application_of(const ndpi_protocol *found)
{
	return found->app_protocol;
}
#endif

#ifdef NDPI_HAS_STATE
static bool
is_settled(struct inspector *in)
{
	return in->found.state == NDPI_STATE_CLASSIFIED || in->found.state == NDPI_STATE_MONITORING;
}
#else
static bool
is_settled(struct inspector *in)
{
	return application_of(&in->found) != NDPI_PROTOCOL_UNKNOWN &&
	       !ndpi_extra_dissection_possible(in->module, in->flow);
}
#endif

#ifdef NDPI_HAS_JA4
static const char *
ja4_of(const struct ndpi_flow_struct *flow, bool tls)
{
	return tls ? flow->protos.tls_quic.ja4_client : "";
}
#else
static const char *
ja4_of(const struct ndpi_flow_struct *flow, bool tls)
{
	(void)flow;
	(void)tls;
	return "";
}
#endif

/* The same for all versions from here on. */

const char *
inspector_library(void)
{
	return ndpi_revision();
}

bool
inspector_reads_dtls(void)
{
	return DTLS_IS_SAFE;
}

struct inspector *
inspector_new(void)
{
	struct inspector *in = calloc(1, sizeof(*in));

	if (!in)
		return NULL;
	in->module = open_module();
	if (in->module)
		leave_out_lists(in->module);
	if (in->module && choose_dissectors(in->module) && keep_nothing(in->module) &&
	    finalize(in->module))
		return in;
	if (in->module)
		ndpi_exit_detection_module(in->module);
	free(in);
	return NULL;
}

void
inspector_begin(struct inspector *in, const struct wire_question *flow)
{
	in->question = *flow;
	in->flow = ndpi_flow_malloc(sizeof(*in->flow));
	memset(&in->found, 0, sizeof(in->found));
	if (in->flow)
		memset(in->flow, 0, sizeof(*in->flow));
}

/*
 * With its guards off, for tests, the packet ends where its memory does, as it would in a
 * capture.
 */
#ifdef PORCHLIGHT_DPI_UNGUARDED
static void
show(struct inspector *in, const uint8_t *packet, size_t length, uint64_t milliseconds)
{
	uint8_t *copy = malloc(length);

	if (!copy)
		return;
	memcpy(copy, packet, length);
	in->found = process(in, copy, (uint16_t)length, milliseconds);
	free(copy);
}
#else
static void
show(struct inspector *in, const uint8_t *packet, size_t length, uint64_t milliseconds)
{
	in->found = process(in, packet, (uint16_t)length, milliseconds);
}
#endif

/* Writes the packet of a slice over the one before; returns its length. */
static size_t
write_packet(struct inspector *in, const struct wire_slice *slice)
{
	uint8_t *packet = (uint8_t *)in->packet;
	size_t before = in->length;

	in->length = made_packet(packet, &in->question, slice);
	if (before > in->length)
		memset(packet + in->length, 0, before - in->length);
	return in->length;
}

bool
inspector_see(struct inspector *in, const struct wire_slice *slice)
{
	size_t length;

	if (!in->flow)
		return true;
	length = write_packet(in, slice);
	empty_caches(in->module);
	show(in, (const uint8_t *)in->packet, length, (uint64_t)(slice->time / 1000));
	return is_settled(in);
}

/*
 * Before 4.6 whatever goes to the port of STUN and nobody reads is STUN, and 4.2 says that it was
 * read.  What was read was counted.
 */
#ifdef NDPI_COUNTS_STUN
static bool
is_stun_by_port(const struct inspector *in)
{
	return (master_of(&in->found) == NDPI_PROTOCOL_STUN ||
	           application_of(&in->found) == NDPI_PROTOCOL_STUN) &&
	       in->flow->stun.num_udp_pkts == 0 && in->flow->stun.num_binding_requests == 0;
}
#else
static bool
is_stun_by_port(const struct inspector *in)
{
	(void)in;
	return false;
}
#endif

static enum wire_basis
basis_of(const struct inspector *in)
{
	if (application_of(&in->found) == NDPI_PROTOCOL_UNKNOWN &&
	    master_of(&in->found) == NDPI_PROTOCOL_UNKNOWN)
		return BASIS_NONE;
	if (is_stun_by_port(in))
		return BASIS_PORT;
	switch (in->flow->confidence) {
	case NDPI_CONFIDENCE_DPI:
		return BASIS_INSPECTED;
	case NDPI_CONFIDENCE_MATCH_BY_PORT:
		return BASIS_PORT;
	case NDPI_CONFIDENCE_MATCH_BY_IP: /* there is none to go by */
	case NDPI_CONFIDENCE_UNKNOWN:
		return BASIS_NONE;
	default:
		return BASIS_PARTIAL;
	}
}

/* nDPI's own name, without what a record may not hold. */
static void
name(struct inspector *in, uint16_t protocol, char text[WIRE_PROTOCOL_TEXT])
{
	const char *said = ndpi_get_proto_name(in->module, protocol);
	size_t n = 0;

	for (; said && *said && n + 1 < WIRE_PROTOCOL_TEXT; said++)
		if (*said > ' ' && *said <= '~')
			text[n++] = *said;
}

static uint32_t
risks_of(const struct ndpi_flow_struct *flow)
{
	uint64_t risk = flow->risk;
	uint32_t risks = 0;

	if (risk >> NDPI_CLEAR_TEXT_CREDENTIALS & 1)
		risks |= RISK_CLEAR_TEXT_CREDENTIALS;
	if (risk >> NDPI_TLS_OBSOLETE_VERSION & 1)
		risks |= RISK_OBSOLETE_TLS;
	if (risk >> NDPI_TLS_SELFSIGNED_CERTIFICATE & 1)
		risks |= RISK_SELF_SIGNED;
	return risks;
}

/*
 * Before 4.8 STUN is Messenger's for an attribute that all of WebRTC sends, in a message of one of
 * two lengths: whoever makes it, a doorbell too.  With a name it was read there.
 */
#ifndef NDPI_HAS_CONFIG
static bool
is_far_fetched(const struct ndpi_flow_struct *flow, uint16_t master, uint16_t application)
{
	return master == NDPI_PROTOCOL_STUN && application == NDPI_PROTOCOL_FACEBOOK_VOIP &&
	       flow->host_server_name[0] == '\0';
}
#else
static bool
is_far_fetched(const struct ndpi_flow_struct *flow, uint16_t master, uint16_t application)
{
	(void)flow;
	(void)master;
	(void)application;
	return false;
}
#endif

static bool
is_tls(const ndpi_protocol *found)
{
	uint16_t master = master_of(found), application = application_of(found);

	return master == NDPI_PROTOCOL_TLS || master == NDPI_PROTOCOL_QUIC ||
	       application == NDPI_PROTOCOL_TLS || application == NDPI_PROTOCOL_QUIC;
}

void
inspector_end(struct inspector *in, struct wire_opinion *opinion)
{
	uint16_t master, application;

	memset(opinion, 0, sizeof(*opinion));
	if (!in->flow)
		return;
	if (!is_settled(in))
		in->found = give_up(in);
	master = master_of(&in->found);
	application = application_of(&in->found);
	if (master == NDPI_PROTOCOL_UNKNOWN) {
		master = application;
		application = NDPI_PROTOCOL_UNKNOWN;
	}
	if (is_far_fetched(in->flow, master, application))
		application = NDPI_PROTOCOL_UNKNOWN;
	opinion->basis = (uint8_t)basis_of(in);
	if (opinion->basis != BASIS_NONE) {
		if (master != NDPI_PROTOCOL_UNKNOWN)
			name(in, master, opinion->protocol);
		if (application != NDPI_PROTOCOL_UNKNOWN && application != master)
			name(in, application, opinion->application);
		snprintf(opinion->ja4, sizeof(opinion->ja4), "%s",
		    ja4_of(in->flow, is_tls(&in->found)));
	}
	opinion->risks = risks_of(in->flow);
	ndpi_flow_free(in->flow);
	in->flow = NULL;
}
