/* SPDX-License-Identifier: Apache-2.0 */
#include <porchlight/engine.h>

const char *
porch_version(void)
{
	return PORCHLIGHT_VERSION;
}
