#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace pii::kit {

/// A file of tests/vectors/ecsctx. Every member must be one that the reader knows: a vector that says more
/// than the test checks fails it.
class VectorFile {
 public:
  using Json = nlohmann::ordered_json;

  VectorFile(const std::string& family, std::initializer_list<std::string> members) {
    std::ifstream file(std::string(PII_TEST_VECTORS "/ecsctx/") + family + ".json");
    document_ = Json::parse(file, nullptr, false);
    EXPECT_FALSE(document_.is_discarded()) << family << " cannot be read";
    if (document_.is_discarded()) return;
    std::set<std::string> known(members);
    known.insert({"family", "peer", "python", "unicode", "rows"});
    expect_known(document_, known, family);
    EXPECT_EQ(document_.value("family", ""), family);
    EXPECT_FALSE(rows().empty());
  }

  const Json& rows() const { return document_.at("rows"); }
  const Json& operator[](const char* member) const { return document_.at(member); }

  /// Fails the test when `object` has a member outside `known`.
  static void expect_known(const Json& object, const std::set<std::string>& known, const std::string& where) {
    for (const auto& [name, value] : object.items()) {
      EXPECT_TRUE(known.count(name) != 0) << where << ": unknown member " << name;
    }
  }

  /// A string, or a recipe {"repeat": text, "n": count}.
  static std::string text(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    expect_known(value, {"repeat", "n"}, "recipe");
    const auto piece = value.at("repeat").get<std::string>();
    std::string all;
    for (auto n = value.at("n").get<std::size_t>(); n > 0; --n) all += piece;
    return all;
  }

 private:
  Json document_;
};

}  // namespace pii::kit
