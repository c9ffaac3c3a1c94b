#include <array>

#include "mask/ecsctx_rules.hpp"
#include "mask/ecsctx_words.hpp"

// \b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Z|a-z]{2,}\b: every start before one `@` shares what is behind it,
// so each `@` is looked at once, and nothing around it is walked twice.
namespace pii::mask::ecsctx {
namespace {

enum : std::uint8_t { kLocal = 1, kDomain = 2, kTop = 4 };

constexpr auto kClasses = [] {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] = kLocal | kDomain;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) classes[c] = classes[c | 0x20] = kLocal | kDomain | kTop;
  classes['.'] = classes['-'] = kLocal | kDomain;
  classes['_'] = classes['%'] = classes['+'] = kLocal;
  classes['|'] = kTop;
  return classes;
}();

bool is(std::string_view text, std::size_t at, std::uint8_t what) noexcept {
  return (kClasses[static_cast<unsigned char>(text[at])] & what) != 0;
}

/// The first start of a match that ends in the `@` at `at`, not before `from`; `at` if there is none.
std::size_t local_begin(std::string_view text, std::size_t from, std::size_t at) noexcept {
  std::size_t begin = at;
  while (begin > from && is(text, begin - 1, kLocal)) --begin;
  while (begin < at && !is_boundary(text, begin)) ++begin;
  return begin;
}

/// The end of the domain that begins at `from`; npos if there is none.
std::size_t domain_end(std::string_view text, std::size_t from) noexcept {
  std::size_t dot = from;
  while (dot < text.size() && is(text, dot, kDomain)) ++dot;
  while (dot > from + 1) {
    --dot;
    if (text[dot] != '.') continue;
    std::size_t end = dot + 1;
    while (end < text.size() && is(text, end, kTop)) ++end;
    for (; end >= dot + 3; --end) {
      if (is_boundary(text, end)) return end;
    }
  }
  return std::string_view::npos;
}

}  // namespace

void find_emails(std::string_view text, std::vector<Replacement>& out) {
  std::size_t done = 0;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const std::size_t begin = local_begin(text, done, at);
    if (begin == at) continue;
    const std::size_t end = domain_end(text, at + 1);
    if (end == std::string_view::npos) continue;
    out.push_back({begin, end, Replacement::Kind::email});
    done = end;
  }
}

}  // namespace pii::mask::ecsctx
