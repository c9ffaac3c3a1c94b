#pragma once

// What most programs need. docs/logging.md explains it.
#include "pii/logging/configuration.hpp"  // IWYU pragma: export
#include "pii/logging/context.hpp"        // IWYU pragma: export
#include "pii/logging/job.hpp"            // IWYU pragma: export
#include "pii/logging/logger.hpp"         // IWYU pragma: export
#include "pii/logging/trace.hpp"          // IWYU pragma: export
