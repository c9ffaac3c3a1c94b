#pragma once

#include <cstring>
#include <initializer_list>
#include <string_view>

#include "pii/secret.hpp"
#include "pii/secret_json.hpp"

namespace pii::providers::vault {

inline std::string_view text_of(const SecretBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.expose().data()), bytes.size()};
}

/// A piece of a request body: JSON as it is, or text that becomes a JSON string.
struct BodyPart {
  std::string_view text;
  bool is_string = false;
};
inline BodyPart json_string(std::string_view text) { return {text, true}; }

/// The parts one after another, in guarded memory and nowhere else.
inline SecretBytes make_body(std::initializer_list<BodyPart> parts) {
  std::size_t size = 0;
  for (const BodyPart& part : parts) size += part.is_string ? json_string_size(part.text) : part.text.size();
  SecretBytes body(size);
  std::byte* out = body.expose_mutable().data();
  for (const BodyPart& part : parts) {
    if (part.is_string) {
      out += write_json_string(part.text, out);
    } else {
      std::memcpy(out, part.text.data(), part.text.size());
      out += part.text.size();
    }
  }
  return body;
}

}  // namespace pii::providers::vault
