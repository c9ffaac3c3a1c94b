#include "front/line_shapes.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "encode/timestamp.hpp"
#include "front/masking_stage.hpp"

namespace pii::log {

namespace {

using Kind = ValueRef::Kind;

constexpr std::size_t kLongestText = 1024, kNumber = 34, kLongestNames = 512;
// Numbers of fewer digits are nothing to any detector (docs/masking.md section 5).
constexpr std::int64_t kLeast = -99'999, kMost = 999'999;
static_assert(kTimestampSize < kNumber);

bool is_simple(Kind kind) noexcept {
  switch (kind) {
    case Kind::null: case Kind::boolean: case Kind::integer: case Kind::unsigned_integer: case Kind::real: case Kind::text: return true;
    default: return false;
  }
}

// What such fields say may be what the service says of itself, which is noted of each value anew.
bool tells_the_service(std::string_view key) noexcept {
  const std::string_view first = key.substr(0, key.find('.'));
  return first == "service" || first == "project";
}

// Whether nothing of the event is personal by declaration, and its keys are short.
bool is_simple(const Event& event) noexcept {
  std::size_t size = event.name.size() + event.logger.size();
  for (const Field& field : event.fields) {
    size += field.key.size();
    if (!is_simple(field.value.kind) || tells_the_service(field.key)) return false;
  }
  return size <= kLongestNames;
}

std::uint64_t mix(std::uint64_t hash, std::string_view text) noexcept {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  std::uint64_t word = 0;
  for (; text.size() > sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    hash = (hash ^ word) * kOdd;
    hash ^= hash >> 29;
  }
  word = text.size();
  for (const char c : text) word = word << 8 | static_cast<unsigned char>(c);
  hash = (hash ^ word) * kOdd;
  return hash ^ hash >> 29;
}

// Calls of C have no line, and all of spdlog's have one.
std::uint64_t hash_of(const Event& event, bool flat) noexcept {
  std::uint64_t hash = event.where.line * 64 + static_cast<std::uint64_t>(event.level) * 2 + (flat ? 1U : 0U);
  for (const Field& field : event.fields) hash = hash * 31 + field.key.size() * 8 + static_cast<std::uint64_t>(field.value.kind);
  return mix(mix(hash, event.name), event.logger);
}

// Most texts here are a few bytes: not worth a call.
inline bool are_equal(std::string_view a, std::string_view b) noexcept {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  // The first and the last bytes, which may be the same ones.
  const auto ends_are_equal = [&]<class Word>(Word) {
    Word head, tail, other_head, other_tail;
    std::memcpy(&head, a.data(), sizeof head);
    std::memcpy(&tail, a.data() + size - sizeof tail, sizeof tail);
    std::memcpy(&other_head, b.data(), sizeof head);
    std::memcpy(&other_tail, b.data() + size - sizeof tail, sizeof tail);
    return ((head ^ other_head) | (tail ^ other_tail)) == 0;
  };
  if (size >= 8 && size <= 16) return ends_are_equal(std::uint64_t{});
  if (size >= 4 && size < 8) return ends_are_equal(std::uint32_t{});
  if (size >= 2 && size < 4) return ends_are_equal(std::uint16_t{});
  return a == b;
}

// In steps that may write, and read, up to kPadding bytes more than there are.
inline char* copy_padded(const char* from, std::size_t size, char* to) noexcept {
  constexpr std::size_t kStep = LineModel::kPadding;
  for (std::size_t at = 0; at < size; at += kStep) std::memcpy(to + at, from + at, kStep);
  return to + size;
}

// What a line takes for it at most while it stays as it is, or 0 where the encoder has to write it: an escape, a null in a number's place,
// and an empty text, which may be left out where it stands.
inline std::size_t room_for(const ValueRef& value, std::string_view known) noexcept {
  if (value.kind == Kind::text) {
    if (are_equal(value.text, known)) return value.text.size();
    return value.text.size() <= kLongestText && needs_no_escape(value.text) ? value.text.size() : 0;
  }
  return value.kind != Kind::real || std::isfinite(value.real) ? kNumber : 0;
}

inline char* write_word(bool value, char* out) noexcept {
  std::memcpy(out, value ? "true " : "false", 5);
  return out + (value ? 4 : 5);
}

// Whether the masker does nothing to it where no key says what it is; `known` is the last short text of that kind here.
inline bool is_left_alone(const ValueRef& value, std::string& known, const LineMasker& masker) {
  constexpr std::size_t kShort = 15;
  switch (value.kind) {
    case Kind::integer: return value.integer >= kLeast && value.integer <= kMost;
    case Kind::unsigned_integer: return value.unsigned_integer <= static_cast<std::uint64_t>(kMost);
    case Kind::text:
      if (are_equal(value.text, known)) return true;
      if (!masker.leaves_alone(value.text)) return false;
      if (value.text.size() <= kShort) known = value.text;
      return true;
    default: return true;
  }
}

// Counts and amounts have three digits at most, mostly.
template <class Int>
inline char* write_integer(Int value, char* out) noexcept {
  if (static_cast<std::uint64_t>(value) >= 1000) return std::to_chars(out, out + kNumber, value).ptr;
  const auto number = static_cast<std::uint32_t>(value);
  if (number >= 100) *out++ = static_cast<char>('0' + number / 100);
  if (number >= 10) *out++ = static_cast<char>('0' + number / 10 % 10);
  *out++ = static_cast<char>('0' + number % 10);
  return out;
}

inline char* write_text(std::string_view text, char* out) noexcept {
  const std::size_t size = text.size();
  if (size >= 8 && size <= 16) {
    std::memcpy(out, text.data(), 8);
    std::memcpy(out + size - 8, text.data() + size - 8, 8);
  } else {
    std::memcpy(out, text.data(), size);
  }
  return out + size;
}

}  // namespace

bool LineShapes::Shape::is_of(const Event& event, bool of_flat) const noexcept {
  if (where.line != event.where.line || where.file != event.where.file || where.function != event.where.function || level != event.level ||
      flat != of_flat || fields.size() != event.fields.size() || !are_equal(name, event.name) || !are_equal(logger, event.logger)) {
    return false;
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].kind != event.fields[i].value.kind || !are_equal(fields[i].key, event.fields[i].key)) return false;
  }
  return true;
}

