#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.hpp"
#include "detect/domain.hpp"
#include "detect/families.hpp"
#include "detect/plain_address.hpp"

namespace pii::detect {
namespace {

constexpr std::size_t kMaxLocal = 64;  // RFC 5321, octets
constexpr std::size_t kMaxAddress = 254;
constexpr std::size_t kNone = ~std::size_t{0};

// What stands after the last dot of names that are files, hosts of a private network or units of systemd, in lower case, by first letter.
constexpr std::string_view kNoDomains[] = {
    "bak",  "bmp",   "class",   "conf",     "css",  "csv",   "dll",   "exe",    "gif",  "gz",    "htm",         "html",      "ico",
    "ini",  "internal", "jar",  "java",     "jpeg", "jpg",   "js",    "json",   "jsx",  "less",  "local",       "localdomain", "localhost",
    "lock", "log",   "map",     "mjs",      "mount", "mp3",  "mp4",   "pdf",    "php",  "png",   "scss",        "service",   "slice",
    "socket", "sql", "svg",     "tar",      "tgz",  "timer", "tmp",   "toml",   "ts",   "tsx",   "ttf",         "txt",       "webp",
    "woff", "woff2", "xml",     "yaml",     "yml"};
static_assert(std::is_sorted(std::begin(kNoDomains), std::end(kNoDomains)));

// By the first letter: where those begin, and with which letters they end.
constexpr auto kBeginByFirst = [] {
  std::array<std::uint8_t, 27> begins{};
  for (const std::string_view label : kNoDomains) {
    for (std::size_t later = static_cast<std::size_t>(label.front() - 'a') + 1; later < begins.size(); ++later) ++begins[later];
  }
  return begins;
}();
constexpr auto kEndsByFirst = [] {
  std::array<std::uint32_t, 26> ends{};
  for (const std::string_view label : kNoDomains) {
    const char last = label.back();
    ends[static_cast<std::size_t>(label.front() - 'a')] |= std::uint32_t{1} << (is_letter(last) ? last - 'a' : 26);
  }
  return ends;
}();

// A script written without blanks, or one that Latin letters do not mix with: where ASCII begins behind it, a
// word begins.
bool is_unspaced(char32_t c) noexcept {
  return (c >= 0x590 && c <= 0x8FF) || (c >= 0xE00 && c <= 0xEFF) || (c >= 0x2E80 && c <= 0xD7FF) ||
         (c >= 0xF900 && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFEFF) || (c >= 0x20000 && c <= 0x3FFFF);
}

class Email {
 public:
  Email(Scan& scan, std::size_t at) noexcept : scan_(scan), text_(scan.free_text()), at_(at) {}

  Address found;

  // `odd`: how many were read that are not plain. Where there are many, whether another one is plain is asked in vain.
  bool find(std::size_t& odd) noexcept {
    constexpr std::size_t kManyOdd = 4;
    if (at_ == scan_.begin() || !ends_local(text_[at_ - 1])) return false;
    if (odd < kManyOdd && read_plain_address(scan_, at_, found)) {
      if (is_no_domain(found.top_level)) return false;
    } else if (++odd; !read()) {
      return false;
    }
    if (is_git()) return false;
    if (found.begin > scan_.begin() && text_[found.begin - 1] == '@') take_unfinished();
    return true;
  }

 private:
  static bool ends_local(char c) noexcept { return is_class(c, kLocal | kHigh) || c == '"'; }

  // However it is written.
  [[gnu::noinline]] bool read() noexcept {
    found.begin = local_begin();
    if (found.begin == kNone) return false;
    found.end = domain_end();
    return found.end != kNone && found.end - found.begin <= kMaxAddress && !scan_.touches(found.begin - 1) && !scan_.touches(found.end);
  }

  bool is_git() const noexcept { return text_.substr(found.begin, at_ - found.begin) == "git"; }

  // "jo@example.com_ann@example.org": the first is no address, as nothing may touch one, and would be left without its domain.
  [[gnu::noinline]] void take_unfinished() noexcept {
    while (found.begin > scan_.begin() && text_[found.begin - 1] == '@') {
      Email before(scan_, found.begin - 1);
      before.found.begin = before.local_begin();
      if (before.found.begin == kNone || found.end - before.found.begin > kMaxAddress || before.domain_end() != kNone || before.is_git() ||
          scan_.touches(before.found.begin - 1)) {
        return;
      }
      found.begin = before.found.begin;
    }
  }

