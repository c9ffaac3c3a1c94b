#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "mask/arena.hpp"
#include "mask/key_policy.hpp"
#include "mask/path_pattern.hpp"
#include "mask/policy_impl.hpp"

namespace pii::mask {

/// What becomes of the scalars at a place.
enum class Treatment : std::uint8_t {
  scan,           // the detectors decide
  whole,          // personal data of the place's type
  authorization,
  cookie,
  set_cookie,
  action,         // the policy's path rule says so
  untouched,
  ecsctx_key,     // a sensitive key of ecsctx's: the whole value
  ecsctx_text,    // its e-mails and phones
  ecsctx_header,  // shortened
};

struct Place;

/// Which parts of an event ecsctx looks into: the places on the way to them, and inside.
enum class EcsctxScope : std::uint8_t { kOutside, kRoot, kHttp, kRequest, kResponse, kHeaders, kContainer };
std::vector<PathPattern> ecsctx_patterns(const std::vector<std::string>& exempt_paths);

/// The first and the last bytes of a key: all of it up to sixteen.
struct KeyWords {
  KeyWords() = default;
  explicit KeyWords(std::string_view key) noexcept : size(key.size()) {
    const char* data = key.data();
    if (size >= 8) {
      std::memcpy(&first, data, 8);
      std::memcpy(&last, data + size - 8, 8);
    } else if (size >= 4) {
      std::uint32_t head, tail;
      std::memcpy(&head, data, 4);
      std::memcpy(&tail, data + size - 4, 4);
      first = head;
      last = tail;
    } else {
      for (const char c : key) first = first << 8 | static_cast<unsigned char>(c);
    }
    // Long keys that differ in the middle only would otherwise share a place.
    for (std::size_t i = 8; i + 8 < size; i += 8) {
      std::uint64_t word;
      std::memcpy(&word, data + i, 8);
      middle = (middle ^ word) * 0x9E3779B97F4A7C15U;
    }
  }
  /// Whether `key` is `known`, whose words these are. Cheaper than the words of both.
  bool are_of(std::string_view known, std::string_view key) const noexcept {
    if (size != key.size()) return false;
    const char* data = key.data();
    if (size < 8) {
      const KeyWords words(key);
      return words.first == first && words.last == last;
    }
    std::uint64_t head, tail;
    std::memcpy(&head, data, 8);
    std::memcpy(&tail, data + size - 8, 8);
    return head == first && tail == last && (size <= 16 || known == key);
  }
  /// Whether another key of these words is this one; `other` and `key` are their bytes.
  bool are_of(const KeyWords& words, std::string_view other, std::string_view key) const noexcept {
    return size == words.size && first == words.first && last == words.last && (size <= 16 || other == key);
  }
  std::size_t hash(const Place* place) const noexcept {
    const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(place));
    std::uint64_t mixed = (first ^ middle ^ (address * 0xC2B2AE3D27D4EB4FU) ^ size) * 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 32) ^ last) * 0xD6E8FEB86659FD93U;
    return static_cast<std::size_t>(mixed ^ (mixed >> 29));
  }

  std::uint64_t first = 0, last = 0, middle = 0;
  std::size_t size = 0;
};
/// A short value in which nothing was found the last time: the next event often has the same.
class QuietValue {
 public:
  static constexpr std::size_t kLongest = 62;
  /// `value` is not empty.
  bool is(std::string_view value) const noexcept {
    if (value.size() != size_) return false;
    if (size_ < 8 || size_ > 16) return std::memcmp(value.data(), bytes_, size_) == 0;
    std::uint64_t head, tail, own_head, own_tail;
    std::memcpy(&head, value.data(), 8);
    std::memcpy(&tail, value.data() + size_ - 8, 8);
    std::memcpy(&own_head, bytes_, 8);
    std::memcpy(&own_tail, bytes_ + size_ - 8, 8);
    return head == own_head && tail == own_tail;
  }
  /// `scanned`: the detectors have looked at it; else it has nothing that they look for.
  void set(std::string_view value, bool scanned) noexcept {
    if (value.size() > kLongest) return;
    std::memcpy(bytes_, value.data(), value.size());
    size_ = static_cast<std::uint8_t>(value.size());
    scanned_ = scanned;
  }
  bool scanned() const noexcept { return scanned_; }

