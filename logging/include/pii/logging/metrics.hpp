#pragma once

#include <span>
#include <string>
#include <string_view>

#include "pii/export.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/ship.hpp"

namespace pii::log {

/// One shipper's counts under its name.
struct NamedCounts {
  std::string_view name = {};
  ship::Counts counts = {};
};

/// What happened so far as Prometheus reads it (text exposition format 0.0.4): `pii_log_*` of the session, by output, and
/// `pii_ship_*` by receiver. Names and numbers only; last_error is left out.
PII_EXPORT std::string prometheus_text(const Stats& stats, std::span<const NamedCounts> receivers = {});

}  // namespace pii::log
