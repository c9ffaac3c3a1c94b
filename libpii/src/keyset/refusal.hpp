#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "json/document.hpp"
#include "pii/error.hpp"

namespace pii::keyset {

/// Why a keyset is refused: "<place>, byte N: <reason>". The place is a member or a key id that is well
/// formed.
inline Error refuse(std::string_view place, std::size_t offset, std::string_view reason,
                    ErrorCode code = ErrorCode::invalid_keyset) {
  std::string message(place);
  message.append(", byte ").append(std::to_string(offset)).append(": ").append(reason);
  return Error(code, std::move(message));
}

inline Error refuse(std::string_view place, const json::Node& node, std::string_view reason,
                    ErrorCode code = ErrorCode::invalid_keyset) {
  return refuse(place, node.begin(), reason, code);
}

}  // namespace pii::keyset
