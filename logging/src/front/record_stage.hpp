#pragma once

#include <vector>

#include "encode/encoder.hpp"
#include "pii/logging/processor.hpp"

namespace pii::log {

/// What the user's processors make of one event. The event has views of this object afterwards.
class RecordStage {
 public:
  enum class Outcome { kept, dropped, failed };  // failed: the event has its name and trace left
  Outcome apply(const std::vector<Processor>& processors, Event& event) noexcept;
  /// Whether this thread is in a processor: what that one logs would come back to it, without end.
  static bool runs_processor() noexcept;

 private:
  Outcome run(const std::vector<Processor>& processors, Event& event);

  Object values_;
  std::vector<Field> fields_;
  Context context_;
};

}  // namespace pii::log
