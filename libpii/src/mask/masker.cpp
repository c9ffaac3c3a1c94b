#include "pii/masker.hpp"

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>
#include <utility>

#include "detect/canonical.hpp"
#include "detect/scanner.hpp"
#include "mask/json_scalar.hpp"
#include "mask/leaf_scan.hpp"
#include "mask/output_writer.hpp"
#include "mask/text.hpp"
#include "mask/value_masker.hpp"
#include "mask/walker.hpp"
#include "mask/work.hpp"

namespace pii {
namespace {

using mask::Edit;
using mask::Layer;

// How many bytes are written before their tokens are made: enough for many lanes, few enough for the cache.
constexpr std::size_t kFlushSize = std::size_t{128} << 10;
// What events beyond this size needed is given back at the end of the call.
constexpr std::size_t kLongEvent = std::size_t{1} << 20;

// Most texts that are no JSON show it by how they begin.
bool may_be_json(std::string_view text) noexcept {
  const std::string_view value = mask::trim(text);
  if (value.empty()) return false;
  return value.front() == '{' || value.front() == '[' || value.front() == '"' || mask::is_json_scalar(value);
}

// The next line is likely as long as this one, and nothing has looked at it yet: it comes while this one is masked.
void prefetch_next(std::string_view lines, std::size_t end) noexcept {
#if defined(__GNUC__)
  constexpr std::size_t kCacheLine = 64, kMost = 4096;
  const std::size_t stop = std::min(lines.size(), end + std::min(end, kMost));
  for (std::size_t at = end; at < stop; at += kCacheLine) __builtin_prefetch(lines.data() + at);
#endif
}

std::string placeholder(const char* why, std::size_t bytes) {
  return std::string(R"({"message":"[PII_REDACTED]","pii":{"masked":")") + why + R"(","bytes":)" + std::to_string(bytes) + "}}";
}

}  // namespace

std::uint64_t MaskCounts::findings() const noexcept {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : found) sum += count;
  return sum;
}

MaskCounts& MaskCounts::operator+=(const MaskCounts& other) noexcept {
  events += other.events;
  bytes_in += other.bytes_in;
  bytes_out += other.bytes_out;
  not_json += other.not_json;
  too_long += other.too_long;
  failed += other.failed;
  redacted_without_key += other.redacted_without_key;
  for (std::size_t i = 0; i < found.size(); ++i) found[i] += other.found[i];
  return *this;
}

MaskListener::~MaskListener() = default;

struct Masker::Impl {
  Impl(std::shared_ptr<const MaskPolicy> of, MaskKeys with)
      : policy(std::move(of)), keys(std::move(with)), work(*policy, counts), places(*policy), walker(work, places),
        scanner(work), values(work, places, scanner), writer(*policy, keys) {
    work.append_token = [this](std::string_view field, std::string_view value, std::string& out) {
      writer.append_token_now(field, value, out);
    };
  }

  void begin(std::string& out, std::string_view input) {
    writer.begin(out, input);
    work.has_key = writer.has_key();
    work.can_encrypt = writer.can_encrypt();
  }
  void mask_event(std::string_view event, std::string& out);
  void mask_json_or_text(std::string_view text, std::string& out);
  bool find(std::string_view text);
  void settle(std::string& out);
  void write_event(std::string_view event);
  void give_up(std::size_t bytes, std::string& out);
  void tell();
  void give_back() noexcept;
  template <class Mask>
  void append(std::string_view input, std::string& out, Mask mask);
  template <class Mask>
  void guarded(std::string_view event, std::string& out, Mask mask);

