#include "pii/base64url.hpp"

#include <cstring>
#include <string>

#include "base/base64url_groups.hpp"
#include "base/base64url_implementations.hpp"
#include "base/best_of.hpp"
#include "base/once.hpp"

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#include "base/base64url_avx2.hpp"
#include "base/base64url_avx512.hpp"
#define PII_BASE64_AVX2 1
#else
#define PII_BASE64_AVX2 0
#endif

namespace pii::base {
namespace {

// Every step loads before it stores, as `in` may lie in `out`.
void encode_portable(const std::byte* in, std::size_t size, char* out) noexcept {
  for (; size >= 12; size -= 12, in += 12, out += 16) {
    store(to_characters(load_be64(in) >> 16, load_be64(in + 4) & 0xFFFFFFFFFFFF), out);
  }
  const auto byte = [in](std::size_t i) { return static_cast<std::uint64_t>(in[i]); };
  std::uint64_t eight = 0;
  if (size >= 8) {
    eight = load_be64(in);
  } else {
    for (std::size_t i = 0; i < size; ++i) eight |= byte(i) << (56 - 8 * i);
  }
  std::uint64_t last = eight << 48 >> 16;
  for (std::size_t i = 8; i < size; ++i) last |= byte(i) << (88 - 8 * i);
  const auto halves = reinterpret_cast<ChunkHalves>(to_characters(eight >> 16, last));
  const std::size_t left = base64url_encoded_size(size);
  store_be64(out, big_endian(halves[0]), left < 8 ? left : 8);
  if (left > 8) store_be64(out + 8, big_endian(halves[1]), left - 8);
}

template <auto encode>
void encode_labelled(const char* label, const std::byte* in, std::size_t count, char* const* out) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(out[i], label, kLabelSize);
    encode(in + 32 * i, 32, out[i] + kLabelSize);
  }
}

std::size_t decode_groups_portable(const char* in, std::size_t size, std::byte* out) noexcept {
  std::size_t done = 0;
  for (; size - done >= 8; done += 8, out += 6) {
    std::uint64_t bits;
    if (!to_bits(load_be64(in + done), bits)) break;
    store_be64(out, bits << 16, 6);
  }
  return done;
}

#if PII_BASE64_AVX2
[[gnu::target("avx2")]] inline __m128i load(const std::byte* in) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
}

[[gnu::target("avx2")]] void encode_avx2(const std::byte* in, std::size_t size, char* out) noexcept {
  if (size == 32) {  // a token's MAC: two overlapping loads hold it, so that no loop and no tail is needed
    const __m256i first = avx2::to_characters(_mm256_set_m128i(load(in + 12), load(in)));
    const __m128i rest = _mm_srli_si128(load(in + 16), 8);
    const __m128i last = _mm256_castsi256_si128(avx2::to_characters(_mm256_castsi128_si256(rest)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), first);
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + 32), last);
    _mm_storeu_si32(out + 39, _mm_srli_si128(last, 7));
    return;
  }
  for (; size >= 28; size -= 24, in += 24, out += 32) {
    const __m256i bytes = _mm256_set_m128i(load(in + 12), load(in));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), avx2::to_characters(bytes));
  }
  _mm256_zeroupper();  // the tail call below would skip the compiler's own, and SSE code after it runs at half its speed
  encode_portable(in, size, out);
}

[[gnu::target("avx2")]] std::size_t decode_groups_avx2(const char* in, std::size_t size,
                                                       std::byte* out) noexcept {
  std::size_t done = 0;
  for (; size - done >= 32; done += 32, out += 24) {
    __m256i bytes;
    if (!avx2::to_bytes(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + done)), bytes)) break;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(bytes));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + 16), _mm256_extracti128_si256(bytes, 1));
  }
  _mm256_zeroupper();
  return done + decode_groups_portable(in + done, size - done, out);
}
#endif

