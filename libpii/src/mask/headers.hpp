#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pii::mask {

/// Whether a word may be the scheme of an authorization: Bearer, Basic, ….
bool is_scheme(std::string_view word) noexcept;

/// What is left of an authorization-like header (docs/masking.md section 4), appended to `out`.
void append_authorization(std::string_view value, std::string& out);

/// A piece of a cookie header that must go.
struct CookieValue {
  std::size_t begin;
  std::size_t end;
};
/// The values of a Cookie header, or of Set-Cookie, whose attributes stay.
void find_cookie_values(std::string_view value, bool set_cookie, std::vector<CookieValue>& out);

/// Whether a member of an object that is a cookie says of it what is no secret: its name, its attributes.
bool is_cookie_member(std::string_view key) noexcept;

/// Whether the quote at `i` is one of a cookie's value, `sid="x"` (RFC 6265), or `sid=\"x\"`, and so ends no header around it.
bool is_cookie_quote(std::string_view text, std::size_t i) noexcept;
/// Where a header without quotes around it ends that is a Cookie or Set-Cookie: with its line, or at a quote that is no cookie's.
std::size_t end_of_cookies(std::string_view text, std::size_t begin) noexcept;

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
  std::size_t part_end_ = 0, part_trimmed_ = 0, equals_ = 0;  // of the part around the last header within another
};

}  // namespace pii::mask
