/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/subject.h"

#include <string.h>

#include "base/addr.h"

static bool
lists(const struct porch_texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->item[i], text) == 0)
			return true;
	return false;
}

const struct porch_device *
document_subject(const struct porch_document *doc, const char *subject)
{
	char text[MAC_TEXT > ADDR_TEXT ? MAC_TEXT : ADDR_TEXT] = "";
	struct addr addr;
	struct mac mac;
	bool is_mac = mac_parse(subject, &mac);

	if (is_mac)
		mac_format(&mac, text);
	else if (addr_parse(subject, &addr))
		addr_format(&addr, text);
	for (size_t i = 0; i < doc->device_count; i++) {
		const struct porch_device *device = &doc->devices[i];

		if (is_mac ? device->mac && strcmp(device->mac, text) == 0
		           : lists(&device->addresses, text))
			return device;
	}
	return NULL;
}
