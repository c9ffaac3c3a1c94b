#include "engine/ciphertext_v1.hpp"

#include <cstring>

#include "crypto/aes_gcm.hpp"
#include "engine/ciphertext_v2.hpp"
#include "engine/reveal_failed.hpp"
#include "base/traces.hpp"
#include "pii/normalize.hpp"
#include "pii/secret.hpp"

namespace pii::engine {
namespace {

static_assert(kNonceSize == crypto::kGcmNonceSize && kTagSize == crypto::kGcmTagSize);

// `environment|field`, which binds a ciphertext to where it belongs.
class AssociatedData {
 public:
  explicit AssociatedData(const Context& context) {
    char* end = append(text_, context.environment);
    *end++ = '|';
    size_ = static_cast<std::size_t>(append(end, context.field) - text_);
  }

  std::span<const std::byte> bytes() const { return std::as_bytes(std::span(text_, size_)); }

 private:
  static char* append(char* to, std::string_view text) {
    std::memcpy(to, text.data(), text.size());
    return to + text.size();
  }

  char text_[2 * kMaxNameSize + 1];  // the first size_ bytes count
  std::size_t size_;
};

// Where ecsctx says "malformed" and where "authentication failed" (docs/formats.md, "Lenient base64").
constexpr std::size_t kLeastLenientPayload = 8;

}  // namespace

bool seal_v1(const Keyset::Impl& keyset, std::size_t index, const Context& context, Nonce nonce,
             std::string_view plaintext, char* out) {
  const auto append = [&out](std::string_view text) {
    std::memcpy(out, text.data(), text.size());
    out += text.size();
  };
  append(kCiphertextV1Prefix);
  append(keyset.keys[index].kid);
  append(":");

  // The bytes are made at the end of the room for their base64, so that encoding can run forward over them.
  const std::size_t size = kNonceSize + plaintext.size() + kTagSize;
  auto* const payload = reinterpret_cast<std::byte*>(out + base64url_encoded_size(size) - size);
  std::memcpy(payload, nonce.data(), nonce.size());
  const AssociatedData associated(context);
  const bool sealed = crypto::AesGcm256::seal(keyset.aead_state(index), nonce, associated.bytes(),
                                              std::as_bytes(std::span(plaintext)), payload + kNonceSize);
  base::clear_vector_registers();
  if (!sealed) return false;
  base64url_encode({payload, size}, out);
  return true;
}

Result<std::string_view> open_v1(const Keyset::Impl& keyset, const Context& context,
                                 std::string_view ciphertext, std::span<char> out, Base64Mode mode) {
  const auto parts = parse_ciphertext(ciphertext, mode);
  if (!parts) return parts.error();
  const std::size_t index = keyset.find(parts->kid);
  if (index == Keyset::Impl::npos) return reveal_failed();
  if (out.size() < base64url_decoded_capacity(parts->payload.size())) {
    return Error(ErrorCode::buffer_too_small, "the buffer is too small for the ciphertext's payload");
  }

  const auto buffer = std::as_writable_bytes(out);
  const auto decoded = base64url_decode(parts->payload, buffer, mode);
  if (!decoded || *decoded < kLeastLenientPayload) {
    return Error(ErrorCode::malformed_ciphertext,
                 "the ciphertext's payload is not base64 of nonce, text and tag");
  }
  if (*decoded < kNonceSize + kTagSize) return reveal_failed();

  const auto payload = buffer.first(*decoded);
  const AssociatedData associated(context);
  std::byte* const plaintext = payload.data() + kNonceSize;
  const bool opened = crypto::AesGcm256::open(keyset.aead_state(index), payload.first<kNonceSize>(),
                                              associated.bytes(), payload.subspan(kNonceSize), plaintext);
  base::clear_vector_registers();
  if (!opened) {
    keyset.counters(index).add(KeyCounters::failures);
    return reveal_failed();
  }
  return as_revealed_text({plaintext, *decoded - kNonceSize - kTagSize});
}

}  // namespace pii::engine
