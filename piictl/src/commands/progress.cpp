#include "commands/progress.hpp"

#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include "output.hpp"

namespace piictl {
namespace {

using Seconds = std::chrono::duration<double>;

std::string human_time(double seconds) {
  std::array<char, 32> text;
  const auto whole = std::llround(seconds);
  (void)std::snprintf(text.data(), text.size(), "%lld:%02lld", whole / 60, whole % 60);
  return text.data();
}

}  // namespace

std::string human_bytes(double bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < kUnits.size(); ++unit) bytes /= 1000;
  std::array<char, 32> text;
  (void)std::snprintf(text.data(), text.size(), unit == 0 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes,
                      kUnits[unit]);
  return text.data();
}

ProgressBar::ProgressBar(const Report& report)
    : enabled_(!report.quiet() && !report.json() && ::isatty(STDERR_FILENO) == 1 &&
               ::isatty(STDOUT_FILENO) != 1),
      start_(std::chrono::steady_clock::now()) {}

void ProgressBar::show(const stream::Progress& progress) {
  const double elapsed = Seconds(std::chrono::steady_clock::now() - start_).count();
  if (!enabled_ || elapsed < 1) return;
  const auto done = static_cast<double>(progress.bytes_in);
  const double rate = done / elapsed;
  std::string text = "\r\033[K";
  if (progress.bytes_total != 0) {
    constexpr std::size_t kWidth = 24;
    const double part = done / static_cast<double>(progress.bytes_total);
    const auto filled = static_cast<std::size_t>(part * kWidth);
    text += "[" + std::string(filled, '#') + std::string(kWidth - std::min(filled, kWidth), ' ') + "] ";
    text += std::to_string(static_cast<int>(part * 100)) + " %  ";
  }
  text += human_bytes(done) + "  " + std::to_string(progress.rows) + " rows  " + human_bytes(rate) + "/s";
  if (progress.bytes_total != 0 && rate > 0) {
    text += "  " + human_time((static_cast<double>(progress.bytes_total) - done) / rate) + " left";
  }
  write_to_standard_error(text);
  visible_ = true;
}

void ProgressBar::clear() noexcept {
  if (visible_) write_to_standard_error("\r\033[K");
  visible_ = false;
}

}  // namespace piictl
