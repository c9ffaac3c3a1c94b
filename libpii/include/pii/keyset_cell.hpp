#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "pii/export.hpp"
#include "pii/keyset.hpp"

namespace pii {

/// Holds the keyset in force. Writers swap it whole; readers pay one atomic load and a compare, because each
/// thread keeps a copy of the pointer (std::atomic<std::shared_ptr> is a lock in GCC 12:
/// docs/performance.md). A replaced keyset is freed when every thread that used it has read again or ended;
/// all are freed when the cell is destroyed.
class PII_EXPORT KeysetCell {
 public:
  KeysetCell();
  ~KeysetCell();  // no reader may be running
  KeysetCell(const KeysetCell&) = delete;
  KeysetCell& operator=(const KeysetCell&) = delete;

  /// The keyset in force or null, valid until this thread reads this cell again or the cell is destroyed.
  const Keyset* read() const;
  /// The same, shared.
  std::shared_ptr<const Keyset> share() const;
  /// Puts `next` in force for every later read().
  void replace(std::shared_ptr<const Keyset> next);

 private:
  const Keyset* read_slow() const;

  const std::uint64_t id_;  // never reused
  std::atomic<std::uint64_t> version_{1};
  std::shared_ptr<const Keyset> current_;
};

}  // namespace pii
