#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace piictl {

/// JSON that is only written: a value is its text. Objects keep the order of their members, and no name may be
/// given twice. Bytes that are no UTF-8 become U+FFFD. What reads JSON is pii::SecretJson.
class Json {
 public:
  struct Member;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(std::string_view text) : text_(quoted(text)) {}
  Json(const std::string& text) : Json(std::string_view(text)) {}
  Json(const char* text) : Json(std::string_view(text)) {}
  Json(double number);  // keeps a fraction or an exponent; null when it is no number
  template <std::integral Number>
  Json(Number number) {
    if constexpr (std::is_same_v<Number, bool>) {
      text_ = number ? "true" : "false";
    } else {
      text_ = std::to_string(number);
    }
  }
  template <class Value>
  Json(const std::optional<Value>& value) {
    if (value) *this = Json(*value);
  }
  Json(const std::vector<std::string>& texts);
  Json(std::initializer_list<Member> members);  // {{"name", value}, ...}

  static Json object() { return of_text("{}"); }
  static Json array(std::initializer_list<Json> elements = {});
  /// null for an empty text.
  static Json or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }
  /// A text that is JSON already.
  static Json of_text(std::string text);

  void add(std::string_view name, const Json& value);  // to an object
  void push_back(const Json& value);                   // to an array

  const std::string& text() const noexcept { return text_; }

 private:
  static std::string quoted(std::string_view text);
  std::string text_ = "null";
};

struct Json::Member {
  std::string_view name;
  Json value;
};

}  // namespace piictl
