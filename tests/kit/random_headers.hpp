#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "kit/random_events.hpp"

namespace pii::kit {

/// Log lines whose messages, in quotes or not, have headers in them: cookies and authorizations around outputs, codes and numbers.
class RandomHeaders {
 public:
  explicit RandomHeaders(std::uint64_t seed) : random_(seed) {}

  std::string line() {
    std::string text;
    for (std::size_t n = 1 + random_.below(4); n > 0; --n) text += (random_.one_in(2) ? message() : item()) + any({" ", ", ", "; ", "&"});
    if (random_.one_in(4)) return json(text);
    return text;
  }

 private:
  std::string any(std::initializer_list<const char*> of) { return of.begin()[random_.below(of.size())]; }
  std::string quoted(const std::string& text) {
    const std::string quote = any({"", "", "\"", "'", "\\\"", "%22"});
    return quote + text + (random_.one_in(16) ? "" : quote);
  }
  std::string value() {
    return any({"ptok:v1:nzSo-5xtxXs6NpNOWNcqq2Ii3At4p4gb9--2awMh87I", "[PII_REDACTED]", "[SECRET]", "[COOKIE]", "****", "****1234", "Bearer ****",
                "abcsecret", "hunter2!X", "s3cr3tTOKENvalue99", "x", "ok", "4921", "John Smith", "4111111111111111", "4111 1111 1111 1111",
                "+965 9988 7766", "00965 99887766", "99887766", "188.236.1.7", "2a02:6b8::1:2", "a@b.com", "a%26b", "abc%20def", "%22q%22", "10%20"});
  }
  std::string pair() {
    const std::string key = any({"user", "password", "token", "card", "phone", "status", "cvv", "id", "secret", "data"});
    return key + any({"=", "=", ": ", ":", " = ", "%3D"}) + quoted(value());
  }
  std::string cookie() {
    std::string cookies = any({"Cookie: ", "cookie=", "Set-Cookie: ", "set-cookie=", "Cookie:"}) + any({"", "", "\"", "'"});
    for (std::size_t n = 1 + random_.below(3); n > 0; --n) {
      cookies += any({"sid=", "a=", "Path=", "", "x y=", "Host: h=", "a&b="}) + (random_.one_in(3) ? quoted(value()) : value()) + any({"; ", ";", " ", "", "\\r\\nHost: ", " ; "});
    }
    return cookies;
  }
  std::string authorization() {
    std::string secret = any({"Bearer ", "Basic ", "Digest ", "Token ", "", "AWS4-HMAC-SHA256 ", "Foo "}) + any({"", "", "nc=", "username=", "a="}) + (random_.one_in(5) ? quoted(value()) : value());
    for (std::size_t n = random_.below(4); n > 1; --n) secret += any({", ", ","}) + any({"oauth_x=", "realm=", "status="}) + quoted(value()) + any({"", "", "|", "=", " : ", "\\n"});
    if (random_.one_in(5)) secret += any({" for ", " of ", ", "}) + value();
    return any({"Authorization: ", "authorization=", "X-Api-Key: ", "authorization: "}) + (random_.one_in(2) ? quoted(secret) : secret);
  }
  std::string item() {
    switch (random_.below(6)) {
      case 0: case 1: return cookie();
      case 2: case 3: return authorization();
      case 4: return value();
      default: return pair();
    }
  }
  std::string message() {
    return any({"msg=", "text: ", "-H ", "\"msg\":"}) + quoted(any({"got ", "", "call "}) + item() + " " + (random_.one_in(2) ? item() : ""));
  }
  // The text as a string's value, or as a key.
  std::string json(const std::string& text) {
    std::string escaped;
    for (const char c : text) escaped += (c == '"' || c == '\\' ? "\\" : "") + std::string(1, c);
    return random_.one_in(5) ? "{\"" + escaped + "\":\"plain words\"}" : "{\"message\":\"" + escaped + "\"}";
  }

  RandomEvents random_;
};

}  // namespace pii::kit
