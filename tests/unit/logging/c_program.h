#ifndef PII_TESTS_C_PROGRAM_H
#define PII_TESTS_C_PROGRAM_H

#include "pii/pii.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Logs and tokenizes as the environment says. 0, the number of an error, or less than 0. */
int c_program(char token[PII_TOKEN_ROOM]);
/* What goes wrong with nothing configured, and with keys. 0: as it should. */
int c_mistakes(void);
int c_wrong_values(void);

#ifdef __cplusplus
}
#endif

#endif
