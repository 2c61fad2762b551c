/* SPDX-License-Identifier: Apache-2.0 */

/*
 * porchlight-page: serves the live page.  `porchlight watch` runs it (cli/watch/page.h) with
 * the options that concern it, and the socket of the records at PAGE_SOCKET.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/confine.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "cli/page/past.h"
#include "cli/say.h"
#include "cli/watch/page.h"
#include "cli/zone.h"
#include "crypto/crypto.h"
#include "sink/site/site.h"

#define PEM_MOST ((size_t)64 * 1024)
#define BACKLOG  64

struct page {
	struct options options;
	struct page_place place;
	struct site_setup setup;
	char *cert;
	char *key;
};

static bool
read_options(struct page *page, int argc, char **argv)
{
	struct porch_error error = {.offset = -1};

	if (!options_read(&page->options, FOR_WATCH, argc, argv, &error)) {
		say_error(&error);
		return false;
	}
	if (page_place_read(page->options.page ? page->options.page : PAGE_DEFAULT, &page->place))
		return true;
	say("--page %s: an address and a port are wanted", page->options.page);
	return false;
}

/* A whole text, or NULL and a word why. */
static char *
read_pem(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = file ? calloc(1, PEM_MOST + 1) : NULL;
	size_t len = text ? fread(text, 1, PEM_MOST, file) : 0;

	if (len == 0)
		say("%s: %s", path, file && !errno ? "empty" : strerror(errno));
	if (file)
		fclose(file);
	if (len > 0)
		return text;
	free(text);
	return NULL;
}

static bool
read_certificate(struct page *page)
{
	const char *both = page->options.page_tls;
	const char *comma = both ? strchr(both, ',') : NULL;
	char *cert;

	if (!both)
		return true;
	if (!comma) {
		say("--page-tls %s: a certificate and a key are wanted, CERT,KEY", both);
		return false;
	}
	cert = strndup(both, (size_t)(comma - both));
	page->cert = cert ? read_pem(cert) : NULL;
	page->key = page->cert ? read_pem(comma + 1) : NULL;
	free(cert);
	return page->key != NULL;
}

/* A socket that listens at an address; -1 with errno. */
static int
listen_at(const struct page_place *place)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(place->port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(place->port)};
	bool is_v6 = strchr(place->address, ':') != NULL;
	int on = 1, off = 0;
	int fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int bound;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	inet_pton(AF_INET, place->address, &v4.sin_addr);
	inet_pton(AF_INET6, place->address, &v6.sin6_addr);
	if (is_v6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	bound = is_v6 ? bind(fd, (struct sockaddr *)&v6, sizeof(v6))
	              : bind(fd, (struct sockaddr *)&v4, sizeof(v4));
	if (bound == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	close(fd);
	return -1;
}

/* All is open: files, network and programs are taken away. */
static void
shut_in(void *user)
{
	struct page *page = user;
	struct confine_path files[PAST_FILES];
	struct past_folders room;
	const struct confine confine = {
	    .role = CONFINE_SERVING,
	    .paths = files,
	    .path_count = past_files(&page->options, &room, files),
	};
	struct confined reached;

	confine_enter(&confine, &reached);
}

/* Beside the history, for its user alone; -1 where there is none. */
static int
open_sessions(const struct page *page)
{
	char path[PAST_FOLDER];
	struct stat file;
	int fd;

	if (page->place.loopback || !past_sessions(&page->options, path))
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd >= 0 && fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == geteuid() &&
	    fchmod(fd, 0600) == 0)
		return fd;
	say("%s: %s: sessions end with this run", path,
	    fd < 0 ? strerror(errno) : "not a file of this user's");
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
work(enum site_work what, unsigned days, struct writer *w, void *user)
{
	const struct page *page = user;

	return past_write(&page->options, what, days, w);
}

static void
fill_setup(struct page *page)
{
	const struct options *o = &page->options;

	page->setup = (struct site_setup){.lines = PAGE_SOCKET,
	    .sessions = open_sessions(page),
	    .port = page->place.port,
	    .token = !page->place.loopback,
	    .cert = page->cert,
	    .key = page->key,
	    .address = o->page ? o->page : PAGE_DEFAULT,
	    .speaker = {.language = o->language, .typographic = true, .zone = o->zone},
	    .version = PORCHLIGHT_VERSION,
	    .work = past_kept(o) ? work : NULL,
	    .user = page,
	    .ready = shut_in};
	if (o->zone) {
		zone_use(o->zone);
		page->setup.speaker.zone_offset = zone_offset;
	}
}

static int
serve(struct page *page)
{
	struct porch_error error = {.offset = -1};

	if (!read_certificate(page))
		return EXIT_NO_RESULT;
	fill_setup(page);
	page->setup.listener = listen_at(&page->place);
	if (page->setup.listener < 0) {
		say("--page %s: %s", page->setup.address, strerror(errno));
		return EXIT_NO_RESULT;
	}
	if (site_run(&page->setup, &error))
		return EXIT_DONE;
	say("%s", error.text);
	return EXIT_NO_RESULT;
}

/* Keys meant for `watch` do not end the page: the end of its records does. */
static void
ignore_signals(void)
{
	sigset_t none;

	sigemptyset(&none); /* who started it may hold signals back */
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	signal(SIGUSR2, SIG_IGN);
}

int
main(int argc, char **argv)
{
	struct page page = {.cert = NULL};
	int status = EXIT_USAGE;

	ignore_signals();
	if (fcntl(PAGE_SOCKET, F_SETFD, FD_CLOEXEC) != 0) {
		say("porchlight-page is run by porchlight watch --page");
		return EXIT_USAGE;
	}
	if (read_options(&page, argc, argv))
		status = crypto_init() ? serve(&page) : EXIT_NO_RESULT;
	free(page.cert);
	free(page.key);
	options_free(&page.options);
	return status;
}
