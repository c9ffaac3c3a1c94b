#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "encode/encoder.hpp"

namespace pii::log {

class LineMasker;

/// A line that was written from its shape; empty: it has to be encoded.
struct ShapedLine {
  std::string_view text = {};
  bool masked = false;  // masking would change nothing; else it has to be masked
};

/// The lines of one call differ in their values only. What stands around those is learned by asking the encoder and the masker with
/// made-up values. From then on a line is written without the encoder, and as long as its values are such as the masker leaves alone,
/// without the masker, too (docs/decisions/0005). Of one thread, one encoder and one masker.
class LineShapes {
 public:
  /// The line of `event` as encoding would make it. Lives until the next call.
  ShapedLine line(const Event& event, bool flat, const Encoder& encoder, LineMasker& masker, EncodingNotes& notes);

 private:
  struct Slot {
    std::uint32_t begin;  // in the model
    std::uint32_t end;
    std::uint32_t field;  // kTime: the event's time
  };
  static constexpr std::uint32_t kTime = ~std::uint32_t{0};
  struct KnownField {
    std::string key;
    ValueRef::Kind kind;
  };
  struct Shape {
    // Which call it is.
    const char* file = nullptr;
    std::uint_least32_t line = 0;
    Level level = Level::info;
    bool flat = false;
    std::string logger = {};
    std::string name = {};
    std::vector<KnownField> fields = {};
    // What was learned when it came the second time.
    enum class State : std::uint8_t { seen, usable, hopeless } state = State::seen;
    bool leaves_alone = false;  // whatever the masker does to such a line, it does to its values
    std::string model = {};  // a line with made-up values
    std::vector<Slot> slots = {};
    EncodingNotes notes = {};

    bool is_of(const Event& event, bool of_flat) const noexcept;
    void become(const Event& event, bool of_flat);
  };

  bool learn(const Event& event, Shape& shape, const Encoder& encoder, LineMasker& masker);
  ShapedLine write(const Event& event, const Shape& shape, LineMasker& masker);

  static constexpr std::size_t kShapes = 64;
  std::array<std::unique_ptr<Shape>, kShapes> shapes_;
  std::unique_ptr<char[]> out_;
  std::size_t room_ = 0;
};

}  // namespace pii::log