constexpr Base64Implementation kPortable{"portable", encode_portable, encode_labelled<encode_portable>, decode_groups_portable};
#if PII_BASE64_AVX2
constexpr Base64Implementation kAll[] = {kPortable,
                                         {"avx2", encode_avx2, encode_labelled<encode_avx2>, decode_groups_avx2},
                                         {"avx512", avx512::encode, avx512::encode_labelled, decode_groups_avx2}};
// AVX-512 VBMI never comes without AVX2.
std::size_t available() noexcept {
  if (avx512::is_supported()) return 3;
  return __builtin_cpu_supports("avx2") ? 2 : 1;
}
#else
constexpr Base64Implementation kAll[] = {kPortable};
std::size_t available() noexcept { return 1; }
#endif

// -1 for a character of neither alphabet. Arithmetic instead of a table: the text may be a key's.
int sextet_of(unsigned char c) noexcept {
  const auto in = [c](unsigned first, unsigned last) {
    return 0U - static_cast<unsigned>(c - first <= last - first);
  };
  const unsigned upper = in('A', 'Z');
  const unsigned lower = in('a', 'z');
  const unsigned digit = in('0', '9');
  const unsigned minus = in('-', '-') | in('+', '+');
  const unsigned under = in('_', '_') | in('/', '/');
  const unsigned value = (upper & (c - 'A')) | (lower & (c - 'a' + 26U)) | (digit & (c - '0' + 52U)) |
                         (minus & 62U) | (under & 63U);
  return static_cast<int>(value | ~(upper | lower | digit | minus | under));
}

bool is_base64url(char c) noexcept {
  return sextet_of(static_cast<unsigned char>(c)) >= 0 && c != '+' && c != '/';
}

Error malformed(const char* what, std::size_t offset) {
  return Error(ErrorCode::malformed_base64,
               "base64url: " + std::string(what) + " at byte " + std::to_string(offset));
}

constexpr const char* kForeign = "foreign character";
constexpr const char* kBadLength = "the text ends within a byte";

Error too_small() {
  return Error(ErrorCode::buffer_too_small, "base64url: the output is too small for the text");
}

Error foreign_after(std::string_view in, std::size_t done) {
  while (is_base64url(in[done])) ++done;
  return malformed(kForeign, done);
}

// The last `count` < 8 characters of `in` at the top of a word, with 'A', which stands for zeros, behind
// them.
std::uint64_t load_last(std::string_view in, std::size_t count) noexcept {
  std::uint64_t x = 0;
  if (in.size() >= 8) {
    x = load_be64(in.data() + in.size() - 8) << (8 * (8 - count));
  } else {
    for (const char c : in) x = x << 8 | static_cast<unsigned char>(c);
    x <<= 8 * (8 - count);
  }
  return x | 'A' * kOnes >> (8 * count);
}

// `done` characters were decoded; what is left is less than a group of eight, or begins with one that has a
// foreign character.
Result<std::size_t> decode_rest(std::string_view in, std::size_t done, std::byte* out) {
  const std::size_t left = in.size() - done;
  const std::size_t written = done / 4 * 3;
  if (left == 0) return written;
  std::uint64_t bits = 0;
  if (left >= 8 || !to_bits(load_last(in, left), bits)) return foreign_after(in, done);
  if (left % 4 == 1) return malformed(kBadLength, in.size() - 1);
  const std::size_t size = left * 6 / 8;
  if ((bits & ((std::uint64_t{1} << (48 - 8 * size)) - 1)) != 0) {
    return malformed("non-zero bits behind the last byte", in.size() - 1);
  }
  store_be64(out + written, bits << 16, size);
  return written + size;
}

