/* SPDX-License-Identifier: Apache-2.0 */
#include "score/truth.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What was read keeps its promises; what was refused says why. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct porch_error error;
	struct truth *truth = truth_new();
	const struct truth_label *label;
	size_t labels, devices;
	bool fine;

	if (!truth)
		return 0;
	fine = truth_add(truth, "fuzz", (const char *)bytes, len, &error);
	if (!fine && !error.text[0])
		abort();
	truth_devices(truth, &devices);
	label = truth_labels(truth, &labels);
	for (size_t i = 0; i < labels; i++)
		if (label[i].device >= devices || label[i].end < label[i].start || !label[i].to[0])
			abort();
	truth_free(truth);
	return 0;
}
