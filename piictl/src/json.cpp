#include "json.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "stream/json_text.hpp"

namespace piictl {

Json::Json(double number) {
  if (!std::isfinite(number)) return;
  const double size = std::fabs(number);
  const bool plain = number == 0 || (size >= 1e-4 && size < 1e15);
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), number,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  text_.assign(digits.begin(), end);
  if (text_.find_first_of(".e") == std::string::npos) text_ += ".0";
}

Json::Json(const std::vector<std::string>& texts) : text_("[]") {
  for (const std::string& text : texts) push_back(text);
}

Json::Json(std::initializer_list<Member> members) : text_("{}") {
  for (const Member& member : members) add(member.name, member.value);
}

Json Json::array(std::initializer_list<Json> elements) {
  Json all = of_text("[]");
  for (const Json& element : elements) all.push_back(element);
  return all;
}

Json Json::of_text(std::string text) {
  Json json;
  json.text_ = std::move(text);
  return json;
}

void Json::add(std::string_view name, const Json& value) {
  text_.pop_back();
  if (text_.size() > 1) text_ += ',';
  text_.append(quoted(name)).append(1, ':').append(value.text_).append(1, '}');
}

void Json::push_back(const Json& value) {
  text_.pop_back();
  if (text_.size() > 1) text_ += ',';
  text_.append(value.text_).append(1, ']');
}

std::string Json::quoted(std::string_view text) {
  std::string valid;
  const char* at = text.data();
  for (const char* const end = at + text.size(); at != end;) {
    const std::size_t size = static_cast<unsigned char>(*at) < 0x80 ? 1 : stream::utf8_sequence(at, end);
    valid.append(size == 0 ? "\xEF\xBF\xBD" : std::string_view(at, size));
    at += size == 0 ? 1 : size;
  }
  stream::Buffer out;
  stream::append_json_string(valid, out);
  return std::string(out.view());
}

}  // namespace piictl
