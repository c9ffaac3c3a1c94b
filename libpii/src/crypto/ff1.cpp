#include "crypto/ff1.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/big_endian.hpp"
#include "pii/secret.hpp"

namespace pii::crypto {
namespace {

constexpr std::size_t kBlock = 16;
constexpr unsigned kRounds = 10;
constexpr std::size_t kMaxNumber = 24;  // bytes of 62^32
constexpr std::size_t kMaxDrawn = 28;   // bytes that a round draws at most

// A number as words of 32 bits, the least first; it holds what a round draws.
using Number = std::array<std::uint32_t, kMaxDrawn / 4>;

// number = number * factor + summand
void multiply_add(Number& number, std::size_t words, std::uint32_t factor, std::uint32_t summand) noexcept {
  std::uint64_t carry = summand;
  for (std::size_t i = 0; i < words; ++i) {
    carry += std::uint64_t{number[i]} * factor;
    number[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32;
  }
}

// Divides by multiplying, because the time that a processor's division takes depends on what it divides.
class Divisor {
 public:
  Divisor() noexcept = default;
  explicit Divisor(std::uint32_t value) noexcept : value_(value), reciprocal_(UINT64_MAX / value) {}

  std::uint32_t value() const noexcept { return value_; }
  // number = quotient * value() + what is returned
  std::uint32_t divide(std::uint64_t number, std::uint64_t& quotient) const noexcept {
    __extension__ using Product = unsigned __int128;
    quotient = static_cast<std::uint64_t>(Product{number} * reciprocal_ >> 64);  // or one less than it should be
    const std::uint64_t remainder = number - quotient * value_;
    const std::uint64_t less = remainder >= value_ ? 1 : 0;
    quotient += less;
    return static_cast<std::uint32_t>(remainder - less * value_);
  }

 private:
  std::uint32_t value_ = 1;
  std::uint64_t reciprocal_ = UINT64_MAX;
};

// Divides by `divisor`; returns the remainder.
std::uint32_t divide(Number& number, std::size_t words, const Divisor& divisor) noexcept {
  std::uint32_t remainder = 0;
  for (std::size_t i = words; i-- > 0;) {
    std::uint64_t quotient;
    remainder = divisor.divide(std::uint64_t{remainder} << 32 | number[i], quotient);
    number[i] = static_cast<std::uint32_t>(quotient);
  }
  return remainder;
}

// Half of the numerals. As many of them as fit into a word make one digit of a larger base, so that a round has few digits to
// divide and carry.
class Half {
 public:
  Half(unsigned radix, std::size_t numerals) noexcept : radix_(radix), numerals_(numerals) {
    std::uint32_t base = 1;
    for (; numerals_in_digit_ < numerals && std::uint64_t{base} * radix <= UINT32_MAX; ++numerals_in_digit_) base *= radix;
    count_ = (numerals + numerals_in_digit_ - 1) / numerals_in_digit_;
    std::uint32_t highest = 1;  // it may have fewer numerals
    for (std::size_t i = (count_ - 1) * numerals_in_digit_; i < numerals; ++i) highest *= radix;
    bases_.fill(Divisor(base));
    bases_[count_ - 1] = Divisor(highest);
  }
  ~Half() { wipe(digits_.data(), sizeof(digits_)); }
  Half(const Half&) = delete;
  Half& operator=(const Half&) = delete;

  void read(std::span<const std::uint8_t> numerals) noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      const std::size_t end = numerals_ - i * numerals_in_digit_;
      const std::size_t begin = end > numerals_in_digit_ ? end - numerals_in_digit_ : 0;
      std::uint32_t digit = 0;
      for (const std::uint8_t numeral : numerals.subspan(begin, end - begin)) digit = digit * radix_ + numeral;
      digits_[i] = digit;
    }
  }
  void write(std::span<std::uint8_t> numerals) const noexcept {
    const Divisor radix(radix_);
    std::size_t at = numerals_;
    for (std::size_t i = 0; i < count_; ++i) {
      std::uint64_t digit = digits_[i];
      for (std::size_t n = std::min(at, numerals_in_digit_); n > 0; --n) {
        numerals[--at] = static_cast<std::uint8_t>(radix.divide(digit, digit));
      }
    }
  }
  void set_largest() noexcept {
    for (std::size_t i = 0; i < count_; ++i) digits_[i] = bases_[i].value() - 1;
  }

  // NUM(numerals)
  void to_number(Number& number, std::size_t words) const noexcept {
    number.fill(0);
    for (std::size_t i = count_; i-- > 0;) multiply_add(number, words, bases_[0].value(), digits_[i]);
  }
  // Adds `number`, which is used up, modulo radix^numerals, or takes it away.
  void combine(Number& number, std::size_t words, bool forward) noexcept {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      const std::uint64_t base = bases_[i].value();
      const std::uint64_t digit = divide(number, words, bases_[i]);
      const std::uint64_t sum = forward ? digits_[i] + digit + carry : digits_[i] + base - digit - carry;
      const std::uint64_t over = sum >= base ? 1 : 0;
      digits_[i] = static_cast<std::uint32_t>(sum - over * base);
      carry = forward ? over : 1 - over;
    }
  }

