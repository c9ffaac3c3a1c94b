#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "pii/error.hpp"

namespace piictl::stream {

/// Why a row fails, for reasons of form: a fixed text, perhaps around one number. Holds nothing of the row.
struct Fault {
  static constexpr std::size_t kNoNumber = std::numeric_limits<std::size_t>::max();

  pii::ErrorCode code = pii::ErrorCode::ok;
  std::string_view before = {};
  std::size_t number = kNoNumber;
  std::string_view after = {};

  explicit operator bool() const noexcept { return code != pii::ErrorCode::ok; }
};

void append_to(std::string& out, const Fault& fault);
std::string to_string(const Fault& fault);

inline Fault too_long(std::size_t max_line) noexcept {
  return {pii::ErrorCode::too_large, "longer than ", max_line, " bytes"};
}

}  // namespace piictl::stream
