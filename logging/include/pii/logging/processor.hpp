#pragma once

#include <functional>
#include <string_view>

#include "pii/logging/context.hpp"
#include "pii/logging/level.hpp"
#include "pii/logging/value.hpp"

namespace pii::log {

/// One event before its fields are placed. What is done to it is masked like everything else, so nothing leaks past a processor.
struct Record {
  const Level level;
  const std::string_view logger;
  const std::string_view event;
  Object fields = {};    // of the call and its logger, named as the call named them
  Context context = {};  // the thread's, for this event alone
};

/// Sees and changes every event that reached its logger's level, on the thread that logs; false drops it (Stats::filtered). When
/// one throws, the event is written with its name and trace alone (Stats::encode_failures). What one logs itself is dropped, too. Not
/// called for spans.
using Processor = std::function<bool(Record&)>;

}  // namespace pii::log
