/* SPDX-License-Identifier: Apache-2.0 */
#include "store/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_TEXT (2 * SIV_KEY)

struct seal {
	struct siv *siv;
};

static void *
fail(struct porch_error *error, const char *path, const char *why)
{
	*error = (struct porch_error){.offset = -1};
	snprintf(error->file, sizeof(error->file), "%s", path);
	snprintf(error->text, sizeof(error->text), "%s", why);
	return NULL;
}

static int
digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool
read_digits(const char *text, uint8_t key[static SIV_KEY])
{
	for (size_t i = 0; i < SIV_KEY; i++) {
		int high = digit_of(text[2 * i]), low = digit_of(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		key[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool
read_key(int fd, uint8_t key[static SIV_KEY])
{
	char text[KEY_TEXT + 2];
	ssize_t got = read(fd, text, sizeof(text));
	bool whole = got == KEY_TEXT || (got == KEY_TEXT + 1 && text[KEY_TEXT] == '\n');
	bool good = whole && read_digits(text, key);

	memset(text, 0, sizeof(text));
	return good;
}

static bool
write_key(int fd, const uint8_t key[static SIV_KEY])
{
	char text[KEY_TEXT + 2];
	bool good;

	for (size_t i = 0; i < SIV_KEY; i++)
		snprintf(text + 2 * i, 3, "%02x", key[i]);
	text[KEY_TEXT] = '\n';
	good = write(fd, text, KEY_TEXT + 1) == KEY_TEXT + 1 && fsync(fd) == 0;
	memset(text, 0, sizeof(text));
	return good;
}

/* Written under another name first: a key is there whole, or not at all. */
static bool
make_key(const char *path, uint8_t key[static SIV_KEY], struct porch_error *error)
{
	char part[4096];
	bool good;
	int fd;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return fail(error, path, "the name is too long");
	unlink(part);
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return fail(error, path, strerror(errno));
	good = getrandom(key, SIV_KEY, 0) == SIV_KEY && write_key(fd, key);
	if (!good)
		fail(error, path, errno ? strerror(errno) : "the key could not be written");
	good = close(fd) == 0 && good && rename(part, path) == 0;
	if (!good)
		unlink(part);
	return good;
}

static struct seal *
seal_with(const uint8_t key[static SIV_KEY], const char *path, struct porch_error *error)
{
	struct seal *seal = calloc(1, sizeof(*seal));

	if (seal)
		seal->siv = siv_new(key, SIV_KEY);
	if (seal && seal->siv)
		return seal;
	free(seal);
	return fail(error, path, "out of memory, or a libgcrypt without AES-SIV");
}

struct seal *
seal_open(const char *path, bool *made, struct porch_error *error)
{
	uint8_t key[SIV_KEY];
	struct seal *seal;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*error = (struct porch_error){.offset = -1};
	if (made)
		*made = fd < 0 && errno == ENOENT;
	if (fd >= 0) {
		bool good = read_key(fd, key);

		close(fd);
		if (!good)
			return fail(error, path, "is no key of a history");
	} else if (!made || !*made) {
		return fail(error, path, strerror(errno));
	} else if (!make_key(path, key, error)) {
		return NULL;
	}
	seal = seal_with(key, path, error);
	memset(key, 0, sizeof(key));
	return seal;
}

void
seal_close(struct seal *seal)
{
	if (!seal)
		return;
	siv_free(seal->siv);
	free(seal);
}

static void
put_number(uint8_t *at, uint64_t number)
{
	for (int i = 7; i >= 0; i--, number >>= 8)
		at[i] = (uint8_t)number;
}

bool
seal_key(struct seal *seal, uint16_t kind, const void *key, size_t len,
    uint8_t tag[static SEAL_TAG])
{
	uint8_t kinds[2] = {(uint8_t)(kind >> 8), (uint8_t)kind};
	const struct siv_beside beside[] = {{"key", 3}, {kinds, sizeof(kinds)}, {key, len}};

	return siv_seal(seal->siv, beside, 3, "", 0, tag);
}

int64_t
seal_device(struct seal *seal, uint64_t device)
{
	uint8_t number[8], tag[SEAL_TAG];
	const struct siv_beside beside[] = {{"device", 6}, {number, sizeof(number)}};
	uint64_t hidden = 0;

	put_number(number, device);
	if (device == 0 || !siv_seal(seal->siv, beside, 2, "", 0, tag))
		return 0;
	for (size_t i = 0; i < sizeof(hidden); i++)
		hidden = hidden << 8 | tag[i];
	return (int64_t)(hidden >> 1) + 1; /* never 0, never negative */
}

/* As bytes, so that padding is in no seal. */
static void
write_place(const struct seal_place *place, uint8_t at[static 26 + SEAL_TAG])
{
	at[0] = (uint8_t)(place->kind >> 8);
	at[1] = (uint8_t)place->kind;
	put_number(at + 2, place->session);
	put_number(at + 10, (uint64_t)place->time);
	put_number(at + 18, (uint64_t)place->device);
	memcpy(at + 26, place->key, SEAL_TAG);
}

bool
seal_bytes(struct seal *seal, const struct seal_place *place, const void *bytes, size_t len,
    uint8_t *sealed)
{
	uint8_t where[26 + SEAL_TAG];
	const struct siv_beside beside[] = {{where, sizeof(where)}};

	write_place(place, where);
	return siv_seal(seal->siv, beside, 1, bytes, len, sealed);
}

bool
seal_open_bytes(struct seal *seal, const struct seal_place *place, const void *sealed, size_t len,
    uint8_t *bytes)
{
	uint8_t where[26 + SEAL_TAG];
	const struct siv_beside beside[] = {{where, sizeof(where)}};

	write_place(place, where);
	return siv_open(seal->siv, beside, 1, sealed, len, bytes);
}
