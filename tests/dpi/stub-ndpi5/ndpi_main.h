/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STUB_NDPI_MAIN_H
#define STUB_NDPI_MAIN_H

/*
 * The part of nDPI 5's interface that dpi_ndpi.c uses, as its change log and the programs
 * that use it tell: no bitmask, a context, a result of finalizing, an input info, a state,
 * a nested protocol, two arguments to give up.  It compiles and does nothing.
 */
#include <stddef.h>
#include <stdint.h>

struct ndpi_detection_module_struct;
struct ndpi_global_context;
struct ndpi_flow_input_info;

typedef uint64_t ndpi_risk;

typedef enum {
	NDPI_CONFIDENCE_UNKNOWN = 0,
	NDPI_CONFIDENCE_MATCH_BY_PORT,
	NDPI_CONFIDENCE_NBPF,
	NDPI_CONFIDENCE_DPI_PARTIAL,
	NDPI_CONFIDENCE_DPI_CACHE,
	NDPI_CONFIDENCE_DPI,
	NDPI_CONFIDENCE_MATCH_BY_IP,
	NDPI_CONFIDENCE_DPI_AGGRESSIVE,
} ndpi_confidence_t;

typedef enum {
	NDPI_STATE_INSPECTING = 0,
	NDPI_STATE_PARTIAL,
	NDPI_STATE_MONITORING,
	NDPI_STATE_CLASSIFIED,
} ndpi_classification_state;

typedef enum {
	NDPI_CFG_OK = 0,
	NDPI_CFG_NOT_FOUND = -4,
} ndpi_cfg_error;

typedef enum {
	NDPI_TLS_SELFSIGNED_CERTIFICATE = 6,
	NDPI_TLS_OBSOLETE_VERSION = 7,
	NDPI_CLEAR_TEXT_CREDENTIALS = 36,
} ndpi_risk_enum;

enum {
	NDPI_PROTOCOL_UNKNOWN = 0,
	NDPI_PROTOCOL_TLS = 91,
	NDPI_PROTOCOL_QUIC = 188,
};

typedef struct {
	uint16_t master_protocol;
	uint16_t app_protocol;
} ndpi_master_app_protocol;

typedef struct {
	ndpi_master_app_protocol proto;
	uint16_t protocol_by_ip;
	ndpi_classification_state state;
} ndpi_protocol;

struct ndpi_flow_struct {
	ndpi_confidence_t confidence;
	ndpi_risk risk;
	union {
		struct {
			char ja4_client[37];
		} tls_quic;
	} protos;
};

struct ndpi_detection_module_struct *
ndpi_init_detection_module(struct ndpi_global_context *context);
int ndpi_finalize_initialization(struct ndpi_detection_module_struct *module);
void ndpi_exit_detection_module(struct ndpi_detection_module_struct *module);
ndpi_cfg_error ndpi_set_config(struct ndpi_detection_module_struct *module, const char *protocol,
    const char *parameter, const char *value);
ndpi_protocol ndpi_detection_process_packet(struct ndpi_detection_module_struct *module,
    struct ndpi_flow_struct *flow, const unsigned char *packet, unsigned short length,
    uint64_t milliseconds, struct ndpi_flow_input_info *info);
ndpi_protocol ndpi_detection_giveup(struct ndpi_detection_module_struct *module,
    struct ndpi_flow_struct *flow);
const char *ndpi_get_proto_name(struct ndpi_detection_module_struct *module, uint16_t protocol);
unsigned ndpi_get_num_protocols(struct ndpi_detection_module_struct *module);
void *ndpi_flow_malloc(size_t size);
void ndpi_flow_free(void *flow);
char *ndpi_revision(void);

#endif
