/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_LIKELIHOOD_H
#define JUDGE_LIKELIHOOD_H

#include <porchlight/record.h>

/*
 * The word for a probability in thousandths, with its range in percent (the bands of the
 * IPCC's AR4 guidance, disjoint).  Without calibration the word is capped at "likely".
 */
struct porch_likelihood likelihood_of(int16_t probability, bool calibrated);

#endif
