#include <cstring>

#include "pii/c_keys.hpp"

namespace {
thread_local std::string last_error;
}

namespace pii {

int c_failure(const Error& error) noexcept {
  try {
    last_error = error.message();
  } catch (...) {
    last_error.clear();
  }
  return static_cast<int>(error.code());
}

}  // namespace pii

extern "C" {

PII_EXPORT int pii_tokenize(const pii_keys* keys, const char* field_type, const char* value, size_t size, char token[PII_TOKEN_ROOM]) {
  static_assert(PII_TOKEN_ROOM > pii::kMaxTokenSize);
  if (token != nullptr) token[0] = '\0';
  return pii::c_call([&]() -> pii::Result<void> {
    if (keys == nullptr || field_type == nullptr || token == nullptr || (value == nullptr && size != 0)) {
      return pii::Error(pii::ErrorCode::usage, "pii_tokenize: keys, field type, value and room for the token are needed");
    }
    const auto type = pii::FieldType::make(field_type);
    if (!type) return type.error();
    const auto made = keys->tokenizer.tokenize(*type, {value, size});
    if (!made) return made.error();
    std::memcpy(token, made->view().data(), made->view().size());
    token[made->view().size()] = '\0';
    return {};
  });
}

PII_EXPORT const char* pii_last_error(void) { return last_error.c_str(); }

PII_EXPORT void pii_keys_close(pii_keys* keys) { delete keys; }

}  // extern "C"
