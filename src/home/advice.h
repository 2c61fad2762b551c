/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_ADVICE_H
#define HOME_ADVICE_H

#include <stdbool.h>
#include <stdint.h>

#define ADVICE_BITS 128

/* Bits of what is not right about a flow. */
#define RISK_CLEAR_TEXT_CREDENTIALS 1U
#define RISK_OBSOLETE_TLS           2U
#define RISK_SELF_SIGNED            4U
#define RISKS                       7U

/* What an inspection library made of the flows to one receiver, in words of the rules. */
struct advice {
	uint64_t inspected[ADVICE_BITS / 64]; /* bits of words: payload was read */
	uint64_t guessed[ADVICE_BITS / 64];   /* by a port or a beginning only */
	uint64_t disputed[ADVICE_BITS / 64];  /* our own parsers read something else in a flow */
	uint32_t risks;
	uint32_t flows;       /* that were looked at */
	uint32_t quarantined; /* that can not be: the library died of them */
};

static inline bool
advice_bit(const uint64_t bits[ADVICE_BITS / 64], unsigned bit)
{
	return bits[bit / 64] >> bit % 64 & 1;
}

static inline void
advice_set(uint64_t bits[ADVICE_BITS / 64], unsigned bit)
{
	bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

static inline void
advice_add(struct advice *to, const struct advice *from)
{
	for (unsigned i = 0; i < ADVICE_BITS / 64; i++) {
		to->inspected[i] |= from->inspected[i];
		to->guessed[i] |= from->guessed[i];
		to->disputed[i] |= from->disputed[i];
	}
	to->risks |= from->risks;
	to->flows += from->flows;
	to->quarantined += from->quarantined;
}

#endif
