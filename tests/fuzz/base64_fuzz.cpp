// base64url against the slow reference: every implementation and the lenient reader, on the input as text and
// as bytes.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/base64url_implementations.hpp"
#include "pii/base64url.hpp"
#include "unit/base/base64_reference.hpp"

namespace {

using namespace pii;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// `out` has exactly the size that is asked for, so that the sanitizers see a byte too many.
template <class Decode>
void compare(const reference::Decoded& expected, std::string_view text, Decode decode) {
  std::vector<std::byte> out(base64url_decoded_capacity(text.size()));
  const Result<std::size_t> size = decode(std::span(out));
  require(size.has_value() == expected.bytes.has_value(), "accepted by one, refused by the other");
  if (!size) {
    require(size.error().code() == ErrorCode::malformed_base64, "wrong error code");
    const std::string place = " at byte " + std::to_string(expected.offset);
    require(size.error().message().ends_with(place), "wrong offset");
    return;
  }
  out.resize(*size);
  const auto bytes = std::as_bytes(std::span(*expected.bytes));
  require(std::vector<std::byte>(bytes.begin(), bytes.end()) == out, "different bytes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const reference::Bytes bytes(data, data + size);
  const std::string encoded = reference::encode(bytes);
  for (const base::Base64Implementation& implementation : base::base64_implementations()) {
    compare(reference::decode_strict(text), text,
            [&](std::span<std::byte> out) { return base::base64url_decode_with(implementation, text, out); });
    // In place: the input ends the output.
    std::string buffer = std::string(encoded.size() - size, '?') + text;
    implementation.encode(reinterpret_cast<const std::byte*>(buffer.data() + encoded.size() - size), size,
                          buffer.data());
    require(buffer == encoded, "different text");
    compare({bytes, 0}, encoded, [&](std::span<std::byte> out) {
      return base::base64url_decode_with(implementation, encoded, out);
    });
  }
  compare(reference::decode_lenient(text), text,
          [&](std::span<std::byte> out) { return base64url_decode(text, out, Base64Mode::lenient); });
  return 0;
}
