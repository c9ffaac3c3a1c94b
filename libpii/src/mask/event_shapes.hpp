#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mask/entry.hpp"
#include "mask/json_index.hpp"

namespace pii::mask {

/// A string (what stands between its quotes), number, `true`, `false` or `null` of an event.
struct Scalar {
  Entry* entry;  // its place
  std::uint32_t begin;
  std::uint32_t end;
  bool string;
};

/// Events of one kind differ in their scalars only. What stands between those is remembered, and the next event that has the
/// same is not walked: its scalars are where this says. What was never walked is never said to be JSON: a shape is a path
/// from bracket to bracket that some event took, in a tree of all of them.
class EventShapes {
 public:
  /// `portable`: without the processor's vectors, to compare with.
  enum class Loop : std::uint8_t { portable, fastest };
  explicit EventShapes(Loop loop = Loop::fastest) noexcept;
  /// Which scalars are wanted: all that something is done to, or, of those that the detectors look into, only what may hold something.
  enum class Wanted : std::uint8_t { touched, telling };
  /// The scalars of `text`, in order, until the next call. Nothing when no event of its shape was learned.
  std::optional<std::span<const Scalar>> find(std::string_view text, const JsonIndex& index, Wanted wanted);
  /// Whether it pays to learn the event that was not found.
  bool learns() const noexcept { return learned_ <= kLearnedUnasked + found_ / kFoundPerLearned; }
  /// Remembers the shape of an event that is an object or an array, and which scalars it has. Their entries must live until
  /// clear().
  void learn(std::string_view text, const JsonIndex& index, const std::vector<Scalar>& scalars);
  void clear();

 private:
  // Bounds of memory; beyond them everything is forgotten.
  static constexpr std::size_t kMostNodes = 8192, kMostBytes = std::size_t{256} << 10, kMostOthers = 16;
  // Events that are all of other shapes are not learned one by one.
  static constexpr std::uint64_t kLearnedUnasked = 64, kFoundPerLearned = 8;

  // What comes behind some text: a scalar, and when it is handed on.
  enum class Kind : std::uint8_t { end, string, string_left, string_unless_plain, number, number_left, number_unless_short };
  static bool is_string(Kind kind) noexcept { return kind >= Kind::string && kind <= Kind::string_unless_plain; }
  static bool is_handed_on(Kind number, std::size_t size, bool telling) noexcept;
  static Kind kind_of(const Entry& entry, bool string) noexcept;

  static constexpr std::size_t kHead = 32;
  struct alignas(64) Node {
    char head[kHead] = {};        // what stands before the scalar, quote included, as far as there is room for it
    Entry* entry = nullptr;       // of the scalar; null: the event ends here
    std::uint32_t head_mask = 0;  // which bytes of the head there are
    std::uint32_t text = 0;       // where all of it lies in texts_
    std::uint32_t size = 0;       // of that
    std::uint32_t positions = 0;  // of the index, in that
    std::uint16_t next = 0;       // node; 0: none
    std::uint16_t other = 0;      // node that may follow the same one as this does
    Kind kind = Kind::end;
    bool in_head = false;         // all of the text is
    bool is_usual = false;        // and the scalar is handed on unless it is plain
    bool leads_on = false;        // to the node behind this one, which is `next`
  };
  static_assert(kMostNodes <= UINT16_MAX && sizeof(Node) == 64);

  // Where the search stands: what comes next, where what came before ends, and where the next scalar found goes.
  struct Place {
    const Node* node;
    const std::uint32_t* next;
    std::size_t at;
    Scalar* out;

    void hand_on(Entry* entry, std::uint32_t begin, std::uint32_t end, bool string) noexcept {
      out->entry = entry;
      out->begin = begin;
      out->end = end;
      out->string = string;
      ++out;
    }
  };

  static bool begins_at(const Node& node, const char* theirs) noexcept;
  bool stands_at(const Node& node, std::string_view text, std::size_t at) const noexcept;
  /// Goes on for as long as everything is as it mostly is.
  template <Wanted wanted>
  void find_quickly(Place& place, std::string_view text, const BlockBits& bits) const;
  std::uint16_t known(std::uint16_t first, std::string_view before, const Entry* entry, bool string, std::size_t& others) const noexcept;

  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::vector<Scalar> scalars_;  // room for what any event of the tree has
  std::string texts_;
  std::uint64_t found_ = 0, learned_ = 0;
  bool quick_;  // the processor can run find_quickly()
};

}  // namespace pii::mask
