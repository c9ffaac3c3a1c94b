// Version 2 ciphertexts: what they are bound to, and that nothing else opens them.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kit/v2_keysets.hpp"
#include "pii/ciphertext.hpp"
#include "pii/protector.hpp"

namespace pii {
namespace {

class V2Ciphertexts : public testing::Test {
 protected:
  Protector protector(std::string_view env = "test") const {
    return Protector(provider_, Environment::make(env).value());
  }
  static FieldType field(std::string_view name = "name") { return FieldType::make(name).value(); }
  void use(std::string_view policy, std::string_view active = "enc2") {
    provider_->replace(KeysetUsage::reveal, kit::v2_reveal_keyset(policy, active));
  }
  ErrorCode reveal_code(std::string_view text, const Binding& binding = {}) const {
    const auto revealed = protector().reveal(field(), text, Base64Mode::strict, binding);
    return revealed ? ErrorCode::ok : revealed.error().code();
  }

  std::shared_ptr<kit::StaticProvider> provider_ =
      std::make_shared<kit::StaticProvider>(nullptr, kit::v2_reveal_keyset());
};

TEST_F(V2Ciphertexts, AreRevealedUnderEveryKindOfKey) {
  for (const std::string_view active : {"enc2", "enc3", "slim"}) {
    use(kit::kWriteV2, active);
    for (std::size_t size = 0; size < 100; ++size) {
      const std::string plaintext(size, 'p');
      const Binding binding{"acme", "row 1", "x", {}};
      const std::string text = protector().protect(field(), plaintext, binding).value();
      EXPECT_TRUE(text.starts_with("penc:v2:" + std::string(active) + ":"));
      const std::size_t padded = active == "enc3" ? (size / 16 + 1) * 16 : size;
      EXPECT_EQ(text.size(), ciphertext_v2_size(padded, 4, active == "slim"));
      EXPECT_LE(text.size(), Protector::protected_capacity(size));
      EXPECT_EQ(protector().reveal(field(), text, Base64Mode::strict, binding).value().expose(), plaintext);
    }
    const std::string large(100'000, 'x');
    EXPECT_EQ(protector().reveal(field(), protector().protect(field(), large).value()).value().expose(), large);
  }
}

TEST_F(V2Ciphertexts, AnyFlippedBitOfAnyFieldFails) {
  for (const std::string_view active : {"enc2", "enc3", "slim"}) {
    use(kit::kWriteV2, active);
    const std::string text = protector().protect(field(), "fatima", {{}, "r", {}, {}}).value();
    const std::size_t body = text.rfind(':') + 1;
    std::vector<std::byte> payload(base64url_decoded_capacity(text.size() - body));
    payload.resize(base64url_decode(std::string_view(text).substr(body), payload).value());
    for (std::size_t bit = 0; bit < payload.size() * 8; ++bit) {
      std::vector<std::byte> flipped = payload;
      flipped[bit / 8] ^= std::byte{1} << (bit % 8);
      std::string changed = text.substr(0, body) + std::string(base64url_encoded_size(flipped.size()), '\0');
      base64url_encode(flipped, changed.data() + body);
      ASSERT_EQ(reveal_code(changed, {{}, "r", {}, {}}), ErrorCode::reveal_failed) << active << " bit " << bit;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {  // whatever is no base64 of the payload: prefix, key id, form
      for (int bit = 0; bit < 8; ++bit) {
        std::string changed = text;
        changed[i] = static_cast<char>(changed[i] ^ 1 << bit);
        ASSERT_NE(reveal_code(changed, {{}, "r", {}, {}}), ErrorCode::ok) << active << " byte " << i;
      }
    }
    EXPECT_EQ(reveal_code(text, {{}, "r", {}, {}}), ErrorCode::ok);
  }
}

TEST_F(V2Ciphertexts, SwappedForAnythingElseTheyFail) {
  const Binding home{"acme", "row 1", "x", {}};
  const auto seal = [&](std::string_view active, std::string_view env, std::string_view type, const Binding& binding) {
    use(kit::kWriteV2, active);
    return protector(env).protect(field(type), "fatima", binding).value();
  };
  for (const std::string_view active : {"enc2", "enc3", "slim"}) {
    ASSERT_EQ(reveal_code(seal(active, "test", "name", home), home), ErrorCode::ok);
    std::vector<std::string> others = {
        seal(active, "prod", "name", home),                         // environment
        seal(active, "test", "email", home),                        // field type
        seal(active, "test", "name", {"other", "row 1", "x", {}}),  // tenant
        seal(active, "test", "name", {{}, "row 1", "x", {}}),
        seal(active, "test", "name", {"acme", "row 2", "x", {}}),   // record
        seal(active, "test", "name", {"acme", {}, "x", {}}),
        seal(active, "test", "name", {"acme", "row 1", {}, {}}),    // extra
        seal(active, "test", "name", {"acme", "x", "row 1", {}}),
        seal(active, "test", "name", {"acme", "row 1x", {}, {}}),
    };
    const std::string good = seal(active, "test", "name", home);
    for (const std::string_view kid : {"enc2", "enc3", "slim", "enc9", "rk1"}) {  // key ids
      if (kid != active) others.push_back("penc:v2:" + std::string(kid) + good.substr(good.rfind(':')));
    }
    others.push_back("penc:v1:" + good.substr(8));
    for (const std::string& text : others) EXPECT_EQ(reveal_code(text, home), ErrorCode::reveal_failed) << text;
  }
}

TEST_F(V2Ciphertexts, FailuresLookAlike) {
  const std::string good = protector().protect(field(), "fatima").value();
  std::set<std::string> texts;
  for (const std::string& bad : {"penc:v2:enc9" + good.substr(12), "penc:v2:enc3" + good.substr(12),
                                 good.substr(0, good.size() - 8) + "AAAAAAAA", "penc:v2:~" + std::string(22, 'A') + good.substr(12)}) {
    const auto revealed = protector().reveal(field(), bad);
    ASSERT_FALSE(revealed);
    texts.insert(std::to_string(static_cast<int>(revealed.error().code())) + revealed.error().message() + revealed.error().hint());
  }
  const auto other = protector().reveal(field("email"), good);
  texts.insert(std::to_string(static_cast<int>(other.error().code())) + other.error().message() + other.error().hint());
  EXPECT_EQ(texts.size(), 1U);
}

TEST_F(V2Ciphertexts, NoTwoKeysOpenOne) {
  std::vector<std::string> sealed;
  for (const std::string_view active : {"enc2", "enc3"}) {
    use(kit::kWriteV2, active);
    sealed.push_back(protector().protect(field(), "fatima").value());
  }
  for (char fill = 'd'; fill <= 'z'; ++fill) {
    for (const std::string& text : sealed) {
      const std::string kid = text.substr(8, 4);
      const std::string params = kid == "enc3" ? R"({"pad":16})" : "{}";
      provider_->replace(KeysetUsage::reveal,
                         kit::keyset(kit::v2_document(kit::kV1Reveal, kit::v2_key(kid, "PII-AEAD-2", "active", fill, params),
                                                      "rk1", kid, kit::kWriteV2)));
      EXPECT_EQ(reveal_code(text), ErrorCode::reveal_failed);
      provider_->replace(KeysetUsage::reveal,
                         kit::keyset(kit::v2_document(kit::kV1Reveal, kit::v2_key(kid, "XAES-256-GCM", "active", fill, params),
                                                      "rk1", kid, kit::kWriteV2)));
      EXPECT_EQ(reveal_code(text), ErrorCode::reveal_failed);
    }
  }
}

TEST_F(V2Ciphertexts, ThePolicySaysWhatIsWrittenAndRead) {
  const std::string v2 = protector().protect(field(), "fatima").value();
  use(R"("write_version":1)");
  const std::string v1 = protector().protect(field(), "fatima").value();
  EXPECT_TRUE(v1.starts_with("penc:v1:rk1:"));
  EXPECT_EQ(reveal_code(v1), ErrorCode::ok);
  EXPECT_EQ(reveal_code(v2), ErrorCode::ok);
  EXPECT_EQ(protector().protect(field(), "x", {{}, "row", {}, {}}).error().code(), ErrorCode::usage);
  use(R"("write_version":1,"accept_versions":[1])");
  EXPECT_EQ(reveal_code(v1), ErrorCode::ok);
  EXPECT_EQ(reveal_code(v2), ErrorCode::unsupported_version);
  use(R"("write_version":2,"accept_versions":[2])");
  EXPECT_EQ(reveal_code(v1), ErrorCode::unsupported_version);
  EXPECT_EQ(reveal_code(v2), ErrorCode::ok);
  use(R"("write_version":2,"require_record":true)");
  EXPECT_EQ(protector().protect(field(), "x").error().code(), ErrorCode::guard_refused);
  EXPECT_TRUE(protector().protect(field(), "x", {{}, "row", {}, {}}));
}

TEST_F(V2Ciphertexts, ABindingHasALimit) {
  const std::string longest(Binding::kMaxSize, 'r');
  const std::string text = protector().protect(field(), "x", {{}, longest, longest, {}}).value();
  EXPECT_EQ(reveal_code(text, {{}, longest, longest, {}}), ErrorCode::ok);
  const std::string longer = longest + "r";
  EXPECT_EQ(protector().protect(field(), "x", {{}, longer, {}, {}}).error().code(), ErrorCode::too_large);
  EXPECT_EQ(reveal_code(text, {{}, {}, longer, {}}), ErrorCode::too_large);
}

class Told final : public KeysetProvider {
 public:
  explicit Told(std::shared_ptr<const Keyset> reveal) { cell_for_update(KeysetUsage::reveal).replace(std::move(reveal)); }
  void replace(std::shared_ptr<const Keyset> reveal) { cell_for_update(KeysetUsage::reveal).replace(std::move(reveal)); }
  Result<void> load(KeysetUsage) override { return {}; }
  ProviderHealth health() const override { return {}; }
  void key_is_worn(std::string_view kid, std::uint64_t count) noexcept override {
    told += std::string(kid) + " " + std::to_string(count) + ";";
  }
  std::string told;
};

TEST_F(V2Ciphertexts, SealsOfVersion1AreCountedAndToldOfOnce) {
  const auto keyset = [] { return kit::v2_reveal_keyset(R"("write_version":1,"max_messages_log2":13)"); };
  const auto provider = std::make_shared<Told>(keyset());
  const Protector counted(provider, Environment::make("test").value());
  for (int i = 0; i < 2000; ++i) (void)counted.protect(field(), "x");
  EXPECT_EQ(provider->told, "");
  provider->replace(keyset());
  for (int i = 0; i < 4000; ++i) (void)counted.protect(field(), "x");
  EXPECT_TRUE(provider->told.starts_with("rk1 ")) << provider->told;
  EXPECT_EQ(provider->told.find(';'), provider->told.size() - 1);
  const KeyUse use = provider->cell(KeysetUsage::reveal).read()->key_use().front();
  EXPECT_EQ(use.kid, "rk1");
  EXPECT_EQ(use.seals, 6000U);
  EXPECT_EQ(use.failures, 0U);
  (void)counted.reveal(field(), counted.protect(field("other"), "x").value());
  EXPECT_EQ(provider->cell(KeysetUsage::reveal).read()->key_use().front().failures, 1U);
}

}  // namespace
}  // namespace pii
