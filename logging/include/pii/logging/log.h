/* The logger for C, for C libraries that report by a callback, and for languages that call C: every event goes through the same masked
 * pipe as C++'s (docs/logging.md). Nothing here throws; everything but start and end may be called from any thread at any time. */
#ifndef PII_LOGGING_LOG_H
#define PII_LOGGING_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "pii/pii.h"

#ifdef __cplusplus
extern "C" {
#define PII_OPEN_ENUM : int /* any int that C passes may be looked at */
#else
#define PII_OPEN_ENUM
#endif

enum pii_log_level PII_OPEN_ENUM { PII_LOG_TRACE, PII_LOG_DEBUG, PII_LOG_INFO, PII_LOG_WARNING, PII_LOG_ERROR, PII_LOG_CRITICAL };

enum pii_kind PII_OPEN_ENUM {
  PII_NULL,
  PII_BOOL,
  PII_INT,
  PII_UINT,
  PII_REAL,
  PII_TEXT,
  PII_SENSITIVE, /* a text that becomes the token of its field_type, whatever it looks like */
  PII_SECRET     /* [PII_REDACTED]; it has no value */
};

/* A field of an event; key and text live for the call. A dotted key nests. */
typedef struct pii_field {
  const char* key;
  enum pii_kind kind;
  union {
    int boolean;
    int64_t integer;
    uint64_t unsigned_integer;
    double real;
    struct {
      const char* data;
      size_t size;
    } text;
  } value;
  const char* field_type; /* of PII_SENSITIVE: email, phone, name, … */
} pii_field;

/* Starts logging as the process's environment says; `keys`, or null: what would be a token is [PII_REDACTED]. Returns 0, or the number
 * of an error with pii_last_error(). Without it, and after the end, events go masked to standard error. */
int pii_log_start(const pii_keys* keys);
/* Whether an event of this level would be written. */
int pii_log_enabled(enum pii_log_level level, const char* logger);
/* Writes one event. `event` says what happened and should not change from one to the next (Stats::runtime_events counts it); what
 * changes belongs in fields. */
void pii_log_write(enum pii_log_level level, const char* logger, const char* event, const pii_field* fields, size_t count);
/* Hands over what is buffered; end also ends logging, unless C++ of the same process has an equal session. 0 when not everything was taken within so many milliseconds. */
int pii_log_flush(unsigned milliseconds);
int pii_log_end(unsigned milliseconds);

#undef PII_OPEN_ENUM
#ifdef __cplusplus
}
#endif

#endif
