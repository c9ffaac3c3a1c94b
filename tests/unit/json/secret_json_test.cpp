#include "pii/secret_json.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace pii {
namespace {

SecretBytes secret(std::string_view text) {
  return SecretBytes::copy_of(std::as_bytes(std::span(text.data(), text.size())));
}

std::string shown(const SecretBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.expose().data()), bytes.size()};
}

SecretJson parse(std::string_view text) {
  auto json = SecretJson::parse(secret(text), 8);
  EXPECT_TRUE(json) << text;
  return *std::move(json);
}

TEST(SecretJson, FindsMembersAlongAPath) {
  const SecretJson json = parse(R"({"data":{"data":{"keyset":"a\"b\n\u00e9"},"metadata":{"version":7}}})");
  const auto keyset = json.find({"data", "data", "keyset"});
  ASSERT_TRUE(keyset);
  EXPECT_TRUE(keyset->is_string());
  EXPECT_EQ(shown(keyset->secret_text()), "a\"b\n\xc3\xa9");
  EXPECT_EQ(keyset->plain_text(), "a\"b\n\xc3\xa9");
  EXPECT_EQ(keyset->plain_text(3), "");
  EXPECT_EQ(json.find({"data", "metadata", "version"})->integer(), 7);
  EXPECT_FALSE(json.find({"data", "nothing", "version"}));
  EXPECT_FALSE(json.find({"data", "data", "keyset", "deeper"}));
  EXPECT_EQ(shown(json.find({"data", "metadata"})->written()), R"({"version":7})");
}

TEST(SecretJson, TellsKindsApart) {
  const SecretJson json =
      parse(R"({"n":null,"t":true,"f":false,"i":-3,"d":1.5,"big":99999999999999999999,"o":{},"a":[1,"x"]})");
  EXPECT_TRUE(json.find({"n"})->is_null());
  EXPECT_TRUE(json.find({"t"})->is_true());
  EXPECT_FALSE(json.find({"f"})->is_true());
  EXPECT_EQ(json.find({"i"})->integer(), -3);
  EXPECT_FALSE(json.find({"d"})->integer());
  EXPECT_FALSE(json.find({"big"})->integer());
  EXPECT_FALSE(json.find({"t"})->integer());
  EXPECT_TRUE(json.find({"o"})->is_object());
  EXPECT_EQ(json.find({"o"})->size(), 0u);
  EXPECT_EQ(json.find({"a"})->size(), 2u);
  EXPECT_EQ(json.find({"a"})->at(1)->plain_text(), "x");
  EXPECT_FALSE(json.find({"a"})->at(2));
  EXPECT_EQ(json.root().name_at(1), "t");
  EXPECT_EQ(json.root().name_at(99), "");
  EXPECT_TRUE(json.find({"n"})->secret_text().empty());
}

TEST(SecretJson, StaysValidWhenMoved) {
  SecretJson first = parse(R"({"a":"b"})");
  const SecretJson second = std::move(first);
  EXPECT_EQ(second.find({"a"})->plain_text(), "b");
}

TEST(SecretJson, RefusesWhatIsNotStrictAndNeverRepeatsIt) {
  for (const char* text : {"", "{", R"({"CANARY":1,"CANARY":2})", R"({"a":"CANARY)", R"({"a":"\ud800"})",
                           "[[[[[[[[[1]]]]]]]]]", R"({"a":1} CANARY)", "\xef\xbb\xbf{}"}) {
    const auto json = SecretJson::parse(secret(text), 8);
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().message().find("CANARY"), std::string::npos);
  }
}

TEST(SecretJson, WritesStringsThatItReadsBack) {
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("q\"b\\n\n\t\r\x01\x1f"), std::string("\xc3\xa9")}) {
    std::vector<std::byte> out(json_string_size(text));
    ASSERT_EQ(write_json_string(text, out.data()), out.size());
    const auto json = SecretJson::parse(SecretBytes::copy_of(out), 1);
    ASSERT_TRUE(json);
    EXPECT_EQ(shown(json->root().secret_text()), text);
  }
}

}  // namespace
}  // namespace pii
