#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "pii/export.hpp"

namespace pii {

/// SHA-256 of what is no secret, in pieces. One thread at a time.
class PII_EXPORT Digest {
 public:
  Digest();
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  void update(std::span<const std::byte> bytes) noexcept;
  /// 64 lower-case hex digits. Call it once, last.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The same of a whole.
PII_EXPORT std::string digest_of(std::span<const std::byte> bytes);

}  // namespace pii