 private:
  std::uint8_t size_ = 0;  // nothing yet: empty values are not asked about
  bool scanned_ = false;
  char bytes_[kLongest];
};
/// What is known of a place in events: decided once, found again by the key's bytes.
struct Entry {
  std::string_view key;   // as it stands between its quotes; empty for elements and the root
  std::string_view name;  // unescaped; of elements the array's
  KeyWords words;         // of key
  const Place* in = nullptr;
  Treatment by_key = Treatment::scan;  // what the keys say
  Treatment treatment = Treatment::scan;  // and the policy's paths
  KeyVerdict::Kind verdict = KeyVerdict::Kind::plain;
  Detector type = Detector::none;             // whole, and what a path's action falls back to
  const MaskAction* action = nullptr;         // Treatment::action
  DetectorSet context;                        // this key's and its two enclosing keys'
  DetectorSet own_context;
  bool version_like = false;
  bool never_scan = false;
  bool skip_detectors = false;                // exempt: detectors
  bool scan_key = false;                      // the key itself may hold something; false once nothing was found
  bool ecsctx_member = false;                 // of an object: what begins like a token passes
  EcsctxScope ecsctx_scope = EcsctxScope::kOutside;
  PathMatcher::State state = 0;
  PathMatcher::State ecsctx_state = 0;
  Place* place = nullptr;                     // below it, made when first needed
  bool elements_differ = false;               // the policy's paths tell elements of the array here apart
  Entry* element = nullptr;                   // of the array here: the one, or the first of those that differ
  Entry* first = nullptr;                     // the member that an object here began with the last time
  QuietValue quiet;                           // of scalars here
  Entry* next = nullptr;                      // the member that followed this one the last time; of elements the next one
};

/// A container, as the place of what is in it.
struct Place {
  const Entry* via;  // the entry of the container itself
};

/// Finds the entry of a key, and remembers what it has decided.
class PlaceTable {
 public:
  explicit PlaceTable(const MaskPolicy& policy);

  /// The place of an event as a whole.
  Entry& root() noexcept { return *root_; }
  /// The entry of member `key` (raw, as it stands in the text) of the object at `object`.
  Entry& member(Entry& object, std::string_view key) { return find_or_make(object, KeyWords(key), key); }
  /// The same for members in order: `previous` is the one before, null for the first. Events of one kind have their members
  /// in one order, so that the one that followed the last time nearly always is the one.
  Entry& next_member(Entry& object, Entry* previous, std::string_view key) {
    Entry*& likely = previous != nullptr ? previous->next : object.first;
    if (likely != nullptr && likely->in == object.place && likely->words.are_of(likely->key, key)) [[likely]] return *likely;
    likely = &find_or_make(object, KeyWords(key), key);
    return *likely;
  }
  /// The entry of the element `index` of the array at `array`.
  Entry& element(Entry& array, std::uint32_t index) {
    if (array.element != nullptr && !array.elements_differ) [[likely]] return *array.element;
    return find_or_make_element(array, index);
  }
  /// Whether it has grown so much that clear() is due. The caller then finds the entries anew that it holds.
  bool full() const noexcept { return made_ > kMaxEntries; }
  /// Forgets everything.
  void clear();

 private:
  static constexpr std::size_t kMaxEntries = 16384;


  void make_place(Entry& entry);
  Entry& find_or_make(Entry& object, const KeyWords& words, std::string_view key);
  void grow();
  Entry& find_or_make_element(Entry& array, std::uint32_t index);
  void decide_element(Entry& entry, const Entry& array);
  Entry& new_entry();
  void decide(Entry& entry, const Entry& above, std::string_view name);
  void apply_paths(Entry& entry);
  void decide_ecsctx(Entry& entry, const Entry& above, std::string_view name);
  void decide_ecsctx_element(Entry& entry, const Entry& above);

  const MaskPolicy& policy_;
  const bool ecsctx_;
  PathMatcher paths_;
  std::vector<PathPattern> ecsctx_patterns_;
  PathMatcher ecsctx_paths_;

  std::deque<Entry> entries_;
  std::deque<Place> places_;
  std::deque<std::string> keys_;
  std::vector<Entry*> slots_;
  std::size_t mask_ = 0;
  std::size_t used_ = 0;
  std::size_t made_ = 0;  // entries
  Entry* root_ = nullptr;
};

}  // namespace pii::mask
