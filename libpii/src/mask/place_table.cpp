#include "mask/place_table.hpp"

#include <sys/random.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <tuple>
#include <utility>

#include "base/once.hpp"
#include "mask/headers.hpp"
#include "mask/layer.hpp"
#include "mask/named_value.hpp"
#include "mask/text.hpp"

namespace pii::mask {

std::uint64_t hash_seed() noexcept {
  static constinit base::Once<const std::uint64_t*> seed;
  return *seed.get([] {
    static std::uint64_t number = 0;
    // Without randomness yet, the place of the stack has to do.
    if (::getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) number ^= reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) * 0x9E3779B97F4A7C15U;
    return &number;
  });
}
namespace {

constexpr std::size_t kFirstSlots = 4096;
constexpr std::size_t kFirstShared = 64;
constexpr std::size_t kForms = 256;

// One row for all tables: what another masker has decided, or one that is gone, is known as not of this one.
std::uint64_t next_version() noexcept {
  static constinit std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

// Whether nothing tells two members apart but their keys.
bool are_alike(const Entry& a, const Entry& b) noexcept {
  const auto all = [](const Entry& of) {
    return std::tuple(of.in, of.treatment, of.by_key, of.verdict, of.type, of.action, of.version_like, of.unremarkable, of.never_scan,
                      of.skip_detectors, of.may_be_named, of.ecsctx_member, of.ecsctx_scope, of.ecsctx_hint, of.state, of.ecsctx_state, of.role.bits());
  };
  return all(a) == all(b) && a.context == b.context && a.own_context == b.own_context;
}
// Of some of that.
std::size_t hash_of(const Entry& entry) noexcept {
  std::uint64_t mixed = reinterpret_cast<std::uintptr_t>(entry.in) ^ std::bit_cast<std::uint64_t>(entry.own_context) * 0x9E3779B97F4A7C15U;
  mixed ^= static_cast<std::uint64_t>(entry.treatment) << 56 | static_cast<std::uint64_t>(entry.type) << 48 | std::uint64_t{entry.role.bits()} << 40 |
           std::uint64_t{entry.state ^ entry.ecsctx_state};
  mixed *= 0xD6E8FEB86659FD93U;
  return static_cast<std::size_t>(mixed ^ mixed >> 32);
}

}  // namespace

PlaceTable::PlaceTable(const MaskPolicy& policy)
    : policy_(policy), ecsctx_(policy.spec().rules != PolicySpec::Rules::catalogue), paths_(policy.impl().patterns),
      ecsctx_patterns_(ecsctx_patterns(policy.spec().ecsctx_exempt_paths)),
      ecsctx_paths_(ecsctx_patterns_, PathMatcher::Dots::in_names),
      longest_number_(std::max({policy.impl().keys.longest_number(), paths_.longest_number(), ecsctx_paths_.longest_number()})) {
  clear();
}

void PlaceTable::clear() {
  made_ = kMaxEntries + 1;  // full until all of this is done: an allocation may throw
  version_ = next_version();
  root_ = nullptr;
  entries_.clear();
  places_.clear();
  keys_.clear();
  slots_.assign(kFirstSlots, {});
  shared_.clear();
  shared_count_ = 0;
  forms_.clear();
  used_ = 0;
  key_bytes_ = 0;
  room_.give_back();
  most_key_bytes_ = kMaxKeyBytes;
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
  made_ = 1;
}

Entry& PlaceTable::new_entry() {
  ++made_;
  return entries_.emplace_back();
}

void PlaceTable::make_place(Entry& entry) { entry.place = &places_.emplace_back(Place{&entry}); }

// The member's, or a free one, which has the hash then.
PlaceTable::Slot& PlaceTable::slot_of(const Entry& object, std::string_view key, const KeyWords& words) noexcept {
  const std::size_t hash = words.hash(object.place);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].entry != nullptr; at = (at + 1) & mask) {
    const Entry& known = *slots_[at].entry;
    if (slots_[at].hash == hash && known.in == object.place && known.key == key) return slots_[at];
  }
  slots_[at].hash = hash;
  return slots_[at];
}

