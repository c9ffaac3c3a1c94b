#include "pii/blind_index.hpp"

#include <algorithm>
#include <string>

#include "pii/names.hpp"

namespace pii {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

bool is_hex(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

Result<BlindIndex> BlindIndex::parse(std::string_view text) {
  constexpr std::string_view kMark = "pidx:v";
  constexpr std::size_t kBegin = kBlindIndexPrefix.size();
  if (!text.starts_with(kBlindIndexPrefix)) {
    if (text.starts_with(kMark)) {
      return Error(ErrorCode::unsupported_version, "the blind index's version is not supported by this build",
                   "this build reads pidx:v2: indexes");
    }
    return Error(ErrorCode::malformed_token, "a blind index begins with pidx:v2:");
  }
  const std::size_t kid_end = text.find(':', kBegin);
  if (kid_end == std::string_view::npos || !is_valid_v2_kid(text.substr(kBegin, kid_end - kBegin))) {
    return Error(ErrorCode::malformed_token,
                 "a blind index is pidx:v2:<key id>:<hex>, and its key id is 1 to 32 of A-Z a-z 0-9 _ -");
  }
  const std::string_view hex = text.substr(kid_end + 1);
  if (hex.empty() || hex.size() > kMaxIndexBits / 4 || hex.size() % 2 != 0 ||
      !std::all_of(hex.begin(), hex.end(), is_hex)) {
    return Error(ErrorCode::malformed_token, "a blind index ends with 1 to 8 bytes in lower-case hex");
  }
  BlindIndex index;
  std::copy(text.begin(), text.end(), index.text_.begin());
  index.size_ = static_cast<std::uint8_t>(text.size());
  return index;
}

std::string_view BlindIndex::kid() const noexcept {
  const std::string_view rest = view().substr(kBlindIndexPrefix.size());
  return rest.substr(0, rest.find(':'));
}

BlindIndex BlindIndex::from_mac(std::string_view kid, std::span<const std::byte> mac, unsigned bits) noexcept {
  BlindIndex index;
  char* end = std::copy(kBlindIndexPrefix.begin(), kBlindIndexPrefix.end(), index.text_.data());
  end = std::copy(kid.begin(), kid.end(), end);
  *end++ = ':';
  for (unsigned done = 0; done < bits; done += 8) {
    unsigned byte = std::to_integer<unsigned>(mac[done / 8]);
    if (bits - done < 8) byte &= 0xFF00U >> (bits - done);
    *end++ = kDigits[byte >> 4 & 15];
    *end++ = kDigits[byte & 15];
  }
  index.size_ = static_cast<std::uint8_t>(end - index.text_.data());
  return index;
}

}  // namespace pii
