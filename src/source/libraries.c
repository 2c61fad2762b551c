/* SPDX-License-Identifier: Apache-2.0 */
#include "source/libraries.h"

#include <pcap/pcap.h>
#include <zlib.h>
#include <zstd.h>

const char *
source_pcap_version(void)
{
	return pcap_lib_version();
}

const char *
source_zlib_version(void)
{
	return zlibVersion();
}

const char *
source_zstd_version(void)
{
	return ZSTD_versionString();
}