Entry& PlaceTable::find_or_make(Entry& object, std::string_view key) {
  if (object.place == nullptr) make_place(object);
  if ((used_ + 1) * 2 > slots_.size()) grow(slots_, kFirstSlots);
  const KeyWords words(key);
  Slot& slot = slot_of(object, key, words);
  if (slot.entry != nullptr) return *slot.entry;
  ++object.place->members;
  Entry& entry = new_entry();
  entry.in = object.place;
  entry.key = keys_.emplace_back(key);
  key_bytes_ += key.size();
  entry.words = words;
  const std::string_view name = unescaped(key);
  entry.name = name.data() == key.data() ? entry.key : keys_.emplace_back(name);
  decide(entry, object, entry.name);
  slot.entry = &entry;  // last: an allocation that throws must not leave one that is not decided
  ++used_;
  return entry;
}

PlaceTable::KnownForm& PlaceTable::known_form(const Entry& object, const KeyForm& form) {
  if (forms_.empty()) forms_.resize(kForms);
  return forms_[form.hash(object.place) % kForms];
}

// Where its form is known none of its own is looked for: it would say the same.
Entry& PlaceTable::member_of_map(Entry& object, std::string_view key) {
  KeyForm form(key, longest_number_);
  KnownForm* known = &known_form(object, form);
  const auto is_known = [&] { return known->in == object.place && known->form == form; };
  // What is known has no escapes, and nothing that would be read as one.
  const std::string_view name = is_known() ? key : unescaped(key);
  if (name.data() != key.data()) {
    form = KeyForm(name, longest_number_);
    known = &known_form(object, form);
  }
  if (is_known()) {
    known->entry->scan_key = !ecsctx_;
    return *known->entry;
  }
  if (Entry* const own = slot_of(object, key, KeyWords(key)).entry) return *own;
  Entry& entry = shared_by_decision(object, key, name);
  const bool backslash = name.data() != key.data() && name.find('\\') != std::string_view::npos;
  if (form.known() && !backslash && !decided_.by_outputs) *known = {form, object.place, &entry};
  return entry;
}

// One for all that nothing tells apart but their keys, and so no member of theirs either.
Entry& PlaceTable::shared_by_decision(Entry& object, std::string_view key, std::string_view name) {
  static constinit const Entry blank;
  decided_ = blank;
  decided_.in = object.place;
  decided_.key = key;
  decided_.shared = true;
  decide(decided_, object, name);
  if ((shared_count_ + 1) * 2 > shared_.size()) grow(shared_, kFirstShared);
  const std::size_t hash = hash_of(decided_);
  std::size_t at = hash & (shared_.size() - 1);
  for (; shared_[at].entry != nullptr; at = (at + 1) & (shared_.size() - 1)) {
    Entry& known = *shared_[at].entry;
    if (shared_[at].hash != hash || !are_alike(known, decided_)) continue;
    known.scan_key = decided_.scan_key;
    return known;
  }
  Entry& entry = new_entry();
  entry = decided_;
  entry.key = keys_.emplace_back(key);
  entry.name = name.data() == key.data() ? entry.key : keys_.emplace_back(name);
  key_bytes_ += key.size();
  shared_[at] = {hash, &entry};
  ++shared_count_;
  return entry;
}

// A key as it is meant, until the next one.
std::string_view PlaceTable::unescaped(std::string_view key) {
  if (key.find('\\') == std::string_view::npos) return key;
  room_.reset();
  EscapeFaults faults;
  return unescape_json({.text = key}, room_, faults).text;
}

void PlaceTable::grow(std::vector<Slot>& slots, std::size_t least) {
  std::vector<Slot> larger(std::max(least, slots.size() * 2));
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots) {
    if (slot.entry == nullptr) continue;
    std::size_t at = slot.hash & mask;
    while (larger[at].entry != nullptr) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots.swap(larger);
}

