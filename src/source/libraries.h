/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_LIBRARIES_H
#define SOURCE_LIBRARIES_H

/* Versions of the libraries this room stands on, as they say it themselves; never NULL. */
const char *source_pcap_version(void);
const char *source_zlib_version(void);
const char *source_zstd_version(void);

#endif
