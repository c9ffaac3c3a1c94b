#pragma once

// Marks what the shared library exports. Nothing else leaves it (hidden visibility).
#define PII_EXPORT __attribute__((visibility("default")))
