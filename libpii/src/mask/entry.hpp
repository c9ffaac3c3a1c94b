#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "mask/key_policy.hpp"
#include "mask/path_pattern.hpp"
#include "mask/quiet_value.hpp"
#include "pii/mask_policy.hpp"

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
  std::size_t hash(const Place* place) const noexcept {
    const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(place));
    std::uint64_t mixed = (first ^ middle ^ (address * 0xC2B2AE3D27D4EB4FU) ^ size) * 0x9E3779B97F4A7C15U;
    mixed = (mixed ^ (mixed >> 32) ^ last) * 0xD6E8FEB86659FD93U;
    return static_cast<std::size_t>(mixed ^ (mixed >> 29));
  }

  std::uint64_t first = 0, last = 0, middle = 0;
  std::size_t size = 0;
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

}  // namespace pii::mask
