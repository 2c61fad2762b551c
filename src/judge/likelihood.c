/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/likelihood.h"

static const struct {
	int16_t least; /* thousandths */
	const char *word;
	uint8_t low, high; /* percent */
} band[] = {
    {990, "virtually certain", 99, 100},
    {900, "very likely", 90, 99},
    {660, "likely", 66, 90},
    {330, "about as likely as not", 33, 66},
    {100, "unlikely", 10, 33},
    {0, "very unlikely", 0, 10},
};

struct porch_likelihood
likelihood_of(int16_t probability, bool calibrated)
{
	if (probability < 0)
		return (struct porch_likelihood){.word = NULL};
	for (size_t i = calibrated ? 0 : 2;; i++)
		if (probability >= band[i].least)
			return (struct porch_likelihood){
			    .word = band[i].word,
			    .low = band[i].low,
			    .high = band[i].high,
			    .calibrated = calibrated,
			};
}
