#include "front/line_shapes.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <random>

#include "encode/timestamp.hpp"
#include "front/masking_stage.hpp"

namespace pii::log {

namespace {

using Kind = ValueRef::Kind;
using Time = std::chrono::system_clock::time_point;

constexpr std::size_t kMostFields = 16, kLongestText = 1024;
// Numbers of fewer digits are nothing to any detector (docs/masking.md section 5).
constexpr std::int64_t kLeast = -99'999, kMost = 999'999;

bool is_simple(Kind kind) noexcept {
  switch (kind) {
    case Kind::null: case Kind::boolean: case Kind::integer: case Kind::unsigned_integer: case Kind::real: case Kind::text: return true;
    default: return false;
  }
}

// Whether nothing of the event is personal by declaration.
bool is_simple(const Event& event) noexcept {
  return std::all_of(event.fields.begin(), event.fields.end(), [](const Field& field) { return is_simple(field.value.kind); });
}

// Words that no policy allows by name, which differ in their first letter.
const std::array<std::string, 2>& model_words() {
  static const std::array<std::string, 2> words = [] {
    std::array<std::string, 2> made = {"q", "x"};
    std::random_device random;
    for (std::string& word : made) {
      for (int i = 0; i < 11; ++i) word += static_cast<char>('a' + random() % 26);
    }
    return made;
  }();
  return words;
}

// Two values of each kind; how they are written differs in the first byte.
ValueRef model_value(Kind kind, std::size_t which) {
  switch (kind) {
    case Kind::boolean: return which == 0;
    case Kind::integer: return which == 0 ? 311 : 722;
    case Kind::unsigned_integer: return which == 0 ? 311U : 722U;
    case Kind::real: return which == 0 ? 3.5 : 7.25;
    case Kind::text: return std::string_view(model_words()[which]);
    default: return nullptr;
  }
}
std::string written(const ValueRef& value) {
  std::string text;
  write_value(value, nullptr, text);
  return value.kind == Kind::text ? text.substr(1, text.size() - 2) : text;
}

const std::array<Time, 2> kModelTimes = {Time(std::chrono::seconds(1'000'000'000)), Time(std::chrono::seconds(-500'000'000))};
static_assert(kTimestampSize < 32);

char* write_slot(const ValueRef& value, char* out) {
  switch (value.kind) {
    case Kind::boolean: {
      const std::string_view word = value.boolean ? "true" : "false";
      return std::copy(word.begin(), word.end(), out);
    }
    case Kind::integer: return std::to_chars(out, out + 32, value.integer).ptr;
    case Kind::unsigned_integer: return std::to_chars(out, out + 32, value.unsigned_integer).ptr;
    case Kind::real: return write_real(value.real, out);
    case Kind::text: return std::copy(value.text.begin(), value.text.end(), out);
    default: return out;
  }
}

// Room for the value, or 0 where the encoder has to write it.
std::size_t room_for(const ValueRef& value) noexcept {
  constexpr std::size_t kNumber = 34;
  switch (value.kind) {
    case Kind::real: return std::isfinite(value.real) ? kNumber : 0;
    // An empty one may be left out where it stands.
    case Kind::text: return value.text.size() <= kLongestText && needs_no_escape(value.text) ? value.text.size() : 0;
    default: return kNumber;
  }
}

bool leaves_alone(const ValueRef& value, const LineMasker& masker) noexcept {
  switch (value.kind) {
    case Kind::integer: return value.integer >= kLeast && value.integer <= kMost;
    case Kind::unsigned_integer: return value.unsigned_integer <= static_cast<std::uint64_t>(kMost);
    case Kind::text: return masker.leaves_alone(value.text);
    default: return true;
  }
}

}  // namespace

bool LineShapes::Shape::is_of(const Event& event, bool of_flat) const noexcept {
  return line == event.where.line && file == event.where.file && level == event.level && flat == of_flat && name == event.name &&
         logger == event.logger &&
         std::equal(fields.begin(), fields.end(), event.fields.begin(), event.fields.end(), [](const KnownField& known, const Field& field) {
           return known.kind == field.value.kind && known.key == field.key;
         });
}

void LineShapes::Shape::become(const Event& event, bool of_flat) {
  *this = {};
  file = event.where.file;
  line = event.where.line;
  level = event.level;
  flat = of_flat;
  logger = event.logger;
  name = event.name;
  for (const Field& field : event.fields) fields.push_back({std::string(field.key), field.value.kind});
}

ShapedLine LineShapes::line(const Event& event, bool flat, const Encoder& encoder, LineMasker& masker, EncodingNotes& notes) {
  // Nothing but fields may change.
  const bool of_context = event.bound != nullptr || (event.context != nullptr && !event.context->empty());
  if (of_context || !event.words.empty() || event.fields.size() > kMostFields || encoder.tells_the_process()) return {};
  const std::size_t mixed = event.where.line * 7 + event.name.size() * 3 + event.fields.size() + (flat ? kShapes / 2 : 0);
  std::unique_ptr<Shape>& place = shapes_[mixed % kShapes];
  if (place == nullptr) place = std::make_unique<Shape>();
  if (!place->is_of(event, flat)) {  // what it is of is simple
    if (is_simple(event)) place->become(event, flat);
    return {};
  }
  if (place->state == Shape::State::seen) {
    place->state = Shape::State::hopeless;  // should it throw
    if (learn(event, *place, encoder, masker)) place->state = Shape::State::usable;
  }
  if (place->state == Shape::State::hopeless) return {};
  notes = place->notes;
  return write(event, *place, masker);
}

bool LineShapes::learn(const Event& event, Shape& shape, const Encoder& encoder, LineMasker& masker) {
  EventTree tree;
  std::vector<Field> fields(event.fields.begin(), event.fields.end());
  for (Field& field : fields) field.value = model_value(field.value.kind, 0);
  Event model = event;
  model.fields = fields;
  model.time = kModelTimes[0];
  const auto encoded = [&] {
    std::string line;
    shape.notes = shape.flat ? encoder.flat(model, tree, nullptr, line) : encoder.ecs(model, tree, nullptr, line);
    return line;
  };
  shape.model = encoded();
  std::string masked;
  masker.mask(shape.model, masked);
  // Else a value here, a key or the event's name is personal, or more than the bytes of a text decides.
  shape.leaves_alone = masked == shape.model && masker.leaves_alone(model_words()[0]) && masker.leaves_alone(model_words()[1]);

  // What changes with a value must be this value, where it was, and nothing else.
  const auto add_slot = [&](std::uint32_t field, const std::string& first, const std::string& second) {
    const std::string other = encoded();
    const auto differs = std::mismatch(shape.model.begin(), shape.model.end(), other.begin(), other.end()).first;
    if (differs == shape.model.end()) return other == shape.model;  // it is not written at all
    const auto begin = static_cast<std::size_t>(differs - shape.model.begin());
    std::string expected = shape.model;
    if (expected.compare(begin, first.size(), first) != 0) return false;
    expected.replace(begin, first.size(), second);
    shape.slots.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + first.size()), field});
    return expected == other;
  };
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].value.kind == Kind::null) continue;
    const ValueRef first = fields[i].value;
    fields[i].value = model_value(first.kind, 1);
    if (!add_slot(static_cast<std::uint32_t>(i), written(first), written(fields[i].value))) return false;
    fields[i].value = first;
  }
  std::array<std::string, 2> times;
  for (std::size_t i = 0; i < 2; ++i) write_timestamp(kModelTimes[i], shape.flat ? 6 : 3, times[i]);
  model.time = kModelTimes[1];
  if (!add_slot(kTime, times[0], times[1])) return false;
  std::sort(shape.slots.begin(), shape.slots.end(), [](const Slot& a, const Slot& b) { return a.begin < b.begin; });
  return true;
}

ShapedLine LineShapes::write(const Event& event, const Shape& shape, LineMasker& masker) {
  std::size_t room = shape.model.size() + 64;
  bool masked = shape.leaves_alone;
  for (const Field& field : event.fields) {
    const std::size_t more = room_for(field.value);
    if (more == 0) return {};
    room += more;
    masked = masked && leaves_alone(field.value, masker);
  }
  if (room_ < room) {
    out_ = std::make_unique_for_overwrite<char[]>(room);
    room_ = room;
  }
  char* at = out_.get();
  const char* from = shape.model.data();
  for (const Slot& slot : shape.slots) {
    const char* until = shape.model.data() + slot.begin;
    at = std::copy(from, until, at);
    from = shape.model.data() + slot.end;
    at = slot.field == kTime ? write_timestamp(event.time, shape.flat ? 6 : 3, at) : write_slot(event.fields[slot.field].value, at);
  }
  at = std::copy(from, shape.model.data() + shape.model.size(), at);
  return {{out_.get(), static_cast<std::size_t>(at - out_.get())}, masked};
}

}  // namespace pii::log
