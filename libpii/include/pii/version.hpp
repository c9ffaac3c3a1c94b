#pragma once

#define PII_VERSION_MAJOR 0
#define PII_VERSION_MINOR 1
#define PII_VERSION_PATCH 0
#define PII_VERSION "0.1.0"
