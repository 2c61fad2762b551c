/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/heard.h"

#include <string.h>

#include "base/format.h"

static bool
is_hexadecimal(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, "0123456789abcdef") == len;
}

bool
heard_read(struct heard *heard, const char *line, size_t len)
{
	const char *boot;

	*heard = (struct heard){.line = line, .len = len};
	heard->root = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	heard->type = member_text(heard->root, "type");
	boot = member_text(heard->root, "boot");
	if (!heard->type || !boot || !is_hexadecimal(boot, 16))
		return false;
	memcpy(heard->boot, boot, sizeof(heard->boot));
	heard->event = member_number(heard->root, "event");
	return true;
}

void
heard_clear(struct heard *heard)
{
	json_decref(heard->root);
	heard->root = NULL;
}

const char *
member_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

uint64_t
member_number(const json_t *object, const char *key)
{
	json_int_t number = json_integer_value(json_object_get(object, key));

	return number > 0 ? (uint64_t)number : 0;
}

bool
member_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

static uint64_t
digit(char c)
{
	return (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

uint64_t
member_id(const json_t *object, const char *key, char letter)
{
	const char *text = member_text(object, key);
	uint64_t id = 0;

	if (!text || text[0] != letter || !is_hexadecimal(text + 1, 16))
		return 0;
	for (int i = 1; i <= 16; i++)
		id = id << 4 | digit(text[i]);
	return id;
}

bool
member_time(const json_t *object, const char *key, int64_t *time)
{
	const char *text = member_text(object, key);

	return text && time_parse(text, time);
}

void
copy_text(char *to, size_t size, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len >= size)
		len = size - 1;
	while (text && len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	memcpy(to, text ? text : "", len);
	to[len] = '\0';
}
