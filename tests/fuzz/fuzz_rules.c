/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "rules/ruleset.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The first byte chooses what the rest is read as. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const names[] = {"vendors/x.json", "clouds/x.json", "models/x.json",
	    "context/x.json", "addresses/x.txt"};
	static char header[] = "{\"format\":\"porchlight-rules/1\",\"source\":{\"kind\":\"paper\","
	                       "\"what\":\"x\",\"seen\":\"2026\"},\"rows\":[{\"id\":\"x\","
	                       "\"files\":[\"x.txt\"]}]}";
	struct rule_file files[2] = {{.name = "addresses/a.json",
	    .path = "addresses/a.json",
	    .bytes = header,
	    .len = sizeof(header) - 1}};
	struct porch_error error;
	size_t count = 0;

	if (len == 0)
		return 0;
	if (bytes[0] % 5 == 4)
		count = 1;
	files[count] = (struct rule_file){.name = names[bytes[0] % 5],
	    .path = names[bytes[0] % 5],
	    .bytes = (char *)(uintptr_t)(bytes + 1),
	    .len = len - 1};
	porch_rules_free(ruleset_from_files(files, count + 1, &error));
	return 0;
}