 private:
  const unsigned radix_;
  const std::size_t numerals_;
  std::size_t numerals_in_digit_ = 0;
  std::size_t count_;
  std::array<Divisor, 7> bases_;   // 32 numerals of 62, five to a digit
  std::array<std::uint32_t, 7> digits_;  // the least first
};

// Steps 2 to 6 of algorithms 7 and 8. What rounds share is hashed once: P, and the tweak but for its last part.
class RoundFunction {
 public:
  RoundFunction(const Ff1Cipher& cipher, unsigned radix, std::span<const std::byte> tweak, std::size_t numerals) noexcept
      : cipher_(cipher) {
    const std::size_t left = numerals / 2;
    Half largest(radix, numerals - left);
    largest.set_largest();
    largest.to_number(number_, number_.size());
    std::size_t bits = 32 * number_.size();
    while ((number_[(bits - 1) / 32] >> (bits - 1) % 32 & 1) == 0) --bits;
    number_size_ = (bits + 7) / 8;
    drawn_words_ = (number_size_ + 3) / 4 + 1;

    std::array<std::byte, kBlock> first{std::byte{1}, std::byte{2}, std::byte{1}};
    first[5] = static_cast<std::byte>(radix);
    first[6] = std::byte{kRounds};
    first[7] = static_cast<std::byte>(left);
    store_be32(first.data() + 8, static_cast<std::uint32_t>(numerals));
    store_be32(first.data() + 12, static_cast<std::uint32_t>(tweak.size()));
    add(shared_.data(), first.data());
    for (; tweak.size() >= kBlock; tweak = tweak.subspan(kBlock)) add(shared_.data(), tweak.data());
    // The rest of the tweak, zeros, and what is a round's own: its number and the other half's.
    rest_size_ = (tweak.size() + 1 + number_size_ + kBlock - 1) / kBlock * kBlock;
    if (!tweak.empty()) std::memcpy(rest_.data(), tweak.data(), tweak.size());
  }
  ~RoundFunction() {
    wipe(shared_.data(), shared_.size());
    wipe(rest_.data(), rest_.size());
    wipe(drawn_.data(), drawn_.size());
    wipe(number_.data(), sizeof(number_));
  }
  RoundFunction(const RoundFunction&) = delete;
  RoundFunction& operator=(const RoundFunction&) = delete;

  // One round: combines what is drawn for the other half with the changed one.
  void operator()(unsigned round, const Half& other, Half& changed, bool forward) noexcept {
    other.to_number(number_, kMaxNumber / 4);
    std::byte* const own = rest_.data() + rest_size_ - number_size_ - 1;
    own[0] = static_cast<std::byte>(round);
    for (std::size_t i = 0; i < number_size_; ++i) {
      own[number_size_ - i] = static_cast<std::byte>(number_[i / 4] >> 8 * (i % 4) & 0xFF);
    }
    std::memcpy(drawn_.data(), shared_.data(), kBlock);
    for (std::size_t at = 0; at < rest_size_; at += kBlock) add(drawn_.data(), rest_.data() + at);
    if (4 * drawn_words_ > kBlock) {
      std::byte* const more = drawn_.data() + kBlock;
      std::memcpy(more, drawn_.data(), kBlock);
      more[kBlock - 1] ^= std::byte{1};
      encrypt(more);
    }
    for (std::size_t i = 0; i < drawn_words_; ++i) {
      number_[i] = load_be32(drawn_.data() + 4 * (drawn_words_ - 1 - i));
    }
    changed.combine(number_, drawn_words_, forward);
  }
  bool failed() const noexcept { return failed_; }

 private:
  // CBC-MAC goes on by a block.
  void add(std::byte* mac, const std::byte* block) noexcept {
    for (std::size_t i = 0; i < kBlock; ++i) mac[i] ^= block[i];
    encrypt(mac);
  }
  void encrypt(std::byte* block) noexcept { failed_ = !cipher_.encrypt(cipher_.key, block) || failed_; }

  const Ff1Cipher cipher_;
  std::size_t number_size_;  // b
  std::size_t drawn_words_;  // d / 4
  Number number_;
  std::array<std::byte, kBlock> shared_{};
  std::array<std::byte, 3 * kBlock> rest_{};
  std::array<std::byte, 2 * kBlock> drawn_;
  std::size_t rest_size_;
  bool failed_ = false;
};

// Even rounds change the left half, odd ones the right half; backwards with the other combination it is undone.
bool run(const Ff1Cipher& cipher, unsigned radix, std::span<const std::byte> tweak, std::span<std::uint8_t> numerals,
         bool forward) noexcept {
  RoundFunction function(cipher, radix, tweak, numerals.size());
  const std::size_t size = numerals.size() / 2;
  Half left(radix, size);
  Half right(radix, numerals.size() - size);
  left.read(numerals.first(size));
  right.read(numerals.subspan(size));
  for (unsigned step = 0; step < kRounds; ++step) {
    const unsigned round = forward ? step : kRounds - 1 - step;
    if (round % 2 == 0) {
      function(round, right, left, forward);
    } else {
      function(round, left, right, forward);
    }
  }
  left.write(numerals.first(size));
  right.write(numerals.subspan(size));
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