  std::shared_ptr<const MaskPolicy> policy;
  MaskKeys keys;
  MaskCounts counts;
  mask::Work work;
  mask::PlaceTable places;
  mask::Walker walker;
  mask::LeafScanner scanner;
  mask::ValueMasker values;
  mask::OutputWriter writer;
  std::size_t event_begin = 0;  // in the output
  std::size_t longest = 0;      // event of the call
};

// One call. When there is no memory even for what takes an event's place, nothing of the call comes out.
template <class Mask>
void Masker::Impl::append(std::string_view input, std::string& out, Mask mask) {
  const std::size_t before = out.size();
  counts.bytes_in += input.size();
  longest = 0;
  try {
    begin(out, input);
    mask();
    writer.flush(counts);
  } catch (...) {
    writer.forget_from(0);
    out.resize(before);
    give_back();
    throw;
  }
  counts.bytes_out += out.size() - before;
  if (longest > kLongEvent) give_back();
}

void Masker::Impl::give_back() noexcept {
  work.give_back();
  walker.give_back();
  scanner.give_back();
  writer.give_back();
  detect::give_back_memory();
}

// Runs what masks one event. Whatever goes wrong, the event's bytes do not come out.
template <class Mask>
void Masker::Impl::guarded(std::string_view event, std::string& out, Mask mask) {
  event_begin = out.size();
  longest = std::max(longest, event.size());
  if (event.size() >= UINT32_MAX - 64) return give_up(event.size(), out);  // positions have 32 bits
  try {
    mask();
  } catch (const std::exception&) {
    give_up(event.size(), out);
  }
}

void Masker::Impl::give_up(std::size_t bytes, std::string& out) {
  ++counts.failed;
  writer.forget_from(event_begin);
  out.resize(event_begin);
  if (policy->spec().on_error != PolicySpec::OnError::drop_event) out += placeholder("masking_failed", bytes);
}

void Masker::Impl::write_event(std::string_view event) {
  const auto by_place = [](const Edit& a, const Edit& b) { return a.begin < b.begin; };
  if (!std::is_sorted(work.edits.begin(), work.edits.end(), by_place)) {
    std::sort(work.edits.begin(), work.edits.end(), by_place);
  }
  if (work.edits.size() > mask::OutputWriter::kMany) event_begin = writer.flush(counts, event_begin);
  writer.write(event, work.edits, counts);
  if (work.listener != nullptr) tell();
}

void Masker::Impl::tell() {
  for (const mask::Report& report : work.reports) {
    work.listener->on_finding({.detector = report.detector,
                               .custom_id = report.detector == Detector::custom
                                                ? std::string_view(policy->spec().custom[report.custom].id)
                                                : std::string_view(),
                               .path = report.path,
                               .shape = report.shape,
                               .event = counts.events});
  }
}

void Masker::Impl::mask_event(std::string_view event, std::string& out) {
  guarded(event, out, [&] {
    if (event.size() > policy->spec().max_line_bytes) {
      ++counts.too_long;
      writer.write(placeholder("line_too_long", event.size()));
      return;
    }
    mask_json_or_text(event, out);
  });
  ++counts.events;
}

void Masker::Impl::mask_json_or_text(std::string_view text, std::string& out) {
  work.limited = true;
  if (!find(text)) ++counts.not_json;
  write_event(text);
  if (work.look_again) settle(out);
}

// Finds what is to be replaced; false when the text is no JSON.
bool Masker::Impl::find(std::string_view text) {
  work.begin_event();
  work.line = text;
  const bool json = may_be_json(text) && walker.walk({.text = text});
  if (json) {
    scanner.scan_event(text);
  } else {
    work.begin_event();
    work.line = text;
    scanner.scan_text({.raw = {.text = text}, .bytes = detect::classify_leaf(text)});
  }
  return json;
}

// Masks what was written of the event again, until nothing changes. Few events need it, and of those nearly all once.
void Masker::Impl::settle(std::string& out) {
  constexpr int kMostPasses = 8;
  for (int pass = 0; work.look_again; ++pass) {
    event_begin = writer.flush(counts, event_begin);
    const std::string text = out.substr(event_begin);
    if (pass == kMostPasses) return give_up(text.size(), out);
    const MaskCounts before = counts;
    work.limited = false;
    find(text);
    // A network is shortened to itself.
    std::erase_if(work.edits, [&](const Edit& edit) {
      return edit.kind == Edit::Kind::text && !edit.quoted && std::string_view(text).substr(edit.begin, edit.end - edit.begin) == edit.text;
    });
    if (work.edits.empty()) {
      counts = before;
      return;
    }
    out.resize(event_begin);
    write_event(text);
  }
}

Masker::Masker(std::shared_ptr<const MaskPolicy> policy, MaskKeys keys)
    : impl_(std::make_unique<Impl>(std::move(policy), std::move(keys))) {}
Masker::Masker(Masker&&) noexcept = default;
Masker& Masker::operator=(Masker&&) noexcept = default;
Masker::~Masker() = default;

void Masker::mask_lines(std::string_view lines, std::string& out) {
  Impl& impl = *impl_;
  impl.append(lines, out, [&] {
    std::size_t flushed = out.size();
    while (!lines.empty()) {
      const void* newline = std::memchr(lines.data(), '\n', lines.size());
      const std::size_t end = newline == nullptr ? lines.size()
                                                 : static_cast<std::size_t>(static_cast<const char*>(newline) - lines.data());
      std::size_t size = end;
      if (newline != nullptr && size > 0 && lines[size - 1] == '\r') --size;
      prefetch_next(lines, end);
      if (!mask::trim(lines.substr(0, size)).empty()) {
        impl.mask_event(lines.substr(0, size), out);
      } else {
        impl.writer.write(lines.substr(0, size));
      }
      if (size != end) out += '\r';
      if (newline != nullptr) out += '\n';
      lines.remove_prefix(newline == nullptr ? end : end + 1);
      if (out.size() - flushed > kFlushSize) {
        impl.writer.flush(impl.counts);
        flushed = out.size();
      }
    }
  });
}

void Masker::mask_document(std::string_view document, std::string& out) {
  Impl& impl = *impl_;
  impl.append(document, out, [&] {
    impl.guarded(document, out, [&] { impl.mask_json_or_text(document, out); });
    ++impl.counts.events;
  });
}

void Masker::mask_text(std::string_view text, std::string& out) {
  Impl& impl = *impl_;
  impl.append(text, out, [&] {
    impl.guarded(text, out, [&] {
      impl.work.begin_event();
      impl.work.line = text;
      impl.work.limited = true;
      impl.scanner.scan_text({.raw = {.text = text}, .bytes = detect::classify_leaf(text)});
      impl.write_event(text);
    });
    ++impl.counts.events;
  });
}

bool Masker::mask_value(ValuePlace& place, std::string_view text, std::string& out) noexcept {
  Impl& impl = *impl_;
  const std::size_t before = out.size();
  if (text.size() > kLongEvent) return false;
  std::optional<MaskCounts> counts_before;
  try {
    impl.begin(out, text);
    if (!impl.values.find(place, text, counts_before)) return false;
    impl.event_begin = before;
    impl.write_event(text);
    impl.writer.flush(impl.counts);
    impl.counts.bytes_in += text.size();
    impl.counts.bytes_out += out.size() - before;
    return true;
  } catch (...) {
    if (counts_before) impl.counts = *counts_before;
    impl.writer.forget_from(0);
    out.resize(before);
    return false;
  }
}

bool Masker::leaves_alone(std::string_view text) const noexcept {
  const mask::Work& work = impl_->work;
  return work.impl.bytes_tell && !detect::classify_leaf(text).any(detect::LeafClass::kWorthScanning);
}

void Masker::set_listener(MaskListener* listener) noexcept { impl_->work.listener = listener; }
const MaskCounts& Masker::counts() const noexcept { return impl_->counts; }

std::string canonical_form(std::string_view field_type, std::string_view value, const std::vector<std::string>& regions) {
  mask::Arena arena;
  const Layer folded = mask::fold({.text = value}, arena);
  const auto known = detect::Regions::make(regions);
  std::string out;
  for (int i = 1; i < kDetectorCount; ++i) {
    const auto detector = static_cast<Detector>(i);
    if (field_type_of(detector) != field_type || detector == Detector::custom) continue;
    detect::append_canonical(detector, folded.text, known ? *known : detect::Regions(), out);
    return out;
  }
  detect::append_canonical(Detector::generic, value, known ? *known : detect::Regions(), out);
  return out;
}

}  // namespace pii
