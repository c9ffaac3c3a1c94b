// The dispatched path makes no heap allocation once a context is known. This program replaces operator new to
// count.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kit/counting_new.hpp"
#include "kit/static_provider.hpp"
#include "kit/v2_keysets.hpp"
#include "pii/pii.hpp"

namespace pii {
namespace {

class Allocations : public testing::Test {
 protected:
  // How many allocations `call` makes when it has been made before.
  template <class Call>
  static std::size_t count(Call call) {
    for (int i = 0; i < 3; ++i) call();
    const std::size_t before = kit::allocation_count();
    for (int i = 0; i < 100; ++i) call();
    return kit::allocation_count() - before;
  }

  std::shared_ptr<kit::StaticProvider> provider_ = std::make_shared<kit::StaticProvider>(
      kit::keyset(kit::kTokenDocument), kit::keyset(kit::kRevealDocument));
  FullPii pii_{provider_, Environment::make("test").value()};
  FieldType email_ = FieldType::make("email").value();
  FieldType phone_ = FieldType::make("phone").value();
};

TEST_F(Allocations, TheCounterCounts) {
  EXPECT_EQ(count([] { ::operator delete(::operator new(1)); }), 100u);
}

TEST_F(Allocations, TokenizeIntoMakesNone) {
  char text[kTokenV1Size];
  const auto tokenize = [&](const FieldType& field, std::string_view value) {
    ASSERT_EQ(pii_.tokenizer().tokenize_into(field, value, text), ErrorCode::ok);
  };
  EXPECT_EQ(count([&] { tokenize(email_, "ada.lovelace@example.c"); }), 0u);
  EXPECT_EQ(count([&] { tokenize(email_, " Ada.Lovelace@Example.C "); }), 0u);
  EXPECT_EQ(count([&] {
              tokenize(email_,
                       "\xc3\x89"
                       "da@example.com");
            }),
            0u);
  EXPECT_EQ(count([&] { tokenize(phone_, "+44 20 7946 0958"); }), 0u);
  const std::string longer(200, 'x');
  EXPECT_EQ(count([&] { tokenize(email_, longer); }), 0u);
}

TEST_F(Allocations, TokenizeIntoMakesNoneForInvalidText) {
  char text[kTokenV1Size];
  EXPECT_EQ(count([&] {
              ASSERT_EQ(pii_.tokenizer().tokenize_into(email_, "\xff", text), ErrorCode::invalid_utf8);
            }),
            0u);
}

TEST_F(Allocations, TokenizeMakesNone) {
  EXPECT_EQ(count([&] { ASSERT_TRUE(pii_.tokenizer().tokenize(email_, "ada.lovelace@example.c")); }), 0u);
}

TEST_F(Allocations, TokenizeBatchMakesNone) {
  const std::vector<std::string_view> values(100, "Ada.Lovelace@example.c");
  std::vector<char> texts(values.size() * kTokenV1Size);
  std::vector<char*> out;
  for (std::size_t i = 0; i < values.size(); ++i) out.push_back(texts.data() + i * kTokenV1Size);
  std::vector<ErrorCode> codes(values.size());
  EXPECT_EQ(
      count([&] { ASSERT_EQ(pii_.tokenizer().tokenize_batch(email_, values, out, codes).value(), 0u); }), 0u);
}

TEST_F(Allocations, ProtectAndRevealIntoMakeNone) {
  std::vector<char> sealed(Protector::protected_capacity(22));
  std::vector<char> opened(sealed.size());
  EXPECT_EQ(count([&] {
              const auto written = pii_.protector().protect_into(email_, "ada.lovelace@example.c", sealed);
              ASSERT_TRUE(written);
              ASSERT_TRUE(pii_.protector().reveal_into(email_, *written, opened));
              ASSERT_TRUE(pii_.protector().reveal_into(email_, *written, opened, Base64Mode::lenient));
            }),
            0u);
}

TEST_F(Allocations, Version2MakesNone) {
  provider_->replace(KeysetUsage::token, kit::v2_token_keyset());
  EXPECT_EQ(count([&] { ASSERT_TRUE(pii_.tokenizer().tokenize(email_, "Ada.Lovelace@example.c", {"acme", {}, {}, {}})); }),
            0u);
  EXPECT_EQ(count([&] { ASSERT_TRUE(pii_.tokenizer().index(email_, "ada.lovelace@example.c")); }), 0u);
  std::vector<char> sealed(Protector::protected_capacity(22));
  std::vector<char> opened(sealed.size());
  const Binding binding{"acme", "row 17", {}, {}};
  for (const std::string_view active : {"enc2", "enc3", "slim"}) {
    provider_->replace(KeysetUsage::reveal, kit::v2_reveal_keyset(kit::kWriteV2, active));
    EXPECT_EQ(count([&] {
                const auto written = pii_.protector().protect_into(email_, "ada.lovelace@example.c", sealed, binding);
                ASSERT_TRUE(written);
                ASSERT_TRUE(pii_.protector().reveal_into(email_, *written, opened, Base64Mode::strict, binding));
              }),
              0u)
        << active;
  }
}

}  // namespace
}  // namespace pii
