#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "stream/json_path.hpp"
#include "stream/row_format.hpp"

namespace piictl::stream {

/// Reads one JSON text (RFC 8259, strictly, UTF-8, at most 512 levels deep) without building it and finds
/// what the paths select.
class JsonScanner {
 public:
  static constexpr std::size_t kMaxDepth = 512;

  JsonScanner(const JsonPathTree& paths, Block& block) noexcept : paths_(paths), block_(block) {}

  /// Adds splices and values of the text to the block; when it fails, perhaps only some of them.
  Fault scan(std::string_view text);
  /// The target that the last fault is about.
  std::uint32_t fault_target() const noexcept { return fault_target_; }

 private:
  struct Level {
    const JsonPathTree* node;
    std::uint64_t index;
    bool is_object;
  };
  struct String {
    std::string_view inner;
    bool escaped = false;
  };

  Fault read_value();
  Fault open(bool is_object);
  /// Behind a value or an opening bracket: closes what ends here, then stands before the next value or at the
  /// end.
  Fault go_on();
  Fault read_member();
  Fault read_string(String& string);
  Fault read_escape();
  Fault read_number();
  Fault read_literal(std::string_view literal);

  void take_value(std::string_view original, std::string_view value);
  Fault refuse_value(std::string_view what);
  Fault invalid() const noexcept;
  void skip_space() noexcept {
    while (p_ != end_ && (*p_ == ' ' || *p_ == '\t' || *p_ == '\r' || *p_ == '\n')) ++p_;
  }
  char peek() const noexcept { return p_ != end_ ? *p_ : '\0'; }
  bool selected() const noexcept { return node_ != nullptr && node_->target() != JsonPathTree::kNoTarget; }

  const JsonPathTree& paths_;
  Block& block_;
  const char* begin_ = nullptr;
  const char* p_ = nullptr;
  const char* end_ = nullptr;
  const JsonPathTree* node_ = nullptr;  // of the value that is read
  std::size_t depth_ = 0;
  bool opened_ = false;  // the last thing read was an opening bracket
  bool value_pending_ = true;
  std::uint32_t fault_target_ = RowFault::kNoTarget;
  std::array<Level, kMaxDepth> levels_;
};

}  // namespace piictl::stream
