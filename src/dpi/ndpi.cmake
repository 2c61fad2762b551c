# SPDX-License-Identifier: Apache-2.0
# Finds nDPI and finds out what it looks like.  Its versions differ in what functions take and
# give; their numbers do not say so reliably, so each difference is tried.
# In: PORCHLIGHT_NDPI (AUTO, ON, OFF).  Out: NDPI_FOUND, NDPI_LINK, and ndpi_shape.h.
include(CheckCSourceCompiles)
include(CheckCSourceRuns)
include(CheckStructHasMember)

set(NDPI_FOUND OFF)
if(NOT PORCHLIGHT_NDPI STREQUAL OFF AND NOT NDPI_STUB)
  pkg_check_modules(NDPI QUIET IMPORTED_TARGET libndpi)
endif()
if(NDPI_STUB) # a folder of headers, to prove that a version compiles where it is not to be had
  set(NDPI_FOUND ON)
  set(NDPI_INCLUDE_DIRS ${NDPI_STUB})
endif()
if(NOT NDPI_FOUND)
  if(PORCHLIGHT_NDPI STREQUAL ON)
    message(FATAL_ERROR "PORCHLIGHT_NDPI is ON, and there is no libndpi")
  endif()
  return()
endif()

# ndpi_tries(NAME CODE): whether a function body compiles, without a warning.
function(ndpi_tries name code)
  set(CMAKE_REQUIRED_INCLUDES ${NDPI_INCLUDE_DIRS})
  set(CMAKE_REQUIRED_FLAGS "-Werror -Wno-unused -D_DEFAULT_SOURCE")
  set(CMAKE_REQUIRED_QUIET ON)
  set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
  check_c_source_compiles("
${ARGN}
#include <ndpi_main.h>
void try(struct ndpi_detection_module_struct *m, struct ndpi_flow_struct *f, ndpi_protocol p);
void try(struct ndpi_detection_module_struct *m, struct ndpi_flow_struct *f, ndpi_protocol p)
{ (void)m; (void)f; (void)p; ${code} }" ${name})
endfunction()

ndpi_tries(NDPI_HAS_BITMASK
  "NDPI_PROTOCOL_BITMASK b; NDPI_BITMASK_RESET(b); ndpi_set_protocol_detection_bitmask2(m, &b);")
ndpi_tries(NDPI_HAS_CONTEXT
  "struct ndpi_detection_module_struct *(*o)(struct ndpi_global_context *) = ndpi_init_detection_module; (void)o;")
ndpi_tries(NDPI_HAS_TOR_HOSTS "(void)ndpi_init_detection_module(ndpi_dont_load_tor_hosts);")
ndpi_tries(NDPI_HAS_TOR_LIST "(void)ndpi_init_detection_module(ndpi_dont_load_tor_list);")
ndpi_tries(NDPI_HAS_LICENCE "(void)ndpi_init_detection_module(NULL, NDPI_LICENSE_NOT_FOR_PROFIT_LGPL);")
ndpi_tries(NDPI_FINALIZES_WITH_RESULT "int r = ndpi_finalize_initialization(m); (void)r;")
ndpi_tries(NDPI_HAS_INPUT_INFO
  "const unsigned char c = 0; (void)ndpi_detection_process_packet(m, f, &c, 1, 1, NULL);")
ndpi_tries(NDPI_GUESSES_ON_GIVEUP "unsigned char g; (void)ndpi_detection_giveup(m, f, 1, &g);")
ndpi_tries(NDPI_TELLS_GUESS "unsigned char g; (void)ndpi_detection_giveup(m, f, &g);")
ndpi_tries(NDPI_HAS_NESTED_PROTOCOL "(void)p.proto.app_protocol;")
ndpi_tries(NDPI_HAS_STATE "(void)(p.state == NDPI_STATE_CLASSIFIED);")
ndpi_tries(NDPI_HAS_CONFIG "(void)(ndpi_set_config(m, NULL, \"a\", \"b\") == NDPI_CFG_OK);")
ndpi_tries(NDPI_HAS_CACHE_SIZES
  "(void)ndpi_set_lru_cache_size(m, (lru_cache_type)(NDPI_LRUCACHE_MAX - 1), 0);")
ndpi_tries(NDPI_COUNTS_STUN "(void)(f->stun.num_udp_pkts + f->stun.num_binding_requests);")
ndpi_tries(NDPI_HAS_JA4 "(void)f->protos.tls_quic.ja4_client[0];")
if(NOT NDPI_HAS_CONFIG AND NOT NDPI_HAS_CACHE_SIZES)
  ndpi_tries(NDPI_HAS_OPEN_MODULE
    "(void)(m->msteams_cache == NULL && (void *)m->proto_defaults == NULL && m->zoom_cache == NULL);"
    "#define NDPI_LIB_COMPILATION")
endif()
# Whether a function of ours takes the place of the library's own of that name, where nothing else
# keeps it from filling its lists of addresses: a linker may have bound it to its own.
if(NDPI_HAS_OPEN_MODULE AND NOT CMAKE_CROSSCOMPILING)
  set(CMAKE_REQUIRED_INCLUDES ${NDPI_INCLUDE_DIRS})
  set(CMAKE_REQUIRED_LIBRARIES PkgConfig::NDPI)
  set(CMAKE_REQUIRED_QUIET ON)
  check_c_source_runs("
#include <ndpi_main.h>
static int calls;
ndpi_patricia_node_t *ndpi_patricia_lookup(ndpi_patricia_tree_t *list, ndpi_prefix_t *address)
{ (void)list; (void)address; calls++; return NULL; }
int main(void)
{ struct ndpi_detection_module_struct *m = ndpi_init_detection_module(ndpi_no_prefs);
  ndpi_exit_detection_module(m); return !m || !calls; }" NDPI_CALLS_OURS)
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/ndpi_shape.h.in ${PROJECT_BINARY_DIR}/ndpi/ndpi_shape.h)

if(NOT NDPI_HAS_CONFIG AND NOT NDPI_HAS_CACHE_SIZES AND NOT NDPI_HAS_OPEN_MODULE)
  message(WARNING "this libndpi keeps what cannot be emptied between flows: built without it")
  set(NDPI_FOUND OFF)
endif()
