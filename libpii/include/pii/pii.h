/* The library for C, and for languages that call C: tokens. Keys are opened by pii/providers/keys.h, events are logged by
 * pii/logging/log.h. Everything may be called from any thread. */
#ifndef PII_PII_H
#define PII_PII_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Keysets in force, and the environment that values belong to. */
typedef struct pii_keys pii_keys;

/* Room for every token and the NUL behind it. */
enum { PII_TOKEN_ROOM = 97 };

/* The token of `size` bytes of UTF-8, which are normalized as `field_type` (email, phone, name, …) says. Returns 0, or the number of an
 * error (docs/conventions.md, "Errors"); `token` is empty then. */
int pii_tokenize(const pii_keys* keys, const char* field_type, const char* value, size_t size, char token[PII_TOKEN_ROOM]);

/* What went wrong last on this thread, in words without any value; "" when nothing did. Lives until the thread's next call. */
const char* pii_last_error(void);

/* Lets the keys go; whoever still uses them keeps them. Null: nothing. */
void pii_keys_close(pii_keys* keys);

#ifdef __cplusplus
}
#endif

#endif
