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

}  // namespace pii::mask
