// One misuse a case: see CMakeLists.txt. Without a case this file compiles.
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include "pii/keyset.hpp"
#include "pii/names.hpp"
#include "pii/normalize.hpp"
#include "pii/pii.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"
#include "pii/token.hpp"

namespace {

pii::Result<int> may_fail() { return 1; }
pii::Result<void> may_fail_void() { return {}; }

// A logger as a service might have: anything that streams can be logged.
template <class... Fields>
void log_line(const Fields&... fields) {
  std::ostringstream line;
  (line << ... << fields);
}

// How a formatting library decides whether it may print a type.
template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
std::string format_value(const T& value) {
  static_assert(Streamable<T>);
  std::ostringstream out;
  out << value;
  return out.str();
}

void uses(const pii::SecretBytes& secret, const pii::SecretString& text, const pii::Keyset& keyset,
          const pii::Pii& tokenize_only) {
  const pii::NormalizedValue normalized;
  static_cast<void>(may_fail());
  static_cast<void>(may_fail_void());
  log_line(secret.size(), text.size(), keyset.keys().size(), normalized.view(), format_value(1));
  static_cast<void>(tokenize_only.tokenizer());

#ifdef MISUSE_copy_secret_bytes
  const pii::SecretBytes copy = secret;
#elif defined(MISUSE_assign_secret_bytes)
  pii::SecretBytes other;
  other = secret;
#elif defined(MISUSE_copy_secret_string)
  const pii::SecretString copy = text;
#elif defined(MISUSE_print_secret_bytes)
  std::cout << secret;
#elif defined(MISUSE_print_secret_string)
  std::cerr << text;
#elif defined(MISUSE_log_secret)
  log_line("key", secret);
#elif defined(MISUSE_secret_to_string)
  const std::string copy(text);
#elif defined(MISUSE_secret_to_string_view)
  const std::string_view view = text;
#elif defined(MISUSE_concatenate_secret)
  const std::string message = std::string("revealed ") + text;
#elif defined(MISUSE_format_secret)
  format_value(secret);
#elif defined(MISUSE_copy_keyset)
  const pii::Keyset copy = keyset;
#elif defined(MISUSE_ignore_result)
  may_fail();
#elif defined(MISUSE_ignore_result_void)
  may_fail_void();
#elif defined(MISUSE_reveal_without_access)
  static_cast<void>(tokenize_only.reveal("email", "penc:v1:k:"));
#elif defined(MISUSE_protector_without_access)
  static_cast<void>(tokenize_only.protector());
#elif defined(MISUSE_copy_normalized_value)
  const pii::NormalizedValue copy = normalized;
#elif defined(MISUSE_forge_normalized_value)
  pii::NormalizedValue forged;
  forged.view_ = "not normalized";
#elif defined(MISUSE_forge_field_type)
  const pii::FieldType forged("a|b", pii::Normalization::strip, 0);
#elif defined(MISUSE_forge_token)
  const pii::Token forged(std::string_view("ptok:v1:forged"));
#endif
}

}  // namespace

int main() {
  static_cast<void>(uses);
  return 0;
}
