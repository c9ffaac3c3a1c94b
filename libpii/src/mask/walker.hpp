#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mask/event_shapes.hpp"
#include "mask/json_index.hpp"
#include "mask/place_table.hpp"
#include "mask/work.hpp"

namespace pii::mask {

/// The first round over a JSON text: walks its structure and hands each scalar to what its place decides (values.hpp).
class Walker {
 public:
  Walker(Work& work, PlaceTable& places);

  /// Walks an event. False when it is no JSON text (RFC 8259); the work then holds what it held before.
  bool walk(const Layer& event);
  /// Gives back what a long event needed.
  void give_back() noexcept {
    for (JsonIndex& index : indexes_) index.give_back();
    std::vector<Scalar>().swap(scalars_);
    std::vector<Frame>().swap(frames_);
    std::string().swap(path_);
    places_.give_back();
  }

 private:
  struct Frame {
    Entry* entry;
    Entry* previous;          // of an object, the member before
    std::uint32_t index;      // of the next element
    std::uint32_t object_id;  // 0: an array
  };
  /// One text on its way: the event or a JSON text in a string of it.
  class Run;

  bool walk_by_shape(const Layer& event);
  bool walk(const Layer& text, Entry& entry, std::uint32_t embedded);
  /// The string at [begin, end) of `text`, without its quotes.
  void visit_string(const Layer& text, std::uint32_t begin, std::uint32_t end, Entry& entry, std::uint32_t embedded);
  detect::LeafClass class_of(const Layer& text, std::uint32_t begin, std::uint32_t end, std::uint32_t embedded) const noexcept;
  void visit_text(const Layer& raw, detect::LeafClass bytes, Entry& entry, std::uint32_t embedded);
  void visit_key(const Layer& text, std::uint32_t begin, std::uint32_t end, Entry& entry, std::uint32_t embedded);
  /// What decides a member, whose key begins at `key` in the index: its entry or, if others beside it say what it is, theirs. The entry
  /// may be found anew.
  Entry& by_names_beside(const Layer& text, std::uint32_t embedded, const std::uint32_t* key, Entry*& entry);
  /// Who listens is told each place by its own key, and patterns may ask for it.
  bool may_share() const noexcept { return work_.listener == nullptr && work_.policy.spec().custom.empty(); }
  bool walk_embedded(const Layer& raw, Entry& entry, std::uint32_t embedded);
  /// Keeps the path of a place for the listener, if there is one.
  void keep_path(const Entry& entry) {
    if (work_.listener != nullptr) [[unlikely]] work_.path = path_of(entry);
  }
  std::string_view path_of(const Entry& entry);
  void find_entries_anew(const Layer& event);
  void forget();

  Work& work_;
  PlaceTable& places_;
  std::vector<JsonIndex> indexes_;  // one a depth of embedding
  const Reader reader_;
  EventShapes shapes_;
  std::vector<Scalar> scalars_;  // of the event, if its shape is to be learned
  bool learning_ = false;
  bool names_in_line_ = false;   // of the event before, of a known shape
  std::vector<Frame> frames_;
  std::uint32_t objects_ = 0;
  std::string path_;
};

}  // namespace pii::mask
