#include "pii/subject.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "kit/v2_keysets.hpp"
#include "pii/protector.hpp"

namespace pii {
namespace {

class Subjects : public testing::Test {
 protected:
  static FieldType field(std::string_view name = "name") { return FieldType::make(name).value(); }

  std::shared_ptr<kit::StaticProvider> provider_ =
      std::make_shared<kit::StaticProvider>(nullptr, kit::v2_reveal_keyset());
  Environment environment_ = Environment::make("test").value();
  SubjectKeys keys_{provider_, environment_};
};

TEST_F(Subjects, IdsAreRandomAndReadStrictly) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const SubjectId id = SubjectId::random();
    EXPECT_EQ(id.text().size(), 22U);
    EXPECT_NE(id.text().front(), '-');
    EXPECT_EQ(SubjectId::parse(id.text()).value(), id);
    EXPECT_TRUE(seen.insert(id.text()).second);
  }
  for (const std::string& text : {std::string(), std::string(21, 'A'), std::string(23, 'A'), std::string(21, 'A') + "B",
                                  std::string(21, 'A') + "=", "~" + std::string(21, 'A')}) {
    EXPECT_EQ(SubjectId::parse(text).error().code(), ErrorCode::malformed_ciphertext) << text;
  }
}

TEST_F(Subjects, AreCreatedAndProtectUnderTheirOwnKey) {
  const auto ada = keys_.create("acme").value();
  const auto bob = keys_.create("acme").value();
  EXPECT_TRUE(ada.wrapped.starts_with("pdek:v2:enc2:"));
  EXPECT_TRUE(parse_wrapped_key(ada.wrapped));
  const auto ada_key = keys_.unwrap(ada.id, ada.wrapped, "acme").value();
  const auto bob_key = keys_.unwrap(bob.id, bob.wrapped, "acme").value();
  const Binding binding{"acme", "row 1", {}, {}};
  const std::string text = ada_key.protect(field(), "Ada", binding).value();
  EXPECT_TRUE(text.starts_with("penc:v2:~" + ada.id.text() + ":"));
  EXPECT_EQ(ada_key.reveal(field(), text, binding).value().expose(), "Ada");

  const auto code = [&](const SubjectKey& key, const FieldType& type, const Binding& bound) {
    const auto revealed = key.reveal(type, text, bound);
    return revealed ? ErrorCode::ok : revealed.error().code();
  };
  EXPECT_EQ(code(bob_key, field(), binding), ErrorCode::reveal_failed);
  EXPECT_EQ(code(ada_key, field("email"), binding), ErrorCode::reveal_failed);
  EXPECT_EQ(code(ada_key, field(), {"acme", "row 2", {}, {}}), ErrorCode::reveal_failed);
  EXPECT_EQ(code(ada_key, field(), {{}, "row 1", {}, {}}), ErrorCode::reveal_failed);
  // The keyset alone does not open it: that is what makes shredding work.
  EXPECT_EQ(Protector(provider_, environment_).reveal(field(), text, Base64Mode::strict, binding).error().code(),
            ErrorCode::reveal_failed);
  // Another subject's key under this one's id.
  EXPECT_EQ(keys_.unwrap(ada.id, bob.wrapped, "acme").error().code(), ErrorCode::reveal_failed);
  EXPECT_EQ(keys_.unwrap(ada.id, ada.wrapped, "other").error().code(), ErrorCode::reveal_failed);
  EXPECT_EQ(keys_.unwrap(ada.id, ada.wrapped).error().code(), ErrorCode::reveal_failed);
}

TEST_F(Subjects, AnyFlippedBitOfAWrappedKeyFails) {
  const auto ada = keys_.create().value();
  const std::size_t body = ada.wrapped.rfind(':') + 1;
  for (std::size_t i = body; i + 1 < ada.wrapped.size(); ++i) {
    std::string changed = ada.wrapped;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    ASSERT_EQ(keys_.unwrap(ada.id, changed).error().code(), ErrorCode::reveal_failed) << i;
  }
}

TEST_F(Subjects, RewrappedTheirValuesStay) {
  const auto ada = keys_.create().value();
  const std::string text = keys_.unwrap(ada.id, ada.wrapped)->protect(field(), "Ada").value();
  provider_->replace(KeysetUsage::reveal, kit::v2_reveal_keyset(kit::kWriteV2, "enc3"));
  const std::string rewrapped = keys_.rewrap(ada.id, ada.wrapped).value();
  EXPECT_TRUE(rewrapped.starts_with("pdek:v2:enc3:"));
  EXPECT_EQ(keys_.unwrap(ada.id, rewrapped)->reveal(field(), text).value().expose(), "Ada");
}

TEST_F(Subjects, NeedAKeyThatCommits) {
  provider_->replace(KeysetUsage::reveal, kit::v2_reveal_keyset(kit::kWriteV2, "slim"));
  EXPECT_EQ(keys_.create().error().code(), ErrorCode::not_configured);
  provider_->replace(KeysetUsage::reveal, kit::keyset(kit::kRevealDocument));
  EXPECT_EQ(keys_.create().error().code(), ErrorCode::not_configured);
}

TEST_F(Subjects, AreOfVersion2WhichTheKeysetMustAccept) {
  const auto ada = keys_.create().value();
  provider_->replace(KeysetUsage::reveal, kit::v2_reveal_keyset(R"("accept_versions":[1])"));
  EXPECT_EQ(keys_.create().error().code(), ErrorCode::guard_refused);
  EXPECT_EQ(keys_.unwrap(ada.id, ada.wrapped).error().code(), ErrorCode::guard_refused);
  EXPECT_EQ(keys_.rewrap(ada.id, ada.wrapped).error().code(), ErrorCode::guard_refused);
}

}  // namespace
}  // namespace pii
