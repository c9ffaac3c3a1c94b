/* A program in C: keys, tokens, events, and a library that reports by a callback. */
#include <string.h>

#include "c_program.h"
#include "pii/logging/log.h"
#include "pii/providers/keys.h"

/* What C libraries offer: a function of the user's that is told texts. */
typedef void (*reporter)(void* user, int severity, const char* text);
static void library_that_reports(reporter report, void* user) { report(user, 3, "cannot reach ada@example.org"); }

static void to_the_logger(void* user, int severity, const char* text) {
  pii_field field;
  memset(&field, 0, sizeof field);
  field.key = "note";
  field.kind = PII_TEXT;
  field.value.text.data = text;
  field.value.text.size = strlen(text);
  pii_log_write(severity >= 3 ? PII_LOG_ERROR : PII_LOG_INFO, (const char*)user, "library_reported", &field, 1);
}

static pii_field field_of(const char* key, enum pii_kind kind) {
  pii_field field;
  memset(&field, 0, sizeof field);
  field.key = key;
  field.kind = kind;
  return field;
}

int c_program(char token[PII_TOKEN_ROOM]) {
  static const char kMail[] = "Ada@Example.org";
  pii_keys* keys = 0;
  pii_field fields[8];
  int failed = pii_keys_open(&keys);
  if (failed != 0) return failed;
  failed = pii_tokenize(keys, "email", kMail, strlen(kMail), token);
  if (failed != 0) return failed;
  failed = pii_log_start(keys);
  if (failed != 0) return failed;
  failed = pii_log_start(keys); /* an equal one */
  if (failed != 0) return failed;
  pii_keys_close(keys);
  fields[0] = field_of("none", PII_NULL);
  fields[1] = field_of("paid", PII_BOOL);
  fields[1].value.boolean = 1;
  fields[2] = field_of("amount", PII_INT);
  fields[2].value.integer = -3;
  fields[3] = field_of("size", PII_UINT);
  fields[3].value.unsigned_integer = UINT64_MAX;
  fields[4] = field_of("rate", PII_REAL);
  fields[4].value.real = 0.5;
  fields[5] = field_of("http.request.method", PII_TEXT);
  fields[5].value.text.data = "POST and more";
  fields[5].value.text.size = 4;
  fields[6] = field_of("contact", PII_SENSITIVE);
  fields[6].field_type = "email";
  fields[6].value.text.data = kMail;
  fields[6].value.text.size = strlen(kMail);
  fields[7] = field_of("pin", PII_SECRET);
  pii_log_write(PII_LOG_INFO, "shop", "order_paid", fields, 8);
  pii_log_write(PII_LOG_DEBUG, "shop", "below_the_level", 0, 0);
  pii_log_write((enum pii_log_level)77, 0, 0, 0, 3);
  library_that_reports(&to_the_logger, "library");
  if (!pii_log_enabled(PII_LOG_INFO, "shop") || pii_log_enabled(PII_LOG_DEBUG, "shop")) return -1;
  if (!pii_log_flush(1000)) return -2;
  return pii_log_end(1000) ? 0 : -3;
}

int c_mistakes(void) {
  char token[PII_TOKEN_ROOM] = "before";
  pii_keys* keys = (pii_keys*)token;
  if (pii_tokenize(0, "email", "x", 1, token) != 200 || token[0] != '\0') return 1;
  if (pii_keys_open(&keys) != 201 || keys != 0) return 2; /* nothing is configured */
  if (strcmp(pii_last_error(), "no keyset is configured") != 0) return 3;
  if (pii_keys_open(0) != 200) return 4;
  pii_keys_close(0);
  return 0;
}

int c_wrong_values(void) {
  char token[PII_TOKEN_ROOM];
  pii_keys* keys = 0;
  int result = 0;
  if (pii_keys_open(&keys) != 0) return 1;
  if (pii_tokenize(keys, "no|such:type", "x", 1, token) != 301) result = 2;
  if (pii_tokenize(keys, "email", "\xff", 1, token) != 300 || token[0] != '\0') result = 3;
  if (pii_last_error()[0] == '\0' || strstr(pii_last_error(), "\xff") != 0) result = 4;
  pii_keys_close(keys);
  return result;
}
