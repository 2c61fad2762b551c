/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/print.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A text being written: what finds no room is counted all the same. */
struct sheet {
	char *to;
	size_t room; /* without the NUL */
	size_t length;
};

static void
put(struct sheet *sheet, const char *bytes, size_t count)
{
	if (sheet->length < sheet->room) {
		size_t left = sheet->room - sheet->length;

		memcpy(sheet->to + sheet->length, bytes, count < left ? count : left);
	}
	sheet->length += count;
}

static void
put_number(struct sheet *sheet, unsigned number, unsigned base, unsigned least, const char *digits)
{
	char text[16];
	unsigned at = sizeof(text);

	do {
		text[--at] = digits[number % base];
		number /= base;
	} while (number > 0);
	while (sizeof(text) - at < least)
		text[--at] = '0';
	put(sheet, text + at, sizeof(text) - at);
}

static void
put_hexadecimal(struct sheet *sheet, const char *directive, unsigned number)
{
	put_number(sheet, number, 16, (unsigned)(directive[2] - '0'),
	    directive[3] == 'x' ? "0123456789abcdef" : "0123456789ABCDEF");
}

/* From "%01x" to "%09X". */
static bool
is_hexadecimal(const char *directive)
{
	return directive[1] == '0' && directive[2] >= '1' && directive[2] <= '9' &&
	       (directive[3] == 'x' || directive[3] == 'X');
}

/* False when there is something else in the format: nothing is to be believed then. */
static bool
print_simple(struct sheet *sheet, const char *format, va_list arguments)
{
	while (*format) {
		size_t plain = strcspn(format, "%");

		put(sheet, format, plain);
		format += plain;
		if (format[0] == '%' && format[1] == 's') {
			const char *text = va_arg(arguments, const char *);

			if (!text)
				return false;
			put(sheet, text, strlen(text));
			format += 2;
		} else if (format[0] == '%' && format[1] == 'u') {
			put_number(sheet, va_arg(arguments, unsigned), 10, 1, "0123456789");
			format += 2;
		} else if (format[0] == '%' && is_hexadecimal(format)) {
			put_hexadecimal(sheet, format, va_arg(arguments, unsigned));
			format += 4;
		} else if (format[0] == '%') {
			return false;
		}
	}
	return true;
}

int
print_bounded(char *to, size_t size, int flag, size_t room, const char *format, ...)
{
	struct sheet sheet = {.to = to, .room = size > 0 ? size - 1 : 0};
	va_list arguments;
	bool simple;
	int length;

	va_start(arguments, format);
	simple = size > 0 && size <= room && print_simple(&sheet, format, arguments);
	va_end(arguments);
	if (simple && sheet.length <= INT32_MAX) {
		to[sheet.length < sheet.room ? sheet.length : sheet.room] = '\0';
		return (int)sheet.length;
	}
	va_start(arguments, format);
	length = __builtin___vsnprintf_chk(to, size, flag, room, format, arguments);
	va_end(arguments);
	return length;
}
