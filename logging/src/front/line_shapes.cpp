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

constexpr std::size_t kLongestText = 1024, kNumber = 34, kLongestNames = 512, kLongestForms = 1024, kMostFields = 16, kMostValues = 48;
// Numbers of fewer digits are nothing to any detector where no key says what they are (docs/masking.md section 5).
constexpr std::int64_t kLeast = -99'999, kMost = 999'999;
static_assert(kTimestampSize < kNumber && Remembered::kRoom <= kNumber + LineModel::kPadding);

// What such fields say may be what the service says of itself, which is noted of each value anew.
bool tells_the_service(std::string_view key) noexcept {
  const std::string_view first = key.substr(0, key.find('.'));
  return first == "service" || first == "project";
}

bool tells_the_service(const Object& fields) noexcept {
  return std::any_of(fields.members().begin(), fields.members().end(), [](const auto& member) { return tells_the_service(member.first); });
}

// Whether nothing of the event is personal by declaration, and its keys are short.
bool is_simple(const Event& event, const EventValues& more) noexcept {
  std::size_t size = event.name.size() + event.logger.size();
  for (const Field& field : event.fields) {
    size += field.key.size();
    if (!is_simple(field.value.kind) || tells_the_service(field.key)) return false;
  }
  if (size > kLongestNames || event.fields.size() > kMostFields) return false;
  if (more.bound_form().size() + more.context_form().size() > kLongestForms || event.fields.size() + more.more().size() > kMostValues) return false;
  return (event.bound == nullptr || !tells_the_service(event.bound->fields)) &&
         (event.context == nullptr || !tells_the_service(event.context->to_ecs()));
}

// Enough to tell calls apart that stand at one line.
inline std::uint64_t mix(std::uint64_t hash, std::string_view text) noexcept {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  const TextEnds ends(text);
  hash = (hash ^ ends.head ^ text.size()) * kOdd;
  hash = (hash ^ hash >> 29 ^ ends.tail) * kOdd;
  return hash ^ hash >> 32;
}

// Calls of C have no line, and all of spdlog's have one.
std::uint64_t hash_of(const Event& event, const EventValues& more, bool flat, bool by_origin) noexcept {
  std::uint64_t hash = more.hash() + (by_origin ? event.where.line * std::uint64_t{64} : 0) + static_cast<std::uint64_t>(event.level) * 2 + (flat ? 1U : 0U);
  for (const Field& field : event.fields) hash = hash * 31 + field.key.size() * 8 + static_cast<std::uint64_t>(field.value.kind);
  return mix(mix(hash, event.name), event.logger);
}

// In steps that may write, and read, up to kPadding bytes more than there are.
inline char* copy_padded(const char* from, std::size_t size, char* to) noexcept {
  constexpr std::size_t kStep = LineModel::kPadding;
  for (std::size_t at = 0; at < size; at += kStep) std::memcpy(to + at, from + at, kStep);
  return to + size;
}

inline char* write_word(bool value, char* out) noexcept {
  std::memcpy(out, value ? "true " : "false", 5);
  return out + (value ? 4 : 5);
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

// The first and the last bytes, which may be the same ones; most texts are too short for a call.
inline char* write_text(std::string_view text, char* out) noexcept {
  const std::size_t size = text.size();
  const auto write_ends = [&](std::size_t step) {
    std::memcpy(out, text.data(), step);
    std::memcpy(out + size - step, text.data() + size - step, step);
  };
  if (size >= 8 && size <= 16) {
    write_ends(8);
  } else if (size > 16 && size <= 32) {
    write_ends(16);
  } else if (size >= 4 && size < 8) {
    write_ends(4);
  } else if (size >= 2 && size < 4) {
    write_ends(2);
  } else {
    std::memcpy(out, text.data(), size);
  }
  return out + size;
}

inline char* write_plain(const ValueRef& value, char* out) noexcept {
  switch (value.kind) {
    case Kind::boolean: return write_word(value.boolean, out);
    case Kind::integer: return write_integer(value.integer, out);
    case Kind::unsigned_integer: return write_integer(value.unsigned_integer, out);
    case Kind::real: return write_real(value.real, out);
    default: return write_text(value.text, out);
  }
}

}  // namespace

bool LineShapes::Shape::is_of(const Event& event, const EventValues& more, bool of_flat, bool by_origin) const noexcept {
  if (state == State::unused || level != event.level || flat != of_flat || span != more.span() || fields.size() != event.fields.size() ||
      !name.is(event.name) || !logger.is(event.logger)) {
    return false;
  }
  const Field* field = event.fields.data();
  for (const KnownField& known : fields) {
    if (known.kind != field->value.kind || !known.key.is(field->key)) return false;
    ++field;
  }
  if (!bound_form.is(more.bound_form()) || !context_form.is(more.context_form())) return false;
  return !by_origin || (line == event.where.line && file == event.where.file && function == event.where.function);
}

