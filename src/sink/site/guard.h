/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_GUARD_H
#define SINK_SITE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sink/site/request.h"

/*
 * The guard at the page's door.  It decides from a request and the clock alone, so that every
 * rule can be tested without a network:
 *
 * The Host must be the address that was asked, with the port, or a name of ours: a name that
 * an attacker let point here (DNS rebinding) is none.  What changes something must come by POST,
 * with our own Origin, a body of a form, and the form key that only our pages hold.  Browsers
 * that say where a request comes from (Fetch Metadata) are taken at their word.  Where a token
 * is needed it is traded once for a session, which ends.
 */
struct guard;

#define TOKEN_TEXT   27 /* 130 bits in letters and digits that are not mistaken for others */
#define SECRET_TEXT  33 /* 128 bits in hexadecimal */
#define COOKIE_NAME  "porchlight"
#define SESSIONS     16 /* the oldest makes room */
#define SESSION_LAST (INT64_C(7) * 24 * 3600)
#define GUESSES      5  /* wrong tokens that an address may send before it waits */
#define GUESS_EVERY  30 /* seconds until it may send one more */

struct guard_setup {
	uint16_t port;
	bool tls;
	bool token; /* one is needed */
	/* Whether a name that is no address is ours; or NULL. */
	bool (*is_ours)(const char *host, void *user);
	void *user;
};

/* What becomes of a request, and the HTTP status that says so. */
enum ruling {
	RULING_PASS = 200,
	RULING_BAD = 400,
	RULING_NO_SESSION = 401,
	RULING_FOREIGN = 403,
	RULING_WRONG_METHOD = 405,
	RULING_NOT_A_FORM = 415,
	RULING_WRONG_HOST = 421,
	RULING_TOO_MANY = 429,
};

/* NULL when out of memory or without random bytes. */
struct guard *guard_new(const struct guard_setup *setup);
void guard_free(struct guard *guard);

/* What opens the page; shown once, and to nobody but who started it. */
const char *guard_token(const struct guard *guard);
/* What the forms of a page carry: it holds for the session that asked for the page. */
void guard_form_key(struct guard *guard, const struct request *request, int64_t now,
    char key[static SECRET_TEXT]);
/* "http://HOST", HOST being what was asked for; size is room for it. */
void guard_origin(const struct guard *guard, const char *host, char *out, size_t size);

/*
 * Rules on a request, for what is open to all or not.  A POST is ruled on twice: when its head
 * came, and again with its body.  now is seconds of a clock that does not step.
 */
enum ruling guard_rule(struct guard *guard, const struct request *request, bool open_to_all,
    int64_t now);

/* Trades a token for a session: the value of its cookie, as long as the ruling is to pass. */
enum ruling guard_trade(struct guard *guard, const char *token, const struct addr *peer,
    int64_t now, char session[static SECRET_TEXT]);
/* Ends the session a request belongs to. */
void guard_leave(struct guard *guard, const struct request *request);

/*
 * What outlives a restart: when sessions end, by clocks that do too (seconds since 1970), with sums
 * of their cookies and what form keys follow from.  Who reads it opens nothing with it.
 */
#define GUARD_STATE 2048 /* bytes, always as many */
void guard_save(const struct guard *guard, int64_t now, int64_t clock,
    char state[static GUARD_STATE]);
/* Takes up what was saved; what is none changes nothing. */
void guard_restore(struct guard *guard, const char state[static GUARD_STATE], int64_t now,
    int64_t clock);
/* Counts what would be saved otherwise than before. */
uint64_t guard_changes(const struct guard *guard);

#endif
