/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SUBJECT_H
#define CLI_SUBJECT_H

#include <porchlight/record.h>

/* The first device with a MAC or an address, in any spelling; NULL when there is none. */
const struct porch_device *document_subject(const struct porch_document *doc, const char *subject);

#endif
