#pragma once

#include <string>
#include <string_view>

#include "pii/logging/ship.hpp"
#include "ship/record.hpp"

namespace pii::ship {

/// Appends dead letters to a file of its own in the folder. Not for several threads at once; faults are told, never thrown.
class DeadLetterWriter {
 public:
  DeadLetterWriter(const DeadLetterPolicy& policy, const Clock& clock) : policy_(policy), clock_(clock) {}
  DeadLetterWriter(const DeadLetterWriter&) = delete;
  DeadLetterWriter& operator=(const DeadLetterWriter&) = delete;
  ~DeadLetterWriter() { forget(); }

  /// A record that a receiver refused.
  bool store(const Record& record, std::string_view source, std::string_view reason, unsigned attempts) noexcept;
  /// `members`: a letter's masked JSON members but `id` and `failed_at`, without braces.
  bool append(const Ulid& id, std::string_view members) noexcept;
  /// Lets go of the file: the next letter begins another.
  void forget() noexcept;

 private:
  bool open_file();

  const DeadLetterPolicy policy_;
  const Clock& clock_;
  int file_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace pii::ship
