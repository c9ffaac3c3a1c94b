#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "mask/arena.hpp"
#include "mask/entry.hpp"
#include "mask/key_form.hpp"
#include "mask/path_pattern.hpp"
#include "mask/policy_impl.hpp"

namespace pii::mask {

std::vector<PathPattern> ecsctx_patterns(const std::vector<std::string>& exempt_paths);

/// Finds the entry of a key, and remembers what it has decided.
class PlaceTable {
 public:
  explicit PlaceTable(const MaskPolicy& policy);

  /// The place of an event as a whole.
  Entry& root() noexcept { return *root_; }
  /// The entry of member `key` (raw, as it stands in the text) of the object at `object`.
  Entry& member(Entry& object, std::string_view key) { return find_or_make(object, key); }
  /// The member that followed `previous` the last time, null for the first, if it is `key`; else null. Events of one kind have
  /// their members in one order, so that it nearly always is.
  static Entry* likely_member(const Entry& object, const Entry* previous, std::string_view key, bool may_read_eight) noexcept {
    Entry* likely = previous != nullptr ? previous->next : object.first;
    return likely != nullptr && likely->words.are_of(likely->key, key, may_read_eight) ? likely : nullptr;
  }
  /// The entry of a member that is another one, the likely one the next time. Where `may_share`, an object of very many members, which
  /// is a map and no record, has one entry for all further ones that are decided alike: its key is one of theirs.
  Entry& next_member(Entry& object, Entry* previous, std::string_view key, bool may_share) {
    Entry& entry = may_share && is_map(object) ? member_of_map(object, key) : find_or_make(object, key);
    if (!entry.shared) (previous != nullptr ? previous->next : object.first) = &entry;
    return entry;
  }
  /// The entry of a member called `name` (raw), for a value that another member names so; null where the name does not decide, or a path
  /// of the policy that is for such a member would take more away than it gives.
  Entry* named_member(Entry& object, std::string_view name, bool may_share);
  /// The entry of the element `index` of the array at `array`.
  Entry& element(Entry& array, std::uint32_t index) {
    if (array.element != nullptr && !array.elements_differ) [[likely]] return *array.element;
    return find_or_make_element(array, index);
  }
  /// Whether it has grown so much that clear() is due. The caller then finds the entries anew that it holds.
  bool full() const noexcept { return made_ > kMaxEntries || key_bytes_ > most_key_bytes_; }
  /// Until the next event the keys that are in it, of what stands open, do not count.
  void keep_what_stands() noexcept { most_key_bytes_ = key_bytes_ + kMaxKeyBytes; }
  void begin_event() noexcept { most_key_bytes_ = kMaxKeyBytes; }
  /// Forgets everything.
  void clear();
  /// Entries live as long as it is the same. Never 0, and no other table's of the process, whether it lives or not.
  std::uint64_t version() const noexcept { return version_; }
  /// Gives back what a long key needed.
  void give_back() noexcept { room_.give_back(); }

 private:
  static constexpr std::size_t kMaxEntries = 16384, kMaxKeyBytes = std::size_t{1} << 20;
  static constexpr std::uint32_t kMaxMembers = 1024;  // of one object, before others share an entry

  void make_place(Entry& entry);
  struct Slot {
    std::size_t hash = 0;
    Entry* entry = nullptr;
  };
  static bool is_map(const Entry& object) noexcept { return object.place != nullptr && object.place->members >= kMaxMembers; }
  Entry& find_or_make(Entry& object, std::string_view key);
  Slot& slot_of(const Entry& object, std::string_view key, const KeyWords& words) noexcept;
  struct KnownForm;
  KnownForm& known_form(const Entry& object, const KeyForm& form);
  Entry& member_of_map(Entry& object, std::string_view key);
  Entry& shared_by_decision(Entry& object, std::string_view key, std::string_view name);
  std::string_view unescaped(std::string_view key);
  static void grow(std::vector<Slot>& slots, std::size_t least);
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
  std::vector<Slot> slots_;
  struct alignas(64) KnownForm {
    KeyForm form;
    const Place* in = nullptr;
    Entry* entry = nullptr;
  };
  std::vector<KnownForm> forms_;                         // of shared members, each where its hash says; empty until there is a map
  const std::size_t longest_number_;                     // of phrases and paths
  std::vector<Slot> shared_;                             // by what they are decided
  std::size_t shared_count_ = 0;
  Entry decided_;                                        // on its way there
  Arena room_;  // for a key without its escapes
  std::size_t used_ = 0;
  std::size_t made_ = 0;  // entries
  std::size_t key_bytes_ = 0;
  std::size_t most_key_bytes_ = kMaxKeyBytes;
  std::uint64_t version_ = 0;
  Entry* root_ = nullptr;
};

}  // namespace pii::mask
