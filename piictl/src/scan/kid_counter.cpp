#include "scan/kid_counter.hpp"

#include <algorithm>
#include <array>

#include "stream/byte_block.hpp"

namespace piictl {
namespace {

struct Kind {
  std::string_view prefix;
  std::string_view name;
  std::size_t shortest;  // of the payload
};
constexpr std::array kKinds = {Kind{"ptok", "token", 22}, Kind{"penc", "ciphertext", 38},
                               Kind{"pidx", "index", 1}, Kind{"pfpt", "format_token", 1},
                               Kind{"pdek", "wrapped_key", 38}};
constexpr std::size_t kPrefix = 4;
constexpr std::size_t kTokenV1 = 43;
constexpr std::size_t kMaxKid = 64;

bool is_payload(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
bool is_kid(char c) noexcept { return is_payload(c) || c == '.'; }

std::size_t run(std::string_view text, bool (*is_member)(char) noexcept) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_member) - text.begin());
}

}  // namespace

void KidCounter::scan(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); at += stream::ByteBlock::kSize) {
    const stream::ByteBlock block(text, at);
    const std::uint64_t colons = block.equal(':');
    // The last byte's follower is in the next block.
    for (std::uint64_t bits = colons & (block.equal('v') >> 1 | std::uint64_t{1} << 63); bits != 0;
         bits &= bits - 1) {
      look_at(text, at + static_cast<std::size_t>(__builtin_ctzll(bits)));
    }
  }
}

void KidCounter::look_at(std::string_view text, std::size_t colon) {
  if (colon < kPrefix || text.size() - colon < 5 || text[colon + 1] != 'v' || text[colon + 3] != ':') return;
  const char digit = text[colon + 2];
  if (digit < '1' || digit > '9') return;
  if (colon > kPrefix) {
    const char before = text[colon - kPrefix - 1];
    if (is_payload(before) && before != '-') return;
  }
  const auto kind = std::ranges::find(kKinds, text.substr(colon - kPrefix, kPrefix), &Kind::prefix);
  if (kind == kKinds.end()) return;
  const int version = digit - '0';
  std::string_view rest = text.substr(colon + 4);
  if (kind->prefix == "ptok" && version == 1) {
    if (run(rest, is_payload) == kTokenV1) count(kind->name, version, {}, 1);
    return;
  }
  std::string_view kid;
  if (rest.starts_with('~')) {
    rest.remove_prefix(1);  // the key is wrapped with the value and has no id of its own
    rest.remove_prefix(run(rest, is_payload));
  } else {
    kid = rest.substr(0, run(rest, is_kid));
    if (kid.empty() || kid.size() > kMaxKid) return;
    rest.remove_prefix(kid.size());
  }
  if (!rest.starts_with(':') || run(rest.substr(1), is_payload) < kind->shortest) return;
  count(kind->name, version, kid, 1);
}

void KidCounter::count(std::string_view kind, int version, std::string_view kid, std::uint64_t times) {
  Key key(kind, version, kid);
  const bool known = counts_.size() < kMaxKids || counts_.contains(key);
  if (!known) std::get<std::string>(key) = "(other)";
  counts_[std::move(key)] += times;
}

void KidCounter::merge(const KidCounter& other) {
  for (const auto& [key, times] : other.counts_) {
    count(std::get<0>(key), std::get<1>(key), std::get<2>(key), times);
  }
}

std::vector<KidCount> KidCounter::counts() const {
  std::vector<KidCount> all;
  for (const auto& [key, times] : counts_) {
    all.push_back({std::string(std::get<0>(key)), std::get<1>(key), std::get<2>(key), times});
  }
  return all;
}

}  // namespace piictl
