#pragma once

#include <string_view>

#include "json/document.hpp"

namespace pii::json {

/// Takes a text in pieces that may be secret and are gone when write() returns.
class TextSink {
 public:
  virtual void write(std::string_view piece) noexcept = 0;

 protected:
  ~TextSink() = default;
};

/// The canonical form (RFC 8785) of object `root` without its member `omitted`, and without a copy of any
/// string. Errors: malformed_json for a number that is not an integer within +-2^53, whose form would depend
/// on rounding.
Result<void> write_canonical(const Node& root, std::string_view omitted, TextSink& sink);

}  // namespace pii::json
