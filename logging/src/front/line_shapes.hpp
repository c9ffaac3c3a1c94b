#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "front/event_values.hpp"
#include "front/known_text.hpp"
#include "front/line_model.hpp"

namespace pii::log {

/// A line that was written from its shape; empty: it has to be encoded.
struct ShapedLine {
  std::string_view text = {};
  bool masked = false;  // as masking the whole line would have made it; else it has to be masked
};

/// The lines of one call differ in their values only. What stands around those is learned by asking the encoder and the masker with
/// made-up values. From then on a line is written without the encoder, and the masker is shown no more of it than the values that it
/// does not leave alone (docs/decisions/0005). Of one thread, one encoder and one masker.
class LineShapes {
 public:
  /// The line of `event` as encoding would make it. Lives until the next call.
  ShapedLine line(const Event& event, bool flat, const Encoder& encoder, LineMasker& masker, EncodingNotes& notes);

 private:
  struct KnownField {
    KnownText key;
    ValueRef::Kind kind;
  };
  struct Shape {
    // Which call it is. Its texts are kept: the library that it stands in may be unloaded, and another one lie in its place.
    Level level = Level::info;
    bool flat = false;
    std::uint8_t span = 0;
    KnownText name = {};
    KnownText logger = {};
    std::vector<KnownField> fields = {};
    KnownText bound_form = {};
    KnownText context_form = {};
    // Where it stands, if lines show that.
    std::uint_least32_t line = 0;
    std::string file = {};
    std::string function = {};
    // What was learned when it came the second time.
    enum class State : std::uint8_t { unused, seen, usable, hopeless } state = State::unused;
    LineModel model = {};
    std::size_t room = 0;  // that a line of short values takes at most
    std::uint32_t patience = 0;  // how many calls of others it takes, with none of this one between, to push it out

    bool is_of(const Event& event, const EventValues& more, bool of_flat, bool by_origin) const noexcept;
    void become(const Event& event, const EventValues& more, bool of_flat, bool by_origin);
  };
  static constexpr std::size_t kShapes = 64, kWays = 2, kHints = 64;
  static constexpr std::uint32_t kPatience = 64;

  enum class Filled : std::uint8_t { yes, not_masked, not_at_all };

  Shape* find(const Event& event, bool flat, bool by_origin);
  template <bool masked>
  Filled fill(const Event& event, Shape& shape, LineMasker& masker);
  char* with_room(char* at, std::size_t more);

  std::array<std::unique_ptr<Shape>, kShapes> shapes_;
  std::array<Shape*, kHints> hints_ = {};  // by where the event's name lies: which shape its call had the last time
  EventValues values_;
  LoneValues alone_;
  std::unique_ptr<char[]> out_;
  std::size_t room_ = 0;
  std::size_t size_ = 0;  // of what is in it
};

}  // namespace pii::log
