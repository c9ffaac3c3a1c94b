#include "crypto/ff1.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

constexpr std::size_t kBlock = 16;
constexpr unsigned kRounds = 10;
constexpr std::size_t kMaxHalf = kFf1MaxNumerals / 2;
constexpr std::size_t kMaxNumber = 24;  // bytes of 62^32
constexpr std::size_t kMaxRound = 32;   // bytes that a round draws: at most 28, in whole blocks

using Half = std::array<std::uint8_t, kMaxHalf>;

// Steps 2 to 6 of algorithms 7 and 8. What rounds share is hashed once: P, and the tweak but for its last part.
class RoundFunction {
 public:
  RoundFunction(const Ff1Cipher& cipher, unsigned radix, std::span<const std::byte> tweak, std::size_t numerals) noexcept
      : cipher_(cipher), radix_(radix) {
    const std::size_t left = numerals / 2;
    const std::size_t right = numerals - left;
    Half largest;
    largest.fill(static_cast<std::uint8_t>(radix - 1));
    std::array<std::byte, kMaxNumber> number;
    write_number({largest.data(), right}, number);
    number_size_ = kMaxNumber;
    while (number[kMaxNumber - number_size_] == std::byte{0}) --number_size_;
    drawn_size_ = (number_size_ + 3) / 4 * 4 + 4;

    std::array<std::byte, kBlock> first{std::byte{1}, std::byte{2}, std::byte{1}};
    first[5] = static_cast<std::byte>(radix);
    first[6] = std::byte{kRounds};
    first[7] = static_cast<std::byte>(left);
    write_big_endian(numerals, first.data() + 8);
    write_big_endian(tweak.size(), first.data() + 12);
    add(shared_, first.data());
    for (; tweak.size() >= kBlock; tweak = tweak.subspan(kBlock)) add(shared_, tweak.data());
    // The rest of the tweak, zeros, and what is a round's own: its number and the other half's.
    rest_size_ = (tweak.size() + 1 + number_size_ + kBlock - 1) / kBlock * kBlock;
    if (!tweak.empty()) std::memcpy(rest_.data(), tweak.data(), tweak.size());
  }
  ~RoundFunction() {
    wipe(shared_.data(), shared_.size());
    wipe(rest_.data(), rest_.size());
  }
  RoundFunction(const RoundFunction&) = delete;
  RoundFunction& operator=(const RoundFunction&) = delete;

  // What the round adds to a half: y mod radix^out.size(), the least numeral last.
  void operator()(unsigned round, std::span<const std::uint8_t> other, std::span<std::uint8_t> out) noexcept {
    std::array<std::byte, kMaxNumber> number;
    write_number(other, number);
    std::byte* const own = rest_.data() + rest_size_ - number_size_ - 1;
    own[0] = static_cast<std::byte>(round);
    std::memcpy(own + 1, number.data() + kMaxNumber - number_size_, number_size_);
    std::array<std::byte, kMaxRound> drawn{};
    std::array<std::byte, kBlock> mac = shared_;
    for (std::size_t at = 0; at < rest_size_; at += kBlock) add(mac, rest_.data() + at);
    std::memcpy(drawn.data(), mac.data(), kBlock);
    std::memcpy(drawn.data() + kBlock, mac.data(), kBlock);
    drawn[2 * kBlock - 1] ^= std::byte{1};
    failed_ = !cipher_.encrypt(cipher_.key, drawn.data() + kBlock) || failed_;
    for (std::size_t i = out.size(); i-- > 0;) out[i] = divide({drawn.data(), drawn_size_});
    wipe(number.data(), number.size());
    wipe(drawn.data(), drawn.size());
    wipe(mac.data(), mac.size());
  }
  bool failed() const noexcept { return failed_; }

