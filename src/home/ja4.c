/* SPDX-License-Identifier: Apache-2.0 */
#include "home/ja4.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

#define LIST_MAX   512 /* values of one kind; real clients send some dozens */
#define SHORT_LIST 64

#define EXT_SERVER_NAME 0x0000
#define EXT_ALPN        0x0010

struct list {
	uint16_t item[LIST_MAX];
	size_t count;
	bool overflow;
};

static void
list_add(struct list *list, uint16_t value)
{
	if (tls_is_grease(value))
		return;
	if (list->count == LIST_MAX) {
		list->overflow = true;
		return;
	}
	list->item[list->count++] = value;
}

static void
list_read(struct list *list, struct cursor values)
{
	while (cursor_left(&values) >= 2)
		list_add(list, cursor_be16(&values));
}

/* All extensions count, but the name and ALPN are not hashed: they show in the first part. */
static size_t
extensions_read(struct list *list, struct cursor block)
{
	size_t count = 0;

	while (cursor_left(&block) > 0) {
		uint16_t type = cursor_be16(&block);

		cursor_take(&block, cursor_be16(&block));
		if (block.short_read)
			break;
		count += !tls_is_grease(type);
		if (type != EXT_SERVER_NAME && type != EXT_ALPN)
			list_add(list, type);
	}
	return count;
}

static int
ascending(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* What clients send is short, and mostly in order. */
static void
list_sort(struct list *list)
{
	uint16_t *item = list->item;

	if (list->count > SHORT_LIST) {
		qsort(item, list->count, sizeof(item[0]), ascending);
		return;
	}
	for (size_t i = 1; i < list->count; i++) {
		uint16_t value = item[i];
		size_t at = i;

		for (; at > 0 && item[at - 1] > value; at--)
			item[at] = item[at - 1];
		item[at] = value;
	}
}

static char *
hex_write(char *at, uint8_t byte)
{
	static const char digit[] = "0123456789abcdef";

	*at++ = digit[byte >> 4];
	*at++ = digit[byte & 15];
	return at;
}

/* Writes "0005,000a,..." and returns where it ends. */
static char *
list_write(char *at, const struct list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			*at++ = ',';
		at = hex_write(at, (uint8_t)(list->item[i] >> 8));
		at = hex_write(at, (uint8_t)list->item[i]);
	}
	return at;
}

/* The first twelve hex digits of the SHA-256, or zeros for no text at all. */
static bool
hash12(const char *text, size_t len, char out[static 13])
{
	uint8_t sum[SHA256_SIZE] = {0};

	if (len > 0 && !sha256_bytes(text, len, sum))
		return false;
	for (size_t i = 0; i < 6; i++)
		out = hex_write(out, sum[i]);
	*out = '\0';
	return true;
}

static bool
hash_ciphers(struct list *ciphers, char out[static 13])
{
	char text[LIST_MAX * 5 + 1];

	list_sort(ciphers);
	return hash12(text, (size_t)(list_write(text, ciphers) - text), out);
}

static bool
hash_extensions(struct list *extensions, const struct list *signatures, char out[static 13])
{
	char text[2 * LIST_MAX * 5 + 2];
	char *at;

	list_sort(extensions);
	at = list_write(text, extensions);
	if (at > text && signatures->count > 0) {
		*at++ = '_';
		at = list_write(at, signatures);
	}
	return hash12(text, (size_t)(at - text), out);
}

static const char *
version_text(uint16_t version)
{
	static const struct {
		uint16_t version;
		const char *text;
	} rows[] = {
	    {0x0304, "13"},
	    {0x0303, "12"},
	    {0x0302, "11"},
	    {0x0301, "10"},
	    {0x0300, "s3"},
	    {0x0002, "s2"},
	    {0xfeff, "d1"},
	    {0xfefd, "d2"},
	    {0xfefc, "d3"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].version == version)
			return rows[i].text;
	return "00";
}

static bool
alphanumeric(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Writes the text with its NUL and returns where that lies. */
static char *
text_write(char *at, const char *text)
{
	size_t length = strlen(text);

	memcpy(at, text, length + 1);
	return at + length;
}

/* Two digits, 99 for whatever is more. */
static char *
count_write(char *at, size_t count)
{
	size_t shown = count > 99 ? 99 : count;

	*at++ = (char)('0' + shown / 10);
	*at++ = (char)('0' + shown % 10);
	return at;
}

/* First and last character of the name; of its hex digits if either is unusual. */
static void
alpn_text(struct cursor alpn, char out[static 3])
{
	static const char digit[] = "0123456789abcdef";
	size_t len = cursor_left(&alpn);
	uint8_t first;
	uint8_t last;

	memcpy(out, "00", 3);
	if (len == 0 || !cursor_peek(&alpn, 0, &first) || !cursor_peek(&alpn, len - 1, &last))
		return;
	if (alphanumeric(first) && alphanumeric(last)) {
		out[0] = (char)first;
		out[1] = (char)last;
		return;
	}
	out[0] = digit[first >> 4];
	out[1] = digit[last & 15];
}

bool
ja4_make(const struct hello *hello, char text[static JA4_TEXT])
{
	static const char transport[] = {
	    [HELLO_OVER_TCP] = 't', [HELLO_OVER_DTLS] = 'd', [HELLO_OVER_QUIC] = 'q'};
	struct list ciphers = {.count = 0};
	struct list extensions = {.count = 0};
	struct list signatures = {.count = 0};
	char cipher_hash[13];
	char extension_hash[13];
	char alpn[3];
	size_t extension_count;

	text[0] = '\0';
	list_read(&ciphers, hello->ciphers);
	list_read(&signatures, hello->signatures);
	extension_count = extensions_read(&extensions, hello->extensions);
	if (ciphers.overflow || extensions.overflow || signatures.overflow)
		return false;
	if (!hash_ciphers(&ciphers, cipher_hash) ||
	    !hash_extensions(&extensions, &signatures, extension_hash))
		return false;
	alpn_text(hello->alpn, alpn);
	*text++ = transport[hello->transport];
	text = text_write(text, version_text(hello->version));
	*text++ = hello->has_sni ? 'd' : 'i';
	text = count_write(text, ciphers.count);
	text = count_write(text, extension_count);
	text = text_write(text, alpn);
	*text++ = '_';
	text = text_write(text, cipher_hash);
	*text++ = '_';
	text_write(text, extension_hash);
	return true;
}
