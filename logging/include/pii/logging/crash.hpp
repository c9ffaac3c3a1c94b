#pragma once

#include <string>

#include "pii/export.hpp"
#include "pii/result.hpp"

namespace pii::log {

/// From now on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT first hand over the masked lines that still wait, with async-signal-safe
/// calls alone: those of files and descriptors go where they belong, those in a shipper's memory are appended to the file `dump` (made
/// with mode 0600; empty: they are lost), one JSON text a line, not under a spool's cipher; spans are lost. Then what was in force
/// before happens. Once a process, and on its main thread, whose stack may then overflow, too. Errors: output_failed, conflict.
PII_EXPORT Result<void> write_on_crash(const std::string& dump = {});

}  // namespace pii::log
