#pragma once

#include <chrono>

#include "report.hpp"
#include "stream/batch.hpp"

namespace piictl {

/// A progress bar on standard error for work that takes longer than a second, when a person is looking: rate,
/// bytes, time left. Nothing otherwise. Not thread-safe; the stream calls it one at a time.
class ProgressBar {
 public:
  explicit ProgressBar(const Report& report);
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  bool enabled() const noexcept { return enabled_; }
  void show(const stream::Progress& progress);
  /// Takes the bar off the screen, so that a message can be printed.
  void clear() noexcept;

 private:
  bool enabled_;
  bool visible_ = false;
  std::chrono::steady_clock::time_point start_;
};

/// "1.2 GB", "310 kB": powers of a thousand.
std::string human_bytes(double bytes);

}  // namespace piictl
