// The parts of a ciphertext are the text; what strict reading takes, lenient reading and the decoder take as
// well.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "pii/ciphertext.hpp"
#include "pii/names.hpp"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_payload(std::string_view payload, std::size_t least) {
  std::vector<std::byte> bytes(pii::base64url_decoded_capacity(payload.size()));
  const auto size = pii::base64url_decode(payload, bytes);
  require(size && *size >= least);
  bytes.resize(*size);
  std::string again(pii::base64url_encoded_size(bytes.size()), '\0');
  require(pii::base64url_encode(bytes, again.data()) == again.size() && again == payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lenient = pii::parse_ciphertext(text, pii::Base64Mode::lenient);
  if (lenient) {
    require(text.starts_with("penc:") && text.ends_with(lenient->payload));
    require(lenient->kid.find(':') == std::string_view::npos);
    require(lenient->kid.data() + lenient->kid.size() + 1 == lenient->payload.data());
  }
  const auto strict = pii::parse_ciphertext(text);
  if (strict) {
    require(lenient && lenient->kid == strict->kid && lenient->payload == strict->payload);
    const bool v1 = strict->version == 1;
    const std::string_view prefix = v1 ? pii::kCiphertextV1Prefix : pii::kCiphertextV2Prefix;
    require(text == std::string(prefix).append(strict->kid).append(":").append(strict->payload));
    if (v1) {
      require(pii::is_valid_kid(strict->kid));
      check_payload(strict->payload, pii::kNonceSize + pii::kTagSize);
    } else if (strict->subject().empty()) {
      require(pii::is_valid_v2_kid(strict->kid));
      check_payload(strict->payload, pii::kNonceV2Size + pii::kTagSize);
    } else {
      check_payload(strict->subject(), pii::kSubjectIdSize);
      check_payload(strict->payload, pii::kNonceV2Size + pii::kCommitmentSize + pii::kTagSize);
    }
  }
  if (const auto wrapped = pii::parse_wrapped_key(text)) {
    require(text == std::string(pii::kWrappedKeyPrefix).append(wrapped->kid).append(":").append(wrapped->payload));
    require(pii::is_valid_v2_kid(wrapped->kid));
    check_payload(wrapped->payload, 104);
  }
  return 0;
}
