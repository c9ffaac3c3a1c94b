#pragma once

#include <memory>
#include <ostream>
#include <string_view>

#include "pii/export.hpp"
#include "pii/logging/level.hpp"

namespace pii::log {

/// While it lives, what is written to a C++ stream (std::clog, std::cerr, std::cout) becomes events, one a line (of 64 KiB at most), with
/// the text as the event's name, counted in Stats::runtime_events. Begin and end it while no other thread writes to the stream; other
/// threads' unfinished lines are lost then. What a sink writes to it is masked, line by line, and goes where the stream went. C's
/// stderr is another thing: log.h.
class PII_EXPORT CapturedStream {
 public:
  CapturedStream(std::ostream& stream, std::string_view logger, Level level = Level::warning);
  CapturedStream(const CapturedStream&) = delete;
  CapturedStream& operator=(const CapturedStream&) = delete;
  /// Logs a last line without an end, and gives the stream back.
  ~CapturedStream();

 private:
  class Lines;
  std::ostream& stream_;
  std::streambuf* const before_;
  std::unique_ptr<Lines> lines_;
};

}  // namespace pii::log
