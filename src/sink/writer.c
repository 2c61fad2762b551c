/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
writer_init(struct writer *w, int fd)
{
	w->fd = fd;
	w->error = 0;
	w->tee = NULL;
	w->user = NULL;
	w->len = 0;
}

static void
write_out(struct writer *w, const char *bytes, size_t len)
{
	if (w->tee && !w->error)
		w->tee(bytes, len, w->user);
	while (len > 0 && !w->error && w->fd != WRITER_NOWHERE) {
		ssize_t wrote = write(w->fd, bytes, len);

		if (wrote < 0 && errno != EINTR) {
			w->error = errno;
		} else if (wrote > 0) {
			bytes += wrote;
			len -= (size_t)wrote;
		}
	}
}

void
writer_flush(struct writer *w)
{
	write_out(w, w->buffer, w->len);
	w->len = 0;
}

enum writer_end
writer_finish(struct writer *w)
{
	writer_flush(w);
	if (w->error == 0)
		return WRITER_DONE;
	return w->error == EPIPE ? WRITER_PIPE_CLOSED : WRITER_FAILED;
}

void
write_bytes(struct writer *w, const char *bytes, size_t len)
{
	if (len > sizeof(w->buffer) - w->len)
		writer_flush(w);
	if (len > sizeof(w->buffer)) {
		write_out(w, bytes, len);
		return;
	}
	memcpy(w->buffer + w->len, bytes, len);
	w->len += len;
}

void
write_char(struct writer *w, char c)
{
	if (w->len == sizeof(w->buffer))
		writer_flush(w);
	w->buffer[w->len++] = c;
}

void
write_text(struct writer *w, const char *text)
{
	write_bytes(w, text, strlen(text));
}

void
write_u64(struct writer *w, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	write_bytes(w, digits + at, sizeof(digits) - at);
}

void
write_i64(struct writer *w, int64_t number)
{
	if (number < 0)
		write_char(w, '-');
	write_u64(w, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void
write_escaped(struct writer *w, enum escape escape, const char *text)
{
	while (*text) {
		size_t plain = escape_plain(escape, text);
		char out[ESCAPE_MAX];

		write_bytes(w, text, plain);
		text += plain;
		if (*text) {
			size_t len = escape_next(escape, &text, out);

			write_bytes(w, out, len);
		}
	}
}

void
writef(struct writer *w, const char *format, ...)
{
	char line[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len > 0)
		write_bytes(w, line, (size_t)len < sizeof(line) ? (size_t)len : sizeof(line) - 1);
}