  std::size_t local_begin() const noexcept {
    if (at_ == scan_.begin()) return kNone;
    if (text_[at_ - 1] == '"') return quoted_begin();
    std::size_t i = at_;
    bool scripts = false;
    // Linear: no local part holds an '@'.
    while (i > scan_.begin()) {
      const char c = text_[i - 1];
      if (is_class(c, kHigh)) {
        const std::size_t size = name_before(i);
        if (size == 0) break;
        i -= size;
        scripts = true;
      } else if (is_class(c, kLocal)) {
        if (c == '.' && i >= 3 + scan_.begin() && text_[i - 2] == '.' && text_[i - 3] == '.') break;
        --i;
      } else {
        break;
      }
    }
    const bool beside_span = scan_.is_wall(i - 1);
    const std::size_t run = i;
    if (scripts) i = std::max(i, begin_of_last_script(i));
    bool free = true;
    if (beside_span && i == run) {
      // What stands between them stays.
      free = !is_word(text_[i]) && !is_class(text_[i], kHigh);
      if (free) ++i;
    }
    while (i < at_ && !is_word(text_[i]) && !is_class(text_[i], kHigh) && text_[i] != '+') ++i;
    // Behind a token with its domain a dot and a token would be read as more of the domain.
    if (beside_span && i == run + 1 && text_[run] == '.') free = false;
    if (at_ - i > kMaxLocal) {
      i = begin_behind_symbol();
    } else if (!free) {
      return kNone;
    }
    for (std::size_t j = i; j < at_; ++j) {
      if (is_class(text_[j], kUpper | kLower | kDigit | kHigh)) return i;
    }
    return kNone;
  }

  // Of a run too long for a local part: what a span before the symbol would leave of it.
  std::size_t begin_behind_symbol() const noexcept {
    for (std::size_t i = at_ - kMaxLocal; i < at_; ++i) {
      const bool symbol = is_class(text_[i - 1], kLocal) && !is_word(text_[i - 1]);
      if (symbol && (is_word(text_[i]) || is_class(text_[i], kHigh) || text_[i] == '+')) return i;
    }
    return at_;
  }

  // Size of the letter of another script that ends at `end`, or 0.
  std::size_t name_before(std::size_t end) const noexcept {
    std::size_t i = end - 1;
    while (i > scan_.begin() && end - i < 4 && (static_cast<unsigned char>(text_[i]) & 0xC0) == 0x80) --i;
    const auto [code_point, size] = base::decode_utf8(text_, i);
    if (code_point == base::kInvalidCodePoint || i + size != end || !is_name_code_point(code_point)) return 0;
    return size;
  }

  // "بريدjo@example.com", "邮箱jo@example.com": the address begins with the ASCII letter.
  std::size_t begin_of_last_script(std::size_t from) const noexcept {
    std::size_t begin = from;
    char32_t before = 0;
    for (std::size_t i = from; i < at_;) {
      const auto [code_point, size] = base::decode_utf8(text_, i);
      if (is_letter(text_[i]) && is_unspaced(before)) begin = i;
      before = code_point;
      i += size;
    }
    return begin;
  }

  // RFC 5321 quoted string.
  std::size_t quoted_begin() const noexcept {
    const std::size_t close = at_ - 1;
    bool named = false;
    for (std::size_t i = close; i > scan_.begin() && close - i < kMaxLocal - 1;) {
      const char c = text_[--i];
      if (c == '"') {
        const bool free = i == scan_.begin()
                              ? !scan_.is_wall(i - 1)
                              : text_[i - 1] != '\\' && text_[i - 1] != ':' && !is_word(text_[i - 1]);
        return named && free ? i : kNone;
      }
      if (is_alnum(c)) named = true;
      if (!is_class(c, kLocal | kHigh) && c != ' ' && c != '(' && c != ')') return kNone;
    }
    return kNone;
  }

  std::size_t domain_end() const noexcept {
    if (scan_.at(at_ + 1) == '[') return literal_end();
    std::string_view top_level;
    const std::size_t end = detect::domain_end(text_, at_ + 1, top_level);
    return end == at_ + 1 || is_no_domain(top_level) ? kNone : end;
  }

  static bool is_no_domain(std::string_view label) noexcept {
    if (!is_letter(label.front())) return false;
    const char last = to_lower(label.back());
    const int end = is_letter(last) ? last - 'a' : 26;
    const auto first = static_cast<std::size_t>(to_lower(label.front()) - 'a');
    if ((kEndsByFirst[first] >> end & 1) == 0) return false;
    return std::any_of(kNoDomains + kBeginByFirst[first], kNoDomains + kBeginByFirst[first + 1],
                       [&](std::string_view other) { return equals_folded(label, other); });
  }

  // "[192.0.2.1]", "[IPv6:2001:db8::1]"
  std::size_t literal_end() const noexcept {
    std::size_t i = at_ + 2;
    std::size_t digits = 0;
    for (; i - at_ < 48; ++i) {
      const char c = scan_.at(i);
      if (c == ']' && digits >= 4) return i + 1;
      if (is_digit(c)) ++digits;
      const bool tag = i < at_ + 7 && is_letter(c);
      if (!is_hex(c) && c != '.' && c != ':' && !tag) return kNone;
      if (scan_.is_wall(i)) return kNone;
    }
    return kNone;
  }

  Scan& scan_;
  std::string_view text_;
  std::size_t at_;
};

}  // namespace

void find_email(Scan& scan, Level level) {
  const std::string_view text = scan.free_text();
  std::size_t odd = 0;
  for (std::size_t at = text.find('@', scan.begin()); at < scan.end(); at = text.find('@', at + 1)) {
    if (at < scan.begin()) continue;
    Email email(scan, at);
    if (!email.find(odd) || !scan.allows(Detector::email, level, email.found.begin)) continue;
    scan.take(email.found.begin, email.found.end, Detector::email);
  }
}

}  // namespace pii::detect
