#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pii/result.hpp"

namespace pii::detect {

/// Regions whose national phone forms are known, in order: the first that fits wins.
class Regions {
 public:
  enum class Id : std::uint8_t { KW, SA, AE, BH, QA, OM, US };
  Regions() = default;
  /// Errors: invalid_setting for a region that is not known.
  static Result<Regions> make(const std::vector<std::string>& names);
  const std::vector<Id>& ids() const noexcept { return ids_; }

 private:
  std::vector<Id> ids_;
};

/// Card prefixes beside the built-in table.
class ExtraIins {
 public:
  ExtraIins() = default;
  /// Each of 4 to 8 digits. Errors: invalid_setting.
  static Result<ExtraIins> make(const std::vector<std::string>& prefixes);
  bool contains(std::string_view digits) const noexcept;

 private:
  std::vector<std::string> prefixes_;
};

}  // namespace pii::detect