// The place of this call, or nothing: it is not known, and those of its places are still in use.
LineShapes::Shape* LineShapes::find(const Event& event, bool flat, bool by_origin) {
  // Nearly always the name is a literal, and lies where it lay.
  const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(event.name.data()));
  Shape*& hint = hints_[((address + values_.hash() + (flat ? 1U : 0U)) * 0x9E3779B97F4A7C15) >> 58];
  static_assert(kHints == 64);
  if (hint != nullptr && hint->is_of(event, values_, flat, by_origin)) {
    hint->patience = kPatience;
    return hint;
  }
  const std::uint64_t hash = hash_of(event, values_, flat, by_origin);
  std::unique_ptr<Shape>* const places = &shapes_[hash % (kShapes / kWays) * kWays];
  std::unique_ptr<Shape>* place = places;
  for (std::size_t i = 0; i < kWays; ++i) {
    if (places[i] == nullptr) {
      place = &places[i];
      *place = std::make_unique<Shape>();
      break;
    }
    if (places[i]->is_of(event, values_, flat, by_origin)) {
      hint = places[i].get();
      hint->patience = kPatience;
      return hint;
    }
    if (places[i]->patience < (*place)->patience) place = &places[i];
  }
  if (!is_simple(event, values_)) return nullptr;
  // Calls that take turns would push each other out, and each be learned anew.
  if ((*place)->patience > 0) {
    --(*place)->patience;
    return nullptr;
  }
  (*place)->become(event, values_, flat, by_origin);
  return nullptr;
}

void LineShapes::Shape::become(const Event& event, const EventValues& more, bool of_flat, bool by_origin) {
  *this = {};
  level = event.level;
  flat = of_flat;
  span = more.span();
  name = KnownText(event.name);
  logger = KnownText(event.logger);
  for (const Field& field : event.fields) fields.push_back({KnownText(field.key), field.value.kind});
  bound_form = KnownText(more.bound_form());
  context_form = KnownText(more.context_form());
  if (by_origin) {
    line = event.where.line;
    file = event.where.file;
    function = event.where.function;
  }
  patience = 2;
  state = State::seen;  // last: what threw half-way is of no call
}

ShapedLine LineShapes::line(const Event& event, bool flat, const Encoder& encoder, LineMasker& masker, EncodingNotes& notes) {
  if (!event.words.empty() || encoder.tells_the_process()) return {};
  // A UUID stands where the context has an id.
  if (encoder.span_ids() == SpanIdForm::uuid && event.context != nullptr && event.context->span().valid()) return {};
  if (!values_.collect(event, flat)) return {};
  Shape* const place = find(event, flat, encoder.tells_the_origin());
  if (place == nullptr) return {};
  if (place->state == Shape::State::seen) {
    place->state = Shape::State::hopeless;  // should it throw
    if (place->model.learn(event, values_.more(), flat, encoder, masker)) place->state = Shape::State::usable;
    place->room = place->model.text.size() + (place->model.slots.size() + 1) * kNumber;
  }
  if (place->state == Shape::State::hopeless) return {};
  notes = place->model.notes;
  const Filled masked = place->model.by_values ? fill<true>(event, *place, masker) : Filled::not_masked;
  if (masked == Filled::yes) return {{out_.get(), size_}, true};
  if (masked == Filled::not_masked && fill<false>(event, *place, masker) == Filled::yes) return {{out_.get(), size_}, false};
  return {};
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

// Writes the line; `masked`: with each value as the masker makes it alone, where that is what masking the whole line would make of it.
template <bool masked>
LineShapes::Filled LineShapes::fill(const Event& event, Shape& shape, LineMasker& masker) {
  LineModel& model = shape.model;
  std::size_t longest = shape.room;  // that the line as it is takes at most
  char* at = with_room(out_.get(), longest);
  const char* const line = model.text.data();
  std::size_t from = 0;
  for (LineSlot& slot : model.slots) {
    at = copy_padded(line + from, slot.begin - from, at);
    from = slot.end;
    if (slot.value == LineSlot::kTime) {
      at = write_timestamp(event.time, shape.flat ? 6 : 3, at);
      continue;
    }
    const ValueRef& value = slot.value < event.fields.size() ? event.fields[slot.value].value : *values_.more()[slot.value - event.fields.size()];
    switch (value.kind) {
      case Kind::boolean:
        if (masked && slot.personal) break;
        at = write_word(value.boolean, at);
        continue;
      case Kind::integer:
        if (masked && (slot.personal || value.integer < kLeast || value.integer > kMost)) break;
        at = write_integer(value.integer, at);
        continue;
      case Kind::unsigned_integer:
        if (masked && (slot.personal || value.unsigned_integer > static_cast<std::uint64_t>(kMost))) break;
        at = write_integer(value.unsigned_integer, at);
        continue;
      case Kind::real:
        if (!std::isfinite(value.real)) return Filled::not_at_all;  // a null in a number's place
        if (masked && slot.personal) break;
        at = write_real(value.real, at);
        continue;
      default: {
        const std::string_view text = value.text;
        if (text.size() > kNumber) at = with_room(at, longest += text.size());
        if (slot.alone.is(text)) {
          at = slot.alone.write(at);
          continue;
        }
        // The encoder writes an escape, and may leave an empty text out where it stands.
        if (text.empty() || text.size() > kLongestText || !needs_no_escape(text)) return Filled::not_at_all;
        if (masked && (slot.personal || !masker.leaves_alone(text))) break;
        if (masked) slot.alone.set(text);
        at = write_text(text, at);
        continue;
      }
    }
    const auto other = alone_.mask(slot, value, masker);
    if (!other) return Filled::not_masked;
    if (!other->empty()) {
      at = write_text(*other, with_room(at, other->size() + longest));
      continue;
    }
    if (value.kind == Kind::text && !slot.personal) slot.alone.set(value.text);
    at = write_plain(value, at);
  }
  at = copy_padded(line + from, model.size - from, at);
  size_ = static_cast<std::size_t>(at - out_.get());
  return masked && longest > masker.longest_line() ? Filled::not_masked : Filled::yes;
}

}  // namespace pii::log
