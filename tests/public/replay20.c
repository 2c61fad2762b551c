/* SPDX-License-Identifier: Apache-2.0 */
#include <porchlight/engine.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	const char *folder = argc > 1 ? argv[1] : "rules";
	const char *capture = argc > 2 ? argv[2] : "-";
	struct porch_options options = {0};
	struct porch_error error;
	struct porch_document *doc = NULL;
	struct porch_rules *rules = porch_rules_load(&folder, 1, &error);

	if (rules)
		doc = porch_replay(rules, &options, &capture, 1, &error);
	if (!doc)
		return fprintf(stderr, "%s %s\n", error.file, error.text), 1;
	printf("%s\n", doc->summary.verdict);
	porch_document_free(doc);
	porch_rules_free(rules);
	return 0;
}
