/* SPDX-License-Identifier: Apache-2.0 */
#include "home/ja4.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "crypto/hash.h"

#define LIST_MAX   512 /* values of one kind; real clients send some dozens */
#define SHORT_LIST 64
#define LIST_TEXT  (LIST_MAX * 5) /* "0005,", each */

#define HASH12 13 /* twelve hex digits and a NUL */

/* The clients of a home are few, and each says the same all day. */
#define MEMOS     128
#define MEMO_TEXT 256

#define EXT_SERVER_NAME 0x0000
#define EXT_ALPN        0x0010

struct list {
	uint16_t item[LIST_MAX];
	size_t count;
	bool overflow;
};

/* What a text hashes to. */
struct memo {
	size_t len; /* 0 for none */
	char text[MEMO_TEXT];
	char hash[HASH12];
};

struct ja4_maker {
	struct list ciphers;
	struct list extensions;
	struct list signatures;
	char text[2 * LIST_TEXT]; /* at hand */
	struct memo memo[MEMOS];
};

struct ja4_maker *
ja4_maker_new(void)
{
	return calloc(1, sizeof(struct ja4_maker));
}

void
ja4_maker_free(struct ja4_maker *maker)
{
	free(maker);
}

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
list_begin(struct list *list)
{
	list->count = 0;
	list->overflow = false;
}

static void
list_read(struct list *list, struct cursor values)
{
	list_begin(list);
	while (cursor_left(&values) >= 2)
		list_add(list, cursor_be16(&values));
}

/* All extensions count, but the name and ALPN are not hashed: they show in the first part. */
static size_t
extensions_read(struct list *list, struct cursor block)
{
	size_t count = 0;

	list_begin(list);
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

/* The first twelve hex digits of the SHA-256. */
static bool
sum12(const char *text, size_t len, char out[static HASH12])
{
	uint8_t sum[SHA256_SIZE];

	if (!sha256_bytes(text, len, sum))
		return false;
	for (size_t i = 0; i < 6; i++)
		out = hex_write(out, sum[i]);
	*out = '\0';
	return true;
}

/* The same of the text at hand, which ends there; zeros for no text at all. */
static bool
hash12(struct ja4_maker *maker, const char *end, char out[static HASH12])
{
	size_t len = (size_t)(end - maker->text);
	struct memo *memo = &maker->memo[hash_id(maker->text, len) % MEMOS];

	if (len == 0) {
		memcpy(out, "000000000000", HASH12);
		return true;
	}
	if (len > MEMO_TEXT)
		return sum12(maker->text, len, out);
	if (memo->len != len || memcmp(memo->text, maker->text, len) != 0) {
		memo->len = 0;
		if (!sum12(maker->text, len, memo->hash))
			return false;
		memcpy(memo->text, maker->text, len);
		memo->len = len;
	}
	memcpy(out, memo->hash, HASH12);
	return true;
}

static bool
hash_ciphers(struct ja4_maker *maker, char out[static HASH12])
{
	list_sort(&maker->ciphers);
	return hash12(maker, list_write(maker->text, &maker->ciphers), out);
}

static bool
hash_extensions(struct ja4_maker *maker, char out[static HASH12])
{
	char *at;

	list_sort(&maker->extensions);
	at = list_write(maker->text, &maker->extensions);
	if (at > maker->text && maker->signatures.count > 0) {
		*at++ = '_';
		at = list_write(at, &maker->signatures);
	}
	return hash12(maker, at, out);
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
ja4_make(struct ja4_maker *maker, const struct hello *hello, char text[static JA4_TEXT])
{
	static const char transport[] = {
	    [HELLO_OVER_TCP] = 't', [HELLO_OVER_DTLS] = 'd', [HELLO_OVER_QUIC] = 'q'};
	char cipher_hash[HASH12];
	char extension_hash[HASH12];
	char alpn[3];
	size_t extension_count;

	text[0] = '\0';
	list_read(&maker->ciphers, hello->ciphers);
	list_read(&maker->signatures, hello->signatures);
	extension_count = extensions_read(&maker->extensions, hello->extensions);
	if (maker->ciphers.overflow || maker->extensions.overflow || maker->signatures.overflow)
		return false;
	if (!hash_ciphers(maker, cipher_hash) || !hash_extensions(maker, extension_hash))
		return false;
	alpn_text(hello->alpn, alpn);
	*text++ = transport[hello->transport];
	text = text_write(text, version_text(hello->version));
	*text++ = hello->has_sni ? 'd' : 'i';
	text = count_write(text, maker->ciphers.count);
	text = count_write(text, extension_count);
	text = text_write(text, alpn);
	*text++ = '_';
	text = text_write(text, cipher_hash);
	*text++ = '_';
	text_write(text, extension_hash);
	return true;
}
