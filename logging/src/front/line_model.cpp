#include "front/line_model.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <random>

#include "encode/timestamp.hpp"
#include "front/masking_stage.hpp"

namespace pii::log {

namespace {

using Kind = ValueRef::Kind;
using Time = std::chrono::system_clock::time_point;

// Values of each kind that no policy allows by name; how the two are written differs in the first byte.
struct ModelValues {
  std::array<std::string, 2> words = {"q", "x"};
  std::array<int, 2> numbers = {300, 700};
  ModelValues() {
    std::random_device random;
    for (std::string& word : words) {
      for (int i = 0; i < 11; ++i) word += static_cast<char>('a' + random() % 26);
    }
    for (int& number : numbers) number += static_cast<int>(random() % 100);
  }
};
// Never destroyed: threads log until the process is gone. A child that is forked meanwhile must not find a static variable's lock held.
const ModelValues& model_values() {
  static constinit std::atomic<const ModelValues*> values{nullptr};
  const ModelValues* made = values.load(std::memory_order_acquire);
  if (made == nullptr) {
    auto own = std::make_unique<const ModelValues>();
    if (values.compare_exchange_strong(made, own.get(), std::memory_order_acq_rel)) made = own.release();
  }
  return *made;
}

ValueRef model_value(Kind kind, std::size_t which) {
  const int number = model_values().numbers[which];
  switch (kind) {
    case Kind::boolean: return which == 0;
    case Kind::integer: return number;
    case Kind::unsigned_integer: return static_cast<unsigned>(number);
    case Kind::real: return number + 0.25;
    case Kind::text: return std::string_view(model_values().words[which]);
    default: return nullptr;
  }
}
std::string written(const ValueRef& value) {
  std::string text;
  write_value(value, nullptr, text);
  return value.kind == Kind::text ? text.substr(1, text.size() - 2) : text;
}

// Digits that are letters, so that no number is in them.
constexpr std::array<std::string_view, 2> kModelTraceIds = {"abcdefabcdefabcdefabcdefabcdefab", "fedcbafedcbafedcbafedcbafedcbafe"};
const std::array<Time, 2> kModelTimes = {Time(std::chrono::seconds(1'000'000'000)), Time(std::chrono::seconds(-500'000'000))};

std::size_t end_of_string(std::string_view line, std::size_t quote) noexcept {
  std::size_t end = quote + 1;
  while (line[end] != '"') end += line[end] == '\\' ? 2U : 1U;
  return end;
}

// The line that has the slot's value alone. Nothing for one in an array, where the place is not told by keys.
void enclose(std::string_view line, bool quoted, LineSlot& slot) {
  std::vector<std::string_view> open;  // the keys of the objects around, quotes and all; the line's own has none
  std::string_view key;
  const std::size_t value = slot.begin - (quoted ? 1 : 0);
  for (std::size_t at = 0; at < value; ++at) {
    switch (line[at]) {
      case '{': open.push_back(key); break;
      case '}': open.pop_back(); break;
      case '[': return;
      case '"': {
        const std::size_t end = end_of_string(line, at);
        if (line[end + 1] == ':') key = line.substr(at, end + 1 - at);
        at = end;
        break;
      }
      default: break;
    }
  }
  std::vector<std::string> keys;
  for (const std::string_view name : open) {
    slot.before.append(name).append(name.empty() ? "{" : ":{");
    if (!name.empty()) keys.emplace_back(name.substr(1, name.size() - 2));
  }
  keys.emplace_back(key.substr(1, key.size() - 2));
  slot.place = Masker::ValuePlace(std::move(keys));
  slot.before.append(key).append(quoted ? ":\"" : ":");
  slot.after.append(quoted ? "\"" : "").append(open.size(), '}') += '\n';
}

// Whether the masker looks for a name that stands in the slot in the event's other texts.
bool names_somebody(const LineSlot& slot, LineMasker& masker) {
  const auto& words = model_values().words;
  std::string name = words[0] + " " + words[1];
  name[0] ^= 0x20;
  name[words[0].size() + 1] ^= 0x20;
  const std::string beside = "{\"" + words[1] + "\":\"of " + name + " and others\",";
  std::string masked;
  masker.mask(beside + slot.before.substr(1) + name + slot.after, masked);
  return !masked.starts_with(beside);
}

}  // namespace

// What differs in `other` must be this value, where it was, and nothing else.
bool LineModel::add_slot(std::uint32_t value, bool quoted, const std::string& first, const std::string& second, const std::string& other) {
  const auto differs = std::mismatch(text.begin(), text.end(), other.begin(), other.end()).first;
  if (differs == text.end()) return other == text;  // it is not written at all
  const auto begin = static_cast<std::size_t>(differs - text.begin());
  std::string expected = text;
  if (expected.compare(begin, first.size(), first) != 0) return false;
  expected.replace(begin, first.size(), second);
  if (expected != other) return false;
  slots.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + first.size()), value});
  if (value != LineSlot::kTime) enclose(text, quoted, slots.back());
  return true;
}

// Not where a key that is no value's or the event's name is personal, where persons are named, or where more than a text's bytes decides.
bool LineModel::is_masked_by_values(std::span<const ValueRef> values, LineMasker& masker) {
  const auto& words = model_values().words;
  if (!masker.leaves_alone(words[0]) || !masker.leaves_alone(words[1])) return false;
  LoneValues alone;
  std::string expected, masked;
  std::size_t from = 0;
  for (LineSlot& slot : slots) {
    expected.append(text, from, slot.begin - from);
    from = slot.begin;
    if (slot.value == LineSlot::kTime) continue;
    const ValueRef& value = values[slot.value];
    const auto other = alone.mask(slot, value, masker);
    if (!other) return false;
    if (other->empty()) continue;
    slot.personal = true;
    expected += *other;
    from = slot.end;
    if (value.kind == Kind::text && names_somebody(slot, masker)) return false;
  }
  expected.append(text, from);
  masker.mask(text, masked);
  return masked == expected;
}

bool LineModel::learn(const Event& event, std::span<const ValueRef* const> more, bool flat, const Encoder& encoder, LineMasker& masker) {
  ModelEvent model(event, flat, more);
  const auto value_of = [&](std::size_t i, std::size_t which) -> ValueRef {
    if (model.is_trace_id(i)) return kModelTraceIds[which];
    if (model.is_span_id(i)) return kModelTraceIds[which].substr(16);
    return model_value(model.values[i].kind, which);
  };
  for (std::size_t i = 0; i < model.values.size(); ++i) model.values[i] = value_of(i, 0);
  model.time = kModelTimes[0];
  model.encode(encoder, text);
  std::string other;
  for (std::size_t i = 0; i < model.values.size(); ++i) {
    const ValueRef first = model.values[i];
    if (first.kind == Kind::null) continue;
    model.values[i] = value_of(i, 1);
    model.encode(encoder, other);
    const std::size_t count = slots.size();
    if (!add_slot(static_cast<std::uint32_t>(i), first.kind == Kind::text, written(first), written(model.values[i]), other)) return false;
    // What gives way to a field of the call is counted where both say the same.
    if (slots.size() == count && !model.is_of_call(i) && !model.is_left_out(i)) return false;
    model.values[i] = first;
  }
  std::array<std::string, 2> times;
  for (std::size_t i = 0; i < 2; ++i) write_timestamp(kModelTimes[i], flat ? 6 : 3, times[i]);
  model.time = kModelTimes[1];
  notes = model.encode(encoder, other);
  if (!add_slot(LineSlot::kTime, true, times[0], times[1], other)) return false;
  std::sort(slots.begin(), slots.end(), [](const LineSlot& a, const LineSlot& b) { return a.begin < b.begin; });
  by_values = is_masked_by_values(model.values, masker);
  size = text.size();
  text.append(kPadding, ' ');
  return true;
}

}  // namespace pii::log