// The place of this call, or nothing: it is not known, and those of its places are still in use.
LineShapes::Shape* LineShapes::find(const Event& event, bool flat) {
  std::unique_ptr<Shape>* const places = &shapes_[hash_of(event, flat) % (kShapes / kWays) * kWays];
  std::unique_ptr<Shape>* place = places;
  for (std::size_t i = 0; i < kWays; ++i) {
    if (places[i] == nullptr) {
      place = &places[i];
      *place = std::make_unique<Shape>();
      break;
    }
    if (places[i]->is_of(event, flat)) {
      places[i]->patience = kPatience;
      return places[i].get();
    }
    if (places[i]->patience < (*place)->patience) place = &places[i];
  }
  if (!is_simple(event)) return nullptr;
  // Calls that take turns would push each other out, and each be learned anew.
  if ((*place)->patience > 0) {
    --(*place)->patience;
    return nullptr;
  }
  (*place)->become(event, flat);
  return nullptr;
}

void LineShapes::Shape::become(const Event& event, bool of_flat) {
  *this = {};
  where = event.where;
  level = event.level;
  flat = of_flat;
  patience = 2;
  logger = event.logger;
  name = event.name;
  for (const Field& field : event.fields) fields.push_back({std::string(field.key), field.value.kind});
}

ShapedLine LineShapes::line(const Event& event, bool flat, const Encoder& encoder, LineMasker& masker, EncodingNotes& notes) {
  // Nothing but fields may change.
  const bool of_context = event.bound != nullptr || (event.context != nullptr && !event.context->empty());
  if (of_context || !event.words.empty() || event.fields.size() > kMostFields || encoder.tells_the_process()) return {};
  if (event.name.size() + event.logger.size() > kLongestNames) return {};
  Shape* const place = find(event, flat);
  if (place == nullptr) return {};
  if (place->state == Shape::State::seen) {
    place->state = Shape::State::hopeless;  // should it throw
    if (place->model.learn(event, flat, encoder, masker)) place->state = Shape::State::usable;
  }
  if (place->state == Shape::State::hopeless) return {};
  notes = place->model.notes;
  return write(event, *place, masker);
}

char* LineShapes::with_room(char* at, std::size_t more) {
  const auto used = static_cast<std::size_t>(at - out_.get());
  if (used + more <= room_) return at;
  const std::size_t room = 2 * (used + more);
  auto larger = std::make_unique_for_overwrite<char[]>(room);
  if (used > 0) std::memcpy(larger.get(), out_.get(), used);
  out_ = std::move(larger);
  room_ = room;
  return out_.get() + used;
}

// Writes the line; `masked`: with each value as the masker makes it alone. False: the whole line has to be masked.
template <bool masked>
bool LineShapes::fill(const Event& event, Shape& shape, LineMasker& masker) {
  const LineModel& model = shape.model;
  char* at = out_.get();
  const char* from = model.text.data();
  for (const LineSlot& slot : model.slots) {
    at = copy_padded(from, static_cast<std::size_t>(model.text.data() + slot.begin - from), at);
    from = model.text.data() + slot.end;
    if (slot.field == LineSlot::kTime) {
      at = write_timestamp(event.time, shape.flat ? 6 : 3, at);
      continue;
    }
    const ValueRef& value = event.fields[slot.field].value;
    if (masked && (slot.personal || !is_left_alone(value, shape.fields[slot.field].alone, masker))) {
      const auto other = alone_.mask(slot, value, masker);
      if (!other) return false;
      if (!other->empty()) {
        at = write_text(*other, with_room(at, other->size() + shape.room));
        continue;
      }
    }
    switch (value.kind) {
      case Kind::boolean: at = write_word(value.boolean, at); break;
      case Kind::integer: at = write_integer(value.integer, at); break;
      case Kind::unsigned_integer: at = write_integer(value.unsigned_integer, at); break;
      case Kind::real: at = write_real(value.real, at); break;
      default: at = write_text(value.text, at);
    }
  }
  at = copy_padded(from, static_cast<std::size_t>(model.text.data() + model.size - from), at);
  size_ = static_cast<std::size_t>(at - out_.get());
  return true;
}

ShapedLine LineShapes::write(const Event& event, Shape& shape, LineMasker& masker) {
  shape.room = shape.model.text.size() + kNumber;
  for (std::size_t i = 0; i < event.fields.size(); ++i) {
    const std::size_t room = room_for(event.fields[i].value, shape.fields[i].alone);
    if (room == 0) return {};
    shape.room += room;
  }
  with_room(out_.get(), shape.room);
  const bool masked = shape.model.by_values && shape.room <= masker.longest_line() && fill<true>(event, shape, masker);
  if (!masked) fill<false>(event, shape, masker);
  return {{out_.get(), size_}, masked};
}

}  // namespace pii::log
