/* SPDX-License-Identifier: Apache-2.0 */
#include "source/machine_files.h"

#include <dirent.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#define PATH_SIZE 1024

static bool
path_of(char path[static PATH_SIZE], const char *format, va_list values)
{
	int len = vsnprintf(path, PATH_SIZE, format, values);

	return len > 0 && len < PATH_SIZE;
}

bool
machine_open(struct machine_file *file, const char *format, ...)
{
	char path[PATH_SIZE];
	va_list values;
	bool whole;

	va_start(values, format);
	whole = path_of(path, format, values);
	va_end(values);
	file->stream = whole ? fopen(path, "re") : NULL;
	return file->stream != NULL;
}

char *
machine_line(struct machine_file *file)
{
	size_t len;
	int c;

	if (!fgets(file->line, sizeof(file->line), file->stream))
		return NULL;
	len = strcspn(file->line, "\n");
	if (file->line[len] != '\n')
		while ((c = fgetc(file->stream)) != EOF && c != '\n')
			continue;
	file->line[len] = '\0';
	return file->line;
}

void
machine_close(struct machine_file *file)
{
	fclose(file->stream);
}

bool
machine_text(char *text, size_t size, const char *format, ...)
{
	struct machine_file file;
	char path[PATH_SIZE];
	va_list values;
	const char *line;
	bool whole;

	va_start(values, format);
	whole = path_of(path, format, values);
	va_end(values);
	if (!whole || !machine_open(&file, "%s", path))
		return false;
	line = machine_line(&file);
	if (line)
		snprintf(text, size, "%s", line);
	machine_close(&file);
	return line != NULL;
}

bool
machine_has(const char *format, ...)
{
	char path[PATH_SIZE];
	va_list values;
	bool whole;

	va_start(values, format);
	whole = path_of(path, format, values);
	va_end(values);
	return whole && access(path, F_OK) == 0;
}

void
machine_each(void (*see)(const char *name, void *user), void *user, const char *format, ...)
{
	char path[PATH_SIZE];
	const struct dirent *entry;
	va_list values;
	DIR *folder;
	bool whole;

	va_start(values, format);
	whole = path_of(path, format, values);
	va_end(values);
	folder = whole ? opendir(path) : NULL;
	if (!folder)
		return;
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			see(entry->d_name, user);
	closedir(folder);
}

static bool
ask_ethtool(int fd, const char *name, uint32_t command, uint32_t *answer)
{
	struct ethtool_value value = {.cmd = command};
	struct ifreq request = {.ifr_data = (void *)&value};

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%.15s", name);
	if (ioctl(fd, SIOCETHTOOL, &request) != 0)
		return false;
	*answer = value.data;
	return true;
}

enum machine_known
machine_merges(const char *root, const char *name)
{
	uint32_t gro = 0, flags = 0;
	bool known;
	int fd;

	fd = root[0] ? -1 : socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return MACHINE_UNKNOWN;
	known = ask_ethtool(fd, name, ETHTOOL_GGRO, &gro);
	known = ask_ethtool(fd, name, ETHTOOL_GFLAGS, &flags) || known;
	close(fd);
	if (!known)
		return MACHINE_UNKNOWN;
	return gro || (flags & ETH_FLAG_LRO) ? MACHINE_YES : MACHINE_NO;
}

enum machine_known
machine_synchronised(const char *root)
{
	struct timex clock = {.modes = 0};
	int state;

	if (root[0])
		return MACHINE_UNKNOWN;
	state = adjtimex(&clock);
	if (state < 0)
		return MACHINE_UNKNOWN;
	return state == TIME_ERROR || (clock.status & STA_UNSYNC) ? MACHINE_NO : MACHINE_YES;
}
