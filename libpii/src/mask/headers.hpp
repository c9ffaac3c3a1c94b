#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pii::mask {

/// Whether a word may be the scheme of an authorization: Bearer, Basic, ….
bool is_scheme(std::string_view word) noexcept;

/// Whether it is one that is well known.
bool is_known_scheme(std::string_view word) noexcept;
/// Whether what follows the scheme is a list of parameters: `Digest username="ada", response="…"`.
bool has_parameters(std::string_view scheme) noexcept;

/// Whether parameters of authorizations have that name: those of Digest, OAuth, AWS4, Hawk and signatures.
bool is_parameter(std::string_view name) noexcept;
/// Whether it is a parameter's value as it stands without quotes, and nothing of another notation.
bool is_plain_value(std::string_view value) noexcept;
/// Whether the value without quotes at [begin, end) takes nothing of what follows with it: no key is in it or ends with it, and no number
/// goes on behind it.
bool ends_alone(std::string_view text, std::size_t begin, std::size_t end) noexcept;

/// What is left of an authorization-like header (docs/masking.md section 4), appended to `out`.
void append_authorization(std::string_view value, std::string& out);

/// A piece of a cookie header that must go.
struct CookieValue {
  std::uint32_t begin;
  std::uint32_t end;
  std::uint32_t part;  // where it begins in a text; before `begin` where another key stands in its name: `a=b; Authorization: Basic eA==`
};
/// The values of a Cookie header, or of Set-Cookie, whose attributes stay, counted from `at`.
void find_cookie_values(std::string_view value, bool set_cookie, std::vector<CookieValue>& out, std::size_t at = 0);

/// Whether a member of an object that is a cookie, or a jar of cookies, is no secret: its attributes and, in an array, its name.
bool is_cookie_member(std::string_view key, bool in_array) noexcept;

/// Whether the first cookie of the header whose value begins there has quotes around its value: `sid="x"` (RFC 6265), `sid=\"x\"`.
bool begins_with_quoted_cookie(std::string_view text, std::size_t begin) noexcept;
/// Where a Cookie or Set-Cookie header ends: with its line, or at a quote that does not belong to a cookie's value. Behind one in quotes
/// a Cookie header goes on where `;` follows and plain cookies; of a Set-Cookie there are only attributes.
struct EndOfCookies {
  std::size_t end;
  std::size_t shared;  // a header that begins up to there, and behind the begin, ends alike
};
EndOfCookies end_of_cookies(std::string_view text, std::size_t begin, bool set_cookie) noexcept;

/// Finds the cookies of the header lines of one text, asked for from left to right. Headers within a line may have all of the
/// rest behind them: what one was looked at for is not looked at again.
class CookieLines {
 public:
  /// The values, as places of the text, of the header whose value is [begin, end), not blank at its begin; of a header within
  /// another, which ends alike, those that the other did not give.
  void find(std::string_view text, std::size_t begin, std::size_t end, bool set_cookie, std::vector<CookieValue>& out);

 private:
  std::size_t end_ = 0;             // of the line
  bool attributes_stayed_ = false;  // all of its headers up to here were Set-Cookie
  std::size_t part_end_ = 0, part_trimmed_ = 0, equals_ = 0, colon_ = 0;  // of the part around the last header within another
};

}  // namespace pii::mask