Entry& PlaceTable::find_or_make_element(Entry& array, std::uint32_t index) {
  const PathMatcher::State state = paths_.step_index(array.state, index);
  // One for each way in which the paths go on, however many elements there are.
  for (Entry* known = array.element; known != nullptr; known = known->next) {
    if (known->state == state) return *known;
  }
  Entry& entry = new_entry();
  entry.in = array.in;
  entry.state = state;
  if (ecsctx_) {
    decide_ecsctx_element(entry, array);
  } else {
    decide_element(entry, array);
  }
  entry.next = array.element;
  array.element = &entry;  // last, as above
  array.elements_differ = !ecsctx_ && paths_.depends_on_index(array.state);
  return entry;
}

void PlaceTable::decide_element(Entry& entry, const Entry& array) {
  const bool inherits = policy_.spec().inherit != PolicySpec::Inherit::none;
  if (inherits || array.by_key != Treatment::whole) {
    entry.by_key = entry.treatment = array.by_key;
    entry.type = array.type;
    entry.verdict = array.verdict;
  }
  entry.name = array.name;
  entry.role = array.role;
  entry.context = array.context;
  entry.own_context = array.own_context;
  entry.version_like = array.version_like;
  apply_paths(entry);
}

void PlaceTable::decide(Entry& entry, const Entry& above, std::string_view name) {
  if (ecsctx_) return decide_ecsctx(entry, above, name);
  using Kind = KeyVerdict::Kind;
  const KeySaid said = policy_.impl().say(name, above.role);
  const KeyVerdict& verdict = said.verdict;
  entry.role = said.role;
  entry.by_outputs = said.by_outputs;
  entry.verdict = verdict.kind;
  entry.type = verdict.type;
  entry.own_context = verdict.context;
  entry.context = verdict.context | above.own_context;
  if (above.in != nullptr) entry.context = entry.context | above.in->via->own_context;
  entry.version_like = verdict.version_like;
  entry.scan_key = !entry.key.empty();
  switch (verdict.kind) {
    case Kind::sensitive: case Kind::secret: case Kind::drop: entry.by_key = Treatment::whole; break;
    case Kind::authorization: entry.by_key = Treatment::authorization; break;
    case Kind::cookie: entry.by_key = Treatment::cookie; break;
    case Kind::set_cookie: entry.by_key = Treatment::set_cookie; break;
    case Kind::safe: break;
    case Kind::plain: {
      const bool covered = above.by_key == Treatment::whole || above.by_key == Treatment::authorization;
      const bool reaches = policy_.spec().inherit == PolicySpec::Inherit::objects || verdict.part;
      if (covered && reaches && policy_.spec().inherit != PolicySpec::Inherit::none) {
        entry.by_key = above.by_key;
        entry.type = above.type;
        entry.verdict = above.verdict;
      }
    }
  }
  // `cookies{sid}`, `cookies[]{name, value}`
  const bool jar = above.by_key == Treatment::cookie || above.by_key == Treatment::set_cookie;
  if (jar && (verdict.kind == Kind::plain || verdict.kind == Kind::safe) && !is_cookie_member(name, above.key.empty())) {
    entry.by_key = Treatment::whole;
    entry.type = Detector::cookie;
    entry.verdict = Kind::secret;
  }
  entry.treatment = entry.by_key;
  entry.state = paths_.step_name(above.state, name);
  entry.on_no_path = entry.state == paths_.step_other(above.state);
  entry.unremarkable = verdict.kind == Kind::plain && verdict.context.empty() && !verdict.version_like && !verdict.part && entry.on_no_path;
  entry.may_be_named = entry.by_key == Treatment::scan && verdict.kind == Kind::plain && verdict.context.empty() && entry.on_no_path && is_called_value(name);
  apply_paths(entry);
}

Entry* PlaceTable::named_member(Entry& object, std::string_view name, bool may_share) {
  if (!policy_.impl().can_name(unescaped(name))) return nullptr;
  Entry& named = may_share && is_map(object) ? member_of_map(object, name) : find_or_make(object, name);
  return named.by_key != Treatment::scan && (named.on_no_path || named.treatment == Treatment::action) ? &named : nullptr;
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
