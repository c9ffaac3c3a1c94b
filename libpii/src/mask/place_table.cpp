#include "mask/place_table.hpp"

#include <cstring>
#include <utility>

#include "mask/ecsctx_rules.hpp"
#include "mask/layer.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

constexpr std::size_t kFirstSlots = 4096;

// A key as it is meant: without escapes.
std::string unescaped(std::string_view key) {
  if (key.find('\\') == std::string_view::npos) return std::string(key);
  Arena arena;
  EscapeFaults faults;
  return std::string(unescape_json({.text = key}, arena, faults).text);
}

}  // namespace

PlaceTable::PlaceTable(const MaskPolicy& policy)
    : policy_(policy), ecsctx_(policy.spec().rules != PolicySpec::Rules::catalogue), paths_(policy.impl().patterns),
      ecsctx_patterns_(ecsctx_patterns(policy.spec().ecsctx_exempt_paths)),
      ecsctx_paths_(ecsctx_patterns_, PathMatcher::Dots::in_names) {
  clear();
}

void PlaceTable::clear() {
  entries_.clear();
  places_.clear();
  keys_.clear();
  slots_.assign(kFirstSlots, nullptr);
  mask_ = kFirstSlots - 1;
  used_ = 0;
  paths_.forget();
  ecsctx_paths_.forget();
  root_ = &new_entry();
  root_->state = PathMatcher::kStart;
  if (ecsctx_) {
    root_->treatment = Treatment::untouched;
    root_->ecsctx_scope = EcsctxScope::kRoot;
  } else {
    apply_paths(*root_);
  }
}

std::size_t PlaceTable::hash(const Place* place, std::string_view key) noexcept {
  std::uint64_t first = 0, last = 0;
  const std::size_t size = key.size();
  if (size >= 8) {
    std::memcpy(&first, key.data(), 8);
    std::memcpy(&last, key.data() + size - 8, 8);
    // Long keys that differ in the middle only would otherwise share a slot.
    for (std::size_t i = 8; i + 8 < size; i += 8) {
      std::uint64_t middle;
      std::memcpy(&middle, key.data() + i, 8);
      first = (first ^ middle) * 0x9E3779B97F4A7C15U;
    }
  } else if (size >= 4) {
    std::memcpy(&first, key.data(), 4);
    std::memcpy(&last, key.data() + size - 4, 4);
  } else {
    for (const char c : key) first = first << 8 | static_cast<unsigned char>(c);
  }
  const auto address = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(place));
  std::uint64_t mixed = (first ^ (address * 0xC2B2AE3D27D4EB4FU) ^ size) * 0x9E3779B97F4A7C15U;
  mixed = (mixed ^ (mixed >> 32) ^ last) * 0xD6E8FEB86659FD93U;
  return static_cast<std::size_t>(mixed ^ (mixed >> 29));
}

Entry& PlaceTable::new_entry() { return entries_.emplace_back(); }

void PlaceTable::make_place(Entry& entry) { entry.place = &places_.emplace_back(Place{&entry}); }

Entry& PlaceTable::find_or_make(const Place& place, std::string_view key, std::size_t slot) {
  for (;; slot = (slot + 1) & mask_) {
    Entry* entry = slots_[slot];
    if (entry == nullptr) break;
    if (entry->in == &place && entry->key == key) return *entry;
  }
  Entry& entry = new_entry();
  entry.in = &place;
  entry.key = keys_.emplace_back(key);
  std::string name = unescaped(key);
  entry.name = name == key ? entry.key : keys_.emplace_back(std::move(name));
  decide(entry, *place.via, entry.name);
  slots_[slot] = &entry;
  if (++used_ * 2 > slots_.size()) {
    std::vector<Entry*> old(slots_.size() * 2, nullptr);
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (Entry* moved : old) {
      if (moved == nullptr) continue;
      std::size_t place_of = hash(moved->in, moved->key) & mask_;
      while (slots_[place_of] != nullptr) place_of = (place_of + 1) & mask_;
      slots_[place_of] = moved;
    }
  }
  return entry;
}

