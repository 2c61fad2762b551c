/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/mud.h"

#include <stdbool.h>
#include <string.h>

#include "base/format.h"

enum way { FROM, TO };
enum family { IPV4, IPV6 };

static const char *const ways[] = {"from", "to"};
static const char *const families[] = {"ipv4", "ipv6"};

/* One access list, or with NULL for the writer only a count of its entries. */
struct acl {
	struct writer *w;
	enum way way;
	enum family family;
	size_t entries;
};

static void
quoted(struct writer *w, const char *text)
{
	write_char(w, '"');
	write_escaped(w, ESCAPE_JSON, text);
	write_char(w, '"');
}

static int
protocol_of(const char *transport, enum family family)
{
	static const struct {
		const char *word;
		int number[2]; /* IANA protocol numbers, by family; -1: not of this one */
	} known[] = {{"tcp", {6, 6}}, {"udp", {17, 17}}, {"icmp", {1, -1}}, {"icmpv6", {-1, 58}}};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i].word, transport) == 0)
			return known[i].number[family];
	return -1;
}

/* The remote end: whose name, whose network, or the home itself. */
static void
write_remote(const struct acl *acl, const struct porch_destination *to, const char *address)
{
	struct writer *w = acl->w;

	if (to->party == PORCH_PARTY_LOCAL)
		return;
	if (!address) {
		writef(w, "\"ietf-acldns:%s-dnsname\": ", acl->way == FROM ? "dst" : "src");
		quoted(w, to->name);
	} else {
		writef(w, "\"%s-%s-network\": \"%s/%d\"",
		    acl->way == FROM ? "destination" : "source", families[acl->family], address,
		    acl->family == IPV4 ? 32 : 128);
	}
	write_text(w, ", ");
}

static void
write_entry(struct acl *acl, const struct porch_destination *to, const char *address,
    const char *transport, int port)
{
	struct writer *w = acl->w;

	acl->entries++;
	if (!w)
		return;
	writef(w, "%s\n          {\"name\": \"%s-%s-%zu\", \"matches\": {",
	    acl->entries > 1 ? "," : "", ways[acl->way], families[acl->family], acl->entries);
	if (to->party == PORCH_PARTY_LOCAL)
		write_text(w, "\"ietf-mud:mud\": {\"local-networks\": [null]}, ");
	writef(w, "\"%s\": {", families[acl->family]);
	write_remote(acl, to, address);
	writef(w, "\"protocol\": %d}", protocol_of(transport, acl->family));
	if (port >= 0)
		writef(w, ", \"%s\": {\"%s-port\": {\"operator\": \"eq\", \"port\": %d}}",
		    transport, acl->way == FROM ? "destination" : "source", port);
	write_text(w, "}, \"actions\": {\"forwarding\": \"accept\"}}");
}

static void
tell_transports(struct acl *acl, const struct porch_destination *to, const char *address)
{
	for (size_t t = 0; t < to->transports.count; t++) {
		const char *transport = to->transports.item[t];

		if (protocol_of(transport, acl->family) < 0)
			continue;
		if (strncmp(transport, "icmp", 4) == 0)
			write_entry(acl, to, address, transport, -1);
		else
			for (size_t p = 0; p < to->ports.count; p++)
				write_entry(acl, to, address, transport, to->ports.item[p]);
	}
}

static bool
is_of(const char *address, enum family family)
{
	return (strchr(address, ':') != NULL) == (family == IPV6);
}

static void
tell_destination(struct acl *acl, const struct porch_destination *to)
{
	bool whole = to->name || to->party == PORCH_PARTY_LOCAL;

	for (size_t i = 0; i < to->addresses.count; i++) {
		if (!is_of(to->addresses.item[i], acl->family))
			continue;
		tell_transports(acl, to, whole ? NULL : to->addresses.item[i]);
		if (whole)
			return;
	}
}

static size_t
tell_all(struct acl *acl, const struct porch_document *doc, const struct porch_device *device)
{
	acl->entries = 0;
	for (size_t i = 0; i < doc->destination_count; i++)
		if (doc->destinations[i].device == device->id)
			tell_destination(acl, &doc->destinations[i]);
	return acl->entries;
}

static void
write_policies(struct writer *w, const struct porch_document *doc,
    const struct porch_device *device)
{
	for (unsigned way = 0; way < 2; way++) {
		const char *comma = "";

		writef(w, ",\n    \"%s-device-policy\": {\"access-lists\": {\"access-list\": [",
		    ways[way]);
		for (unsigned family = 0; family < 2; family++) {
			struct acl acl = {.way = (enum way)way, .family = (enum family)family};

			if (tell_all(&acl, doc, device) == 0)
				continue;
			writef(w, "%s{\"name\": \"%s-%s\"}", comma, ways[way], families[family]);
			comma = ", ";
		}
		write_text(w, "]}}");
	}
}

static void
write_lists(struct writer *w, const struct porch_document *doc, const struct porch_device *device)
{
	const char *comma = "";

	for (unsigned i = 0; i < 4; i++) {
		struct acl acl = {.way = (enum way)(i / 2), .family = (enum family)(i % 2)};

		if (tell_all(&acl, doc, device) == 0)
			continue;
		writef(w, "%s\n      {\"name\": \"%s-%s\", \"type\": \"%s-acl-type\", ", comma,
		    ways[acl.way], families[acl.family], families[acl.family]);
		write_text(w, "\"aces\": {\"ace\": [");
		acl.w = w;
		tell_all(&acl, doc, device);
		write_text(w, "\n      ]}}");
		comma = ",";
	}
}

void
write_mud(struct writer *w, const struct porch_document *doc, const struct porch_device *device)
{
	const char *maker = device->vendor ? device->vendor : "unknown";
	char stamp[TIME_TEXT];

	format_time(device->last_seen, stamp);
	write_text(w, "{\n  \"ietf-mud:mud\": {\n    \"mud-version\": 1,\n    \"mud-url\": ");
	writef(w, "\"https://mud.invalid/%s.json\",\n    \"last-update\": \"%s\",\n", maker, stamp);
	write_text(w, "    \"is-supported\": false,\n"
	              "    \"systeminfo\": \"observed behaviour, not its maker's word\"");
	if (device->vendor_name) {
		write_text(w, ",\n    \"mfg-name\": ");
		quoted(w, device->vendor_name);
	}
	if (device->product) {
		write_text(w, ",\n    \"model-name\": ");
		quoted(w, device->product);
	}
	write_policies(w, doc, device);
	write_text(w, "\n  },\n  \"ietf-access-control-list:acls\": {\n    \"acl\": [");
	write_lists(w, doc, device);
	write_text(w, "\n    ]\n  }\n}\n");
}
