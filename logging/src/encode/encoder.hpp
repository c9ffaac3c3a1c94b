#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "encode/event_tree.hpp"
#include "encode/json_writer.hpp"
#include "fields/leaves.hpp"
#include "pii/logging/configuration.hpp"
#include "pii/logging/context.hpp"
#include "pii/logging/event_name.hpp"

namespace pii::log {

/// The fields of a logger, the same for all its events.
struct BoundFields {
  explicit BoundFields(Object all) : fields(std::move(all)), leaves(fields) {}
  BoundFields(const BoundFields&) = delete;
  BoundFields& operator=(const BoundFields&) = delete;

  const Object fields;
  const Leaves leaves;
};

/// One event, as views of what the caller has.
struct Event {
  Event() = default;
  /// What a call says of it. Each member is written once: an aggregate's are all cleared before.
  Event(Level of_level, std::string_view of_logger, const EventName& of, std::span<const Field> of_fields, const BoundFields* of_bound,
        std::string_view of_words) noexcept
      : level(of_level), logger(of_logger), name(of.text()), where(of.where()), fields(of_fields), bound(of_bound), words(of_words), places(of_fields) {}

  std::chrono::system_clock::time_point time = {};
  Level level = Level::info;
  std::string_view logger = {};
  std::string_view name = {};
  SourceLocation where = {};
  std::span<const Field> fields = {};
  const BoundFields* bound = nullptr;
  const Context* context = nullptr;
  bool local = false;  // for no remote sink
  std::string_view words = {};  // infof()
  std::span<const Field> places = {};  // of `words`: the call's fields, whatever processors made of them
};

/// What encoding one event noticed.
struct EncodingNotes {
  std::uint32_t conflicts = 0;
  std::uint32_t warnings = 0;
  std::uint32_t redundant = 0;
  std::uint32_t flat_objects = 0;  // which field sets `warnings` counts: reserved_names()
};

/// Turns events into JSON lines, not yet masked. Immutable; the tree is the calling thread's.
class Encoder {
 public:
  explicit Encoder(const Configuration& configuration);

  /// ECS: `@timestamp`, `log.level` and `message` first, the fields placed.
  EncodingNotes ecs(const Event& event, EventTree& tree, SensitiveWriter* sensitive, std::string& out) const;
  /// Flat, as structlog writes: `event`, the fields as they are called, `level`, `logger`, `timestamp`.
  EncodingNotes flat(const Event& event, EventTree& tree, SensitiveWriter* sensitive, std::string& out) const;
  /// Whether two events of one call may differ in more than their time and their fields.
  bool tells_the_process() const noexcept { return process_; }
  /// Whether lines show where their call stands.
  bool tells_the_origin() const noexcept { return origin_; }
  SpanIdForm span_ids() const noexcept { return span_ids_; }
  const RootFields& root_fields() const noexcept { return root_fields_; }

 private:
  Value service_;
  Value project_;
  std::string end_;  // of a line: both of them, and what closes it
  RootFields root_fields_;
  Validation validation_;
  bool origin_;
  bool process_;
  SpanIdForm span_ids_;
};

/// Writes the members of an object of the tree, each with a comma in front when `comma`.
void write_members(const EventTree& tree, std::int32_t parent, bool comma, SensitiveWriter* sensitive, std::string& out);

}  // namespace pii::log
