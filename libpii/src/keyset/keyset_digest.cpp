#include "keyset/keyset_digest.hpp"

#include <span>

#include "crypto/sha256.hpp"
#include "json/canonical.hpp"
#include "keyset/hex.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/refusal.hpp"

namespace pii::keyset {
namespace {

class HashSink final : public json::TextSink {
 public:
  void write(std::string_view piece) noexcept override { hash_.update(std::as_bytes(std::span(piece))); }
  std::string finish() { return to_hex(hash_.finish()); }

 private:
  crypto::Sha256 hash_;
};

}  // namespace

Result<std::string> document_digest(const json::Node& root) {
  HashSink sink;
  if (auto written = json::write_canonical(root, "integrity", sink); !written) return written.error();
  return sink.finish();
}

Result<std::optional<json::Node>> find_digest(const json::Node& root) {
  const auto integrity = root.find("integrity");
  if (!integrity) return std::optional<json::Node>();
  if (integrity->kind() != json::Kind::object) return refuse("integrity", *integrity, "must be an object");
  const auto digest = integrity->find("digest");
  if (!digest) return std::optional<json::Node>();
  constexpr std::size_t kHexSize = 2 * crypto::kSha256Size;
  if (digest->kind() != json::Kind::string || digest->escaped() || !is_lower_hex(digest->raw(), kHexSize)) {
    return refuse("integrity.digest", *digest, "must be a string of 64 lower-case hex digits");
  }
  return digest;
}

Result<void> renew_digest(SecretBytes& document) {
  auto text = read_json(document);
  if (!text) return text.error();
  auto place = find_digest(text->root());
  if (!place) return place.error();
  if (!*place) return {};
  auto digest = document_digest(text->root());
  if (!digest) return digest.error();
  digest->copy(reinterpret_cast<char*>(document.expose_mutable().data()) + (*place)->begin() + 1,
               digest->size());
  return {};
}

}  // namespace pii::keyset
