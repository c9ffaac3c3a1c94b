// Sealed keysets: what opens is a keyset and opens again when it is sealed anew; whatever else, header and body are judged
// alike. A passphrase costs a second, so that only the header of such a text is read.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "pii/keyset.hpp"
#include "pii/keyset_seal.hpp"

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

// The key of the corpus: bytes 1 to 32.
pii::SecretBytes key() {
  pii::SecretBytes key(pii::kSealKeySize);
  for (std::size_t i = 0; i < key.size(); ++i) key.expose_mutable()[i] = static_cast<std::byte>(i + 1);
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = pii::SecretBytes::copy_of(std::as_bytes(std::span(data, size)));
  const auto header = pii::read_seal_header(text);
  must(!header || pii::is_sealed_document(text));
  const auto opened = pii::unseal_keyset_document_with_key(text, key());
  if (!header) {
    must(!opened && opened.error().code() == header.error().code());
    return 0;
  }
  if (header->kek.empty()) {
    must(header->cost.passes >= pii::kMinSealPasses && header->cost.passes <= pii::kMaxSealPasses);
    must(header->cost.memory >= pii::kMinSealMemory && header->cost.memory <= pii::kMaxSealMemory);
    must(!opened && opened.error().code() == pii::ErrorCode::invalid_keyset);
    return 0;
  }
  if (!opened) return 0;
  must(pii::parse_keyset(*opened).has_value());
  const auto again = pii::seal_keyset_document(*opened, pii::WrappedKey{key(), header->kek, header->wrapped_key});
  must(again.has_value());
  const auto reopened = pii::unseal_keyset_document_with_key(*again, key());
  must(reopened.has_value() && *reopened == *opened);
  return 0;
}
