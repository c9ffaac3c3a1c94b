/* Opens keysets for C. */
#ifndef PII_PROVIDERS_KEYS_H
#define PII_PROVIDERS_KEYS_H

#include "pii/pii.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The keysets that the process's PII_* variables name (docs/configuration.md), from files or Vault, followed as they change. Returns 0, or
 * the number of an error with pii_last_error(); `keys` is null then. Blocks while the first keyset is loaded. */
int pii_keys_open(pii_keys** keys);

#ifdef __cplusplus
}
#endif

#endif
