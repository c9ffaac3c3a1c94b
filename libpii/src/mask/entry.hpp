#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "mask/ecsctx_rules.hpp"
#include "mask/key_policy.hpp"
#include "mask/load_bytes.hpp"
#include "mask/path_pattern.hpp"
#include "mask/quiet_value.hpp"
#include "pii/mask_policy.hpp"

namespace pii::mask {

/// What becomes of the scalars at a place.
enum class Treatment : std::uint8_t {
  scan,           // the detectors decide
  ecsctx_text,    // its e-mails and phones
  whole,          // personal data of the place's type
  authorization,
  cookie,
  set_cookie,
  action,         // the policy's path rule says so
  untouched,
  ecsctx_key,     // a sensitive key of ecsctx's: the whole value
  ecsctx_header,  // shortened
};

/// Whether the detectors look into strings, of the catalogue or of ecsctx.
constexpr bool looks_into(Treatment treatment) noexcept { return treatment <= Treatment::ecsctx_text; }

struct Place;

/// Which parts of an event ecsctx looks into: the places on the way to them, and inside.
enum class EcsctxScope : std::uint8_t { kOutside, kRoot, kHttp, kRequest, kResponse, kHeaders, kContainer };

/// Both halves of a product, which no choice of one factor steers while the other is not known.
inline std::uint64_t fold_product(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Product = unsigned __int128;
  const Product product = Product{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}
/// A number of this process that who chooses keys does not know, so that they cannot be chosen to have one hash.
std::uint64_t hash_seed() noexcept;

/// The first and the last eight bytes of a key: all of it up to sixteen.
struct KeyWords {
  KeyWords() = default;
  explicit KeyWords(std::string_view key) noexcept : size(key.size()) {
    if (size < 8) {
      first = load_bytes(key.data(), size);
      if (size > 0) std::memset(&first_mask, 0xFF, size);
      return;
    }
    std::memcpy(&first, key.data(), 8);
    std::memcpy(&last, key.data() + size - 8, 8);
    first_mask = ~first_mask;
    // Long keys that differ in the middle only would otherwise share a place.
    if (size <= 16) return;
    middle = hash_seed();
    for (std::size_t i = 8; i + 8 < size; i += 8) {
      std::uint64_t word;
      std::memcpy(&word, key.data() + i, 8);
      middle = fold_product(middle ^ word, 0x9E3779B97F4A7C15U);
    }
  }
  /// Whether `key` is `known`, whose words these are. Cheaper than the words of both where eight bytes may be read from its
  /// begin on.
  bool are_of(std::string_view known, std::string_view key, bool may_read_eight) const noexcept {
    if (size != key.size()) return false;
    if (!may_read_eight) return known == key;
    std::uint64_t head;
    std::memcpy(&head, key.data(), 8);
    if (((head ^ first) & first_mask) != 0) return false;
    if (size <= 8) return true;
    std::uint64_t tail;
    std::memcpy(&tail, key.data() + size - 8, 8);
    return tail == last && (size <= 16 || known == key);
  }
  std::size_t hash(const Place* place) const noexcept {
    const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(place));
    const std::uint64_t seed = hash_seed();
    const std::uint64_t head = fold_product(first ^ seed, (address ^ size) * 0xC2B2AE3D27D4EB4FU | 1);
    return static_cast<std::size_t>(fold_product(head ^ middle ^ 0x9E3779B97F4A7C15U, last ^ seed * 0xD6E8FEB86659FD93U));
  }

  std::uint64_t first = 0, first_mask = 0, last = 0, middle = 0;
  std::size_t size = 0;
};

/// What is known of a place in events: decided once, found again by the key's bytes. What every member and most values ask for comes
/// first, in one line of the cache.
struct alignas(64) Entry {
  KeyWords words;         // of key
  Entry* next = nullptr;  // the member that followed this one the last time; of elements the next one
  Entry* first = nullptr;                 // the member that an object here began with the last time
  Treatment treatment = Treatment::scan;  // what the keys say, and the policy's paths
  bool scan_key = false;                  // the key itself may hold something; false once nothing was found
  bool may_be_named = false;              // a member beside may say what it is (named_value.hpp)
  bool skip_detectors = false;            // exempt: detectors
  bool elements_differ = false;           // the policy's paths tell elements of the array here apart
  bool never_scan = false;
  KeyVerdict::Kind verdict = KeyVerdict::Kind::plain;
  Detector type = Detector::none;         // whole, and what a path's action falls back to
  Entry* element = nullptr;               // of the array here: the one, or the first of those that differ
  std::string_view key;   // as it stands between its quotes; empty for elements and the root
  std::string_view name;  // unescaped; of elements the array's
  const Place* in = nullptr;
  Treatment by_key = Treatment::scan;  // what the keys say
  const MaskAction* action = nullptr;  // Treatment::action
  DetectorSet context;                 // this key's and its two enclosing keys'
  DetectorSet own_context;
  bool version_like = false;
  bool shared = false;         // one of very many members' that are decided alike
  KeyRole role;                // what its key is to those below
  bool unremarkable = false;   // a key of which nothing is known would have been decided alike
  bool by_outputs = false;     // keys of its form may be decided in another way
  bool on_no_path = false;     // no pattern of the policy's paths has its name
  bool ecsctx_member = false;  // of an object: what begins like a token passes
  EcsctxScope ecsctx_scope = EcsctxScope::kOutside;
  ecsctx::KeyHint ecsctx_hint = ecsctx::KeyHint::none;
  PathMatcher::State state = 0;
  PathMatcher::State ecsctx_state = 0;
  Place* place = nullptr;  // below it, made when first needed
  QuietValue quiet;        // of strings here
};

/// A container, as the place of what is in it.
struct Place {
  const Entry* via;              // the entry of the container itself
  std::uint32_t members = 0;     // that have entries of their own
};

}  // namespace pii::mask
