/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/guard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/host.h"
#include "base/text.h"
#include "crypto/hash.h"

#define HOST_SIZE  (HOST_TEXT + 8) /* with brackets and a port */
#define ORIGIN_MAX (HOST_SIZE + 8)
#define GUESSERS   64 /* addresses whose guesses are counted; who asked longest ago makes room */
#define FORM       "application/x-www-form-urlencoded"

#define SUM_TEXT    (2 * SHA256_SIZE + 1)
#define STATE_BEGIN "porchlight.page/1\n"

/* The cookie itself is kept by the browser alone. */
struct session {
	char sum[SUM_TEXT]; /* of its secret; "" for none */
	int64_t ends;
};

struct guesser {
	struct addr from; /* an IPv6 /64 is one household */
	int64_t paid;     /* until when its wrong tokens count */
	int64_t last;
};

struct guard {
	struct guard_setup setup;
	char token[TOKEN_TEXT];
	char secret[SECRET_TEXT]; /* what form keys follow from */
	struct session sessions[SESSIONS];
	struct guesser guessers[GUESSERS];
	uint64_t changes;
};

static bool
random_text(char *out, size_t len, const char *digits, unsigned bits)
{
	unsigned char bytes[TOKEN_TEXT + SECRET_TEXT];

	if (len > sizeof(bytes) || getrandom(bytes, len, 0) != (ssize_t)len)
		return false;
	for (size_t i = 0; i < len; i++)
		out[i] = digits[bytes[i] & ((1U << bits) - 1)];
	out[len] = '\0';
	return true;
}

static bool
random_secret(char secret[static SECRET_TEXT])
{
	return random_text(secret, SECRET_TEXT - 1, "0123456789abcdef", 4);
}

struct guard *
guard_new(const struct guard_setup *setup)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	if (!guard)
		return NULL;
	guard->setup = *setup;
	if (!random_text(guard->token, TOKEN_TEXT - 1, "abcdefghijkmnpqrstuvwxyz23456789", 5) ||
	    !random_secret(guard->secret)) {
		free(guard);
		return NULL;
	}
	return guard;
}

void
guard_free(struct guard *guard)
{
	free(guard);
}

const char *
guard_token(const struct guard *guard)
{
	return guard->token;
}

void
guard_origin(const struct guard *guard, const char *host, char *out, size_t size)
{
	snprintf(out, size, "http%s://%s", guard->setup.tls ? "s" : "", host);
}

