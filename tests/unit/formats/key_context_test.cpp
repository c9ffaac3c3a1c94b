#include "formats/key_context.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pii::formats {
namespace {

std::string text_of(Purpose purpose, const KeyContext& context) {
  std::string text(kMaxContextSize, '?');
  text.resize(write_context(purpose, context, text.data()));
  return text;
}

TEST(KeyContext, IsEveryPartBehindItsLength) {
  using namespace std::string_literals;
  EXPECT_EQ(text_of(Purpose::token, {"prod", "", "email", "email.1", "tk2"}),
            "libpii/v2\0\x01\0\0\0\x04prod\0\0\0\0\0\0\0\x05" "email\0\0\0\x07" "email.1\0\0\0\x03tk2"s);
  EXPECT_EQ(text_of(Purpose::format_preserving, {"p", "t", "f", "none", "k"}).substr(9, 2), "\0\x06"s);
}

TEST(KeyContext, TheLongestFits) {
  const std::string name(kMaxV2NameSize, 'n');
  const std::string kid(kMaxV2KidSize, 'k');
  EXPECT_EQ(text_of(Purpose::encrypt, {name, name, name, name, kid}).size(), kMaxContextSize);
}

TEST(KeyContext, NoTwoPlacesShareOne) {
  std::set<std::string> seen;
  std::size_t count = 0;
  const std::string parts[] = {"a", "aa", "b"};
  for (int purpose = 1; purpose <= 6; ++purpose) {
    for (const std::string& env : parts) {
      for (const std::string tenant : {"", "a", "aa"}) {
        for (const std::string& field : parts) {
          for (const std::string& norm : parts) {
            for (const std::string& kid : parts) {
              seen.insert(text_of(static_cast<Purpose>(purpose), {env, tenant, field, norm, kid}));
              ++count;
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), count);
}

}  // namespace
}  // namespace pii::formats
