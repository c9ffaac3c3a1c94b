#include "pii/keyset_signature.hpp"

#include <string>

#include "pii/keyset_document.hpp"
#include "unit/keyset/documents.hpp"

namespace pii {
namespace {

using kit::document_of;
using kit::text_of;

SecretBytes document() {
  return *make_keyset_document(KeysetUsage::token, {"k1", "2026-01-01T00:00:00Z"}, true);
}

TEST(KeysetSignature, IsThatOfRfc8032) {
  // RFC 8032 section 7.1, test 1: the public key of a seed.
  const std::string seed =
      "\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4\x44\x49\xc5\x69\x7b\x32\x69\x19\x70"
      "\x3b\xac\x03\x1c\xae\x7f\x60";
  const auto signer = read_keyset_signer(document_of(seed));
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->verify_key, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  const auto text = read_keyset_signer(document_of("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\n"));
  ASSERT_TRUE(text);
  EXPECT_EQ(text->verify_key, signer->verify_key);
  EXPECT_FALSE(read_keyset_signer(document_of("nWGxne")));
}

TEST(KeysetSignature, SaysWhoSignedAndThatNothingChanged) {
  const KeysetSigner signer = make_keyset_signer();
  const SecretBytes plain = document();
  const auto is_signed = [&](const SecretBytes& text) {
    return verify_keyset_document(text, signer.verify_key).has_value();
  };
  EXPECT_FALSE(is_signed(plain));
  const auto made = sign_keyset_document(plain, signer);
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_TRUE(is_signed(*made));
  EXPECT_TRUE(parse_keyset(*made));
  EXPECT_FALSE(verify_keyset_document(*made, make_keyset_signer().verify_key)) << "another custodian";
  EXPECT_EQ(verify_keyset_document(*made, "short").error().code(), ErrorCode::invalid_setting);

  std::string text(text_of(*made));
  const auto changed = [&](std::string_view from, std::string_view to) {
    std::string copy = text;
    EXPECT_NE(copy.find(from), std::string::npos) << from;
    return document_of(copy.replace(copy.find(from), from.size(), to));
  };
  EXPECT_FALSE(is_signed(changed("2026-01-01", "2026-01-02")));
  EXPECT_FALSE(is_signed(changed("\"k1\": {", "\"k2\": {")));
  EXPECT_FALSE(is_signed(changed("\"sig\"", "\"sgi\"")));
  EXPECT_TRUE(is_signed(changed("{\n", "{ \n "))) << "the form is signed, not how it is written";

  // Signing again takes the place of the older signature; a rotation takes it off or makes it void.
  const auto again = sign_keyset_document(*made, signer);
  ASSERT_TRUE(again);
  EXPECT_TRUE(is_signed(*again));
  const auto rotated = rotate_keyset_document(*made, {"k2", "2026-02-01T00:00:00Z"});
  ASSERT_TRUE(rotated);
  EXPECT_FALSE(is_signed(*rotated));
  EXPECT_EQ(sign_keyset_document(document_of(kit::document_text(kit::entry("k1", kit::kKeyA))), signer)
                .error()
                .code(),
            ErrorCode::usage)
      << "there is no digest beside which it could stand";
}

}  // namespace
}  // namespace pii