/* In a time that does not depend on where they differ. */
static bool
same_secret(const char *a, const char *b, size_t len)
{
	unsigned char differ = 0;

	if (strlen(b) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return differ == 0;
}

/* "host" of "host", "host:port" or "[address]:port"; the port must be ours. */
static bool
split_host(const struct guard *guard, const char *asked, char host[static HOST_SIZE])
{
	size_t len = asked[0] == '[' ? strcspn(asked, "]") + 1 : strcspn(asked, ":");
	unsigned usual = guard->setup.tls ? 443 : 80;
	char port[8];

	if (len == 0 || len >= HOST_SIZE || len > strlen(asked))
		return false;
	memcpy(host, asked, len);
	host[len] = '\0';
	if (asked[len] == '\0')
		return guard->setup.port == usual;
	snprintf(port, sizeof(port), ":%u", (unsigned)guard->setup.port);
	return strcmp(asked + len, port) == 0;
}

/* Whether text is this address, and nothing but. */
static bool
is_address(const char *text, const struct addr *addr)
{
	char own[ADDR_TEXT], bracketed[ADDR_TEXT + 2];

	addr_format(addr, own);
	snprintf(bracketed, sizeof(bracketed), addr->family == 6 ? "[%s]" : "%s", own);
	return addr->family != 0 && strcmp(text, bracketed) == 0;
}

static bool
host_is_ours(const struct guard *guard, const struct request *request)
{
	char host[HOST_SIZE], name[HOST_TEXT];

	if (request->host.count != 1 || !split_host(guard, request->host.value, host))
		return false;
	if (is_address(host, &request->local))
		return true;
	if (addr_is_loopback(&request->local) && strcmp(host, "localhost") == 0)
		return true;
	return guard->setup.is_ours && host_normalise(name, host) && strcmp(name, host) == 0 &&
	       guard->setup.is_ours(name, guard->setup.user);
}

/*
 * Where a browser says that another site asks, only a link that somebody followed to the page
 * itself is answered (Fetch Metadata).
 */
static bool
fetched_by_us(const struct request *request)
{
	const char *site = request->fetch_site.value;

	if (!site)
		return true;
	if (request->fetch_site.count != 1)
		return false;
	if (strcmp(site, "same-origin") == 0)
		return true;
	if (request->method != METHOD_GET)
		return false;
	if (strcmp(site, "none") == 0)
		return true;
	return request->fetch_mode.count == 1 &&
	       strcmp(request->fetch_mode.value, "navigate") == 0 &&
	       (strcmp(request->path, "/") == 0 || strcmp(request->path, "/open") == 0);
}

static enum ruling
rule_on_post(const struct guard *guard, const struct request *request)
{
	char origin[ORIGIN_MAX];

	guard_origin(guard, request->host.value, origin, sizeof(origin));
	if (request->origin.count != 1 || strcmp(request->origin.value, origin) != 0)
		return RULING_FOREIGN;
	if (request->content_type.count != 1 || strcmp(request->content_type.value, FORM) != 0)
		return RULING_NOT_A_FORM;
	return RULING_PASS;
}

static void
sum_of(const char *text, char sum[static SUM_TEXT])
{
	uint8_t bytes[SHA256_SIZE];

	sha256_bytes(text, strlen(text), bytes);
	for (size_t i = 0; i < SHA256_SIZE; i++)
		snprintf(sum + 2 * i, 3, "%02x", (unsigned)bytes[i]);
}

static struct session *
session_of(struct guard *guard, const struct request *request, int64_t now)
{
	char secret[SECRET_TEXT], sum[SUM_TEXT];

	if (request->cookie.count != 1 ||
	    !cookie_find(request->cookie.value, COOKIE_NAME, secret, sizeof(secret)) ||
	    strlen(secret) != SECRET_TEXT - 1)
		return NULL;
	sum_of(secret, sum);
	for (size_t i = 0; i < SESSIONS; i++) {
		struct session *s = &guard->sessions[i];

		if (s->sum[0] && s->ends > now && same_secret(s->sum, sum, SUM_TEXT - 1))
			return s;
	}
	return NULL;
}

void
guard_form_key(struct guard *guard, const struct request *request, int64_t now,
    char key[static SECRET_TEXT])
{
	const struct session *session = session_of(guard, request, now);
	char both[SECRET_TEXT + SUM_TEXT], sum[SUM_TEXT];

	snprintf(both, sizeof(both), "%s %s", guard->secret, session ? session->sum : "");
	sum_of(both, sum);
	memcpy(key, sum, SECRET_TEXT - 1);
	key[SECRET_TEXT - 1] = '\0';
}

/* What is known once the body came: whether it comes from a page that we gave this session. */
static bool
has_form_key(struct guard *guard, const struct request *request, int64_t now)
{
	char key[SECRET_TEXT], ours[SECRET_TEXT];

	guard_form_key(guard, request, now, ours);
	return form_field(request->body, request->body_len, "key", key, sizeof(key)) &&
	       same_secret(ours, key, SECRET_TEXT - 1);
}

static struct guesser *
guesser_of(struct guard *guard, const struct addr *peer)
{
	struct addr from = prefix_of(peer, peer->family == 6 ? 64 : 32).addr;
	struct guesser *oldest = guard->guessers;

	for (size_t i = 0; i < GUESSERS; i++) {
		struct guesser *g = &guard->guessers[i];

		if (addr_equal(&g->from, &from))
			return g;
		if (g->last < oldest->last)
			oldest = g;
	}
	*oldest = (struct guesser){.from = from};
	return oldest;
}

/* A wrong token costs GUESS_EVERY seconds, of which an address has GUESSES saved up. */
static enum ruling
check_token(struct guard *guard, const char *token, const struct addr *peer, int64_t now)
{
	struct guesser *g = guesser_of(guard, peer);

	g->last = now;
	if (g->paid - now > (GUESSES - 1) * GUESS_EVERY)
		return RULING_TOO_MANY;
	if (same_secret(guard->token, token, TOKEN_TEXT - 1))
		return RULING_PASS;
	g->paid = (g->paid > now ? g->paid : now) + GUESS_EVERY;
	return RULING_NO_SESSION;
}

/* A program shows the token itself (RFC 6750, 2.1). */
static enum ruling
rule_on_bearer(struct guard *guard, const struct request *request, int64_t now)
{
	static const char scheme[] = "Bearer ";
	const char *value = request->authorization.value;

	if (request->authorization.count != 1 || request->method != METHOD_GET ||
	    strncmp(value, scheme, sizeof(scheme) - 1) != 0)
		return RULING_NO_SESSION;
	return check_token(guard, value + sizeof(scheme) - 1, &request->peer, now);
}

enum ruling
guard_rule(struct guard *guard, const struct request *request, bool open_to_all, int64_t now)
{
	if (!host_is_ours(guard, request))
		return RULING_WRONG_HOST;
	if (request->method == METHOD_OTHER)
		return RULING_WRONG_METHOD;
	if (!fetched_by_us(request))
		return RULING_FOREIGN;
	if (request->method == METHOD_POST) {
		enum ruling ruling = rule_on_post(guard, request);

		if (ruling != RULING_PASS)
			return ruling;
	}
	if (open_to_all)
		return RULING_PASS;
	if (guard->setup.token && !session_of(guard, request, now))
		return rule_on_bearer(guard, request, now);
	if (request->body && !has_form_key(guard, request, now))
		return RULING_FOREIGN;
	return RULING_PASS;
}

enum ruling
guard_trade(struct guard *guard, const char *token, const struct addr *peer, int64_t now,
    char session[static SECRET_TEXT])
{
	enum ruling ruling = check_token(guard, token, peer, now);
	struct session *oldest = guard->sessions;

	session[0] = '\0';
	if (ruling != RULING_PASS)
		return ruling;
	for (size_t i = 1; i < SESSIONS; i++)
		if (guard->sessions[i].ends < oldest->ends)
			oldest = &guard->sessions[i];
	if (!random_secret(session))
		return RULING_BAD;
	sum_of(session, oldest->sum);
	oldest->ends = now + SESSION_LAST;
	guard->changes++;
	return RULING_PASS;
}

void
guard_leave(struct guard *guard, const struct request *request)
{
	struct session *session = session_of(guard, request, INT64_MIN);

	if (!session)
		return;
	*session = (struct session){.ends = 0};
	guard->changes++;
}

uint64_t
guard_changes(const struct guard *guard)
{
	return guard->changes;
}

void
guard_save(const struct guard *guard, int64_t now, int64_t clock, char state[static GUARD_STATE])
{
	struct text text = text_over(state, GUARD_STATE);

	memset(state, '\n', GUARD_STATE);
	text_addf(&text, STATE_BEGIN "key %s\n", guard->secret);
	for (size_t i = 0; i < SESSIONS; i++) {
		const struct session *s = &guard->sessions[i];

		if (s->sum[0] && s->ends > now)
			text_addf(&text, "session %s %" PRId64 "\n", s->sum,
			    clock + (s->ends - now));
	}
	state[text.len] = '\n';
}

static bool
is_hex(const char *text, size_t len)
{
	return strspn(text, "0123456789abcdef") == len;
}

/* "session SUM ENDS": at the latest it ends when one that begins now would. */
static void
restore_session(struct guard *guard, size_t place, const char *line, int64_t now, int64_t clock)
{
	struct session *s = &guard->sessions[place];
	int64_t last;

	if (!is_hex(line, SUM_TEXT - 1) || line[SUM_TEXT - 1] != ' ')
		return;
	last = strtoll(line + SUM_TEXT, NULL, 10) - clock;
	if (last <= 0)
		return;
	memcpy(s->sum, line, SUM_TEXT - 1);
	s->sum[SUM_TEXT - 1] = '\0';
	s->ends = now + (last < SESSION_LAST ? last : SESSION_LAST);
}

void
guard_restore(struct guard *guard, const char state[static GUARD_STATE], int64_t now, int64_t clock)
{
	static const char begin[] = STATE_BEGIN "key ", session[] = "session ";
	char copy[GUARD_STATE + 1];
	const char *at = copy + sizeof(begin) - 1;

	memcpy(copy, state, GUARD_STATE);
	copy[GUARD_STATE] = '\0';
	if (strncmp(copy, begin, sizeof(begin) - 1) != 0 || !is_hex(at, SECRET_TEXT - 1))
		return;
	memcpy(guard->secret, at, SECRET_TEXT - 1);
	for (size_t i = 0; i < SESSIONS && (at = strchr(at, '\n')); i++) {
		if (strncmp(++at, session, sizeof(session) - 1) != 0)
			return;
		restore_session(guard, i, at + sizeof(session) - 1, now, clock);
	}
}