Entry& PlaceTable::make_element(Entry& array, std::uint32_t index) {
  Entry& entry = new_entry();
  if (ecsctx_) {
    decide_ecsctx_element(entry, array);
    array.element = &entry;
    return entry;
  }
  const bool inherits = policy_.spec().inherit != PolicySpec::Inherit::none;
  if (inherits || array.by_key != Treatment::whole) {
    entry.by_key = entry.treatment = array.by_key;
    entry.type = array.type;
    entry.verdict = array.verdict;
  }
  entry.name = array.name;
  entry.part = array.part;
  entry.safe = array.safe;
  entry.context = array.context;
  entry.own_context = array.own_context;
  entry.version_like = array.version_like;
  entry.in = array.in;
  entry.state = paths_.step_index(array.state, index);
  apply_paths(entry);
  if (!paths_.depends_on_index(array.state)) array.element = &entry;
  return entry;
}

void PlaceTable::decide(Entry& entry, const Entry& above, std::string_view name) {
  if (ecsctx_) return decide_ecsctx(entry, above, name);
  using Kind = KeyVerdict::Kind;
  const KeyVerdict verdict = policy_.impl().judge(name, above.name);
  entry.verdict = verdict.kind;
  entry.type = verdict.type;
  entry.own_context = verdict.context;
  entry.context = verdict.context | above.own_context;
  if (above.in != nullptr) entry.context = entry.context | above.in->via->own_context;
  entry.version_like = verdict.version_like;
  entry.part = verdict.part;
  entry.safe = verdict.kind == Kind::safe;
  entry.scan_key = !entry.key.empty();
  switch (verdict.kind) {
    case Kind::sensitive: case Kind::secret: case Kind::drop: entry.by_key = Treatment::whole; break;
    case Kind::authorization: entry.by_key = Treatment::authorization; break;
    case Kind::cookie: entry.by_key = Treatment::cookie; break;
    case Kind::set_cookie: entry.by_key = Treatment::set_cookie; break;
    case Kind::safe: break;
    case Kind::plain: {
      const bool covered = above.by_key == Treatment::whole;
      const bool reaches = policy_.spec().inherit == PolicySpec::Inherit::objects || verdict.part;
      if (covered && reaches && policy_.spec().inherit != PolicySpec::Inherit::none) {
        entry.by_key = Treatment::whole;
        entry.type = above.type;
        entry.verdict = above.verdict;
      }
    }
  }
  entry.treatment = entry.by_key;
  entry.state = paths_.step_name(above.state, name);
  apply_paths(entry);
}

// The policy's path patterns; the last rule that matches wins.
void PlaceTable::apply_paths(Entry& entry) {
  const MaskPolicy::Impl& impl = policy_.impl();
  bool included = impl.includes_all;
  const PathRule* rule = nullptr;
  for (const std::uint16_t match : paths_.matches(entry.state)) {
    if (match < impl.never_scan_begin) {
      included = true;
    } else if (match < impl.paths_begin) {
      entry.never_scan = true;
    } else {
      rule = &policy_.spec().paths[match - impl.paths_begin];
    }
  }
  if (!included) {
    entry.treatment = Treatment::untouched;
    return;
  }
  if (rule == nullptr) return;
  if (rule->action) {
    entry.treatment = Treatment::action;
    entry.action = &*rule->action;
    return;
  }
  switch (rule->exempt) {
    case PathRule::Exempt::none: break;
    case PathRule::Exempt::keys: entry.treatment = Treatment::scan; break;
    case PathRule::Exempt::detectors: entry.skip_detectors = true; break;
    case PathRule::Exempt::all: entry.treatment = Treatment::untouched; break;
  }
}

}  // namespace pii::mask