 private:
  static void write_big_endian(std::size_t number, std::byte* out) noexcept {
    for (int shift = 24; shift >= 0; shift -= 8) *out++ = static_cast<std::byte>(number >> shift & 0xFF);
  }
  // CBC-MAC goes on by a block.
  void add(std::array<std::byte, kBlock>& mac, const std::byte* block) noexcept {
    for (std::size_t i = 0; i < kBlock; ++i) mac[i] ^= block[i];
    failed_ = !cipher_.encrypt(cipher_.key, mac.data()) || failed_;
  }
  // NUM(numerals), big-endian.
  void write_number(std::span<const std::uint8_t> numerals, std::array<std::byte, kMaxNumber>& out) const noexcept {
    out.fill(std::byte{0});
    for (const std::uint8_t numeral : numerals) {
      unsigned carry = numeral;
      for (std::size_t i = kMaxNumber; i-- > 0;) {
        carry += std::to_integer<unsigned>(out[i]) * radix_;
        out[i] = static_cast<std::byte>(carry & 0xFF);
        carry >>= 8;
      }
    }
  }
  // Divides a big-endian number by the radix; returns the remainder.
  std::uint8_t divide(std::span<std::byte> number) const noexcept {
    unsigned remainder = 0;
    for (std::byte& byte : number) {
      remainder = remainder << 8 | std::to_integer<unsigned>(byte);
      byte = static_cast<std::byte>(remainder / radix_);
      remainder %= radix_;
    }
    return static_cast<std::uint8_t>(remainder);
  }

  const Ff1Cipher cipher_;
  const unsigned radix_;
  std::size_t number_size_;  // b
  std::size_t drawn_size_;   // d
  std::array<std::byte, kBlock> shared_{};
  std::array<std::byte, 3 * kBlock> rest_{};
  std::size_t rest_size_;
  bool failed_ = false;
};

// Halves as they are in a round: `a` is the one that changes.
void add_modulo(unsigned radix, std::span<std::uint8_t> a, std::span<const std::uint8_t> b) noexcept {
  unsigned carry = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    const unsigned sum = a[i] + b[i] + carry;
    carry = sum >= radix ? 1 : 0;
    a[i] = static_cast<std::uint8_t>(sum - carry * radix);
  }
}

void subtract_modulo(unsigned radix, std::span<std::uint8_t> a, std::span<const std::uint8_t> b) noexcept {
  unsigned borrow = 0;
  for (std::size_t i = a.size(); i-- > 0;) {
    const unsigned taken = b[i] + borrow;
    borrow = a[i] < taken ? 1 : 0;
    a[i] = static_cast<std::uint8_t>(a[i] + borrow * radix - taken);
  }
}

using Combine = void (*)(unsigned, std::span<std::uint8_t>, std::span<const std::uint8_t>) noexcept;

// Even rounds change the left half, odd ones the right half; backwards with the other combination it is undone.
bool run(const Ff1Cipher& cipher, unsigned radix, std::span<const std::byte> tweak, std::span<std::uint8_t> numerals,
         bool forward) noexcept {
  RoundFunction function(cipher, radix, tweak, numerals.size());
  const Combine combine = forward ? add_modulo : subtract_modulo;
  const auto left = numerals.first(numerals.size() / 2);
  const auto right = numerals.subspan(left.size());
  Half drawn;
  for (unsigned step = 0; step < kRounds; ++step) {
    const unsigned round = forward ? step : kRounds - 1 - step;
    const auto changed = round % 2 == 0 ? left : right;
    const auto other = round % 2 == 0 ? right : left;
    function(round, other, {drawn.data(), changed.size()});
    combine(radix, changed, {drawn.data(), changed.size()});
  }
  wipe(drawn.data(), drawn.size());
  return !function.failed();
}

bool encrypt_block(const void* key, std::byte* block) noexcept {
  std::array<std::byte, 2 * kBlock> blocks{};
  std::memcpy(blocks.data(), block, kBlock);
  const bool done = aes_encrypt_two(*static_cast<const AesBlockKey*>(key), blocks, blocks.data());
  std::memcpy(block, blocks.data(), kBlock);
  wipe(blocks.data(), blocks.size());
  return done;
}

}  // namespace

Ff1Cipher ff1_aes256(const AesBlockKey& key) noexcept { return {&key, encrypt_block}; }

bool ff1_encrypt(const Ff1Cipher& cipher, unsigned radix, std::span<const std::byte> tweak,
                 std::span<std::uint8_t> numerals) noexcept {
  return run(cipher, radix, tweak, numerals, true);
}

bool ff1_decrypt(const Ff1Cipher& cipher, unsigned radix, std::span<const std::byte> tweak,
                 std::span<std::uint8_t> numerals) noexcept {
  return run(cipher, radix, tweak, numerals, false);
}

}  // namespace pii::crypto