// docs/formats.md, "Lenient base64": what CPython's non-strict decoder does with the text once it was padded
// to a multiple of four.
Result<std::size_t> decode_lenient(std::string_view in, std::byte* out) {
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (static_cast<unsigned char>(in[i]) >= 0x80) return malformed(kForeign, i);
  }
  const std::size_t padded = (in.size() + 3) / 4 * 4;
  std::size_t written = 0;
  unsigned place = 0;  // of the next character in its group of four
  unsigned pads = 0;
  unsigned held = 0;
  for (std::size_t i = 0; i < padded; ++i) {
    const char c = i < in.size() ? in[i] : '=';
    if (c == '=') {
      if (place >= 2 && place + ++pads >= 4) return written;
      continue;
    }
    const int sextet = sextet_of(static_cast<unsigned char>(c));
    if (sextet < 0) continue;
    pads = 0;
    held = held << 6 | static_cast<unsigned>(sextet);
    if (place != 0) out[written++] = static_cast<std::byte>(held >> (6 - 2 * place) & 0xFF);
    place = (place + 1) % 4;
  }
  if (place != 0) return malformed(kBadLength, in.size());
  return written;
}

}  // namespace

std::span<const Base64Implementation> base64_implementations() noexcept { return {kAll, available()}; }

bool passes_known_answer(const Base64Implementation& implementation) noexcept {
  // Every sextet once, in order, then 2 bytes more: all classes of character, whole vectors and a tail.
  constexpr std::string_view kText = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_AQA";
  std::byte bytes[50];
  for (unsigned i = 0, sextet = 0; i < 48; i += 3, sextet += 4) {
    const unsigned group = sextet << 18 | (sextet + 1) << 12 | (sextet + 2) << 6 | (sextet + 3);
    for (unsigned j = 0; j < 3; ++j) bytes[i + j] = static_cast<std::byte>(group >> (16 - 8 * j) & 0xFF);
  }
  bytes[48] = std::byte{1};
  bytes[49] = std::byte{0};
  char text[kText.size()];
  implementation.encode(bytes, sizeof(bytes), text);
  char mac_text[base64url_encoded_size(32)];
  implementation.encode(bytes, 32, mac_text);
  std::byte macs[2 * 32];
  std::memcpy(macs, bytes + 16, 32);
  std::memcpy(macs + 32, bytes, 32);
  char labelled[2][kLabelSize + sizeof(mac_text)];
  char* const out[] = {labelled[0], labelled[1]};
  implementation.encode_labelled("a label:", macs, 2, out);
  std::byte decoded[sizeof(bytes)];
  return std::string_view(text, sizeof(text)) == kText &&
         std::string_view(mac_text, sizeof(mac_text)) == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopo" &&
         std::string_view(labelled[0], sizeof(labelled[0])) == "a label:VZdhlptx15-CGKOSWaeimquy26_DHLPTXbfjnrvz378" &&
         std::string_view(labelled[1], sizeof(labelled[1])) == "a label:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopo" &&
         implementation.decode_groups(text, sizeof(text), decoded) == 64 &&
         std::memcmp(decoded, bytes, 48) == 0;
}

const Base64Implementation& base64_in_force() noexcept {
  static constinit Once<const Base64Implementation*> chosen;
  return *chosen.get([] { return best_of(base64_implementations(), passes_known_answer); });
}

Result<std::size_t> base64url_decode_with(const Base64Implementation& implementation, std::string_view in,
                                          std::span<std::byte> out) {
  if (out.size() < base64url_decoded_capacity(in.size())) return too_small();
  return decode_rest(in, implementation.decode_groups(in.data(), in.size(), out.data()), out.data());
}

}  // namespace pii::base

namespace pii {

std::size_t base64url_encode(std::span<const std::byte> in, char* out) noexcept {
  base::base64_in_force().encode(in.data(), in.size(), out);
  return base64url_encoded_size(in.size());
}

Result<std::size_t> base64url_decode(std::string_view in, std::span<std::byte> out, Base64Mode mode) {
  if (mode == Base64Mode::strict) return base::base64url_decode_with(base::base64_in_force(), in, out);
  if (out.size() < base64url_decoded_capacity(in.size())) return base::too_small();
  return base::decode_lenient(in, out.data());
}

}  // namespace pii
