// docs/policy.schema.json has the members that the parser takes, and no others.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "members.hpp"
#include "pii/mask_policy.hpp"

namespace pii::policy {
namespace {

nlohmann::json schema() {
  std::ifstream file(PII_TEST_DOCS "/policy.schema.json");
  return nlohmann::json::parse(file);
}

std::set<std::string> names_of(const nlohmann::json& object) {
  std::set<std::string> names;
  for (const auto& item : object.items()) names.insert(item.key());
  return names;
}

TEST(PolicySchema, HasTheParsersMembers) {
  const nlohmann::json document = schema();
  for (const MemberList& list : kMemberLists) {
    const std::string name(list.object);
    const nlohmann::json& object = name == "policy" ? document : document.at("$defs").at(name);
    EXPECT_EQ(names_of(object.at("properties")), std::set<std::string>(list.names.begin(), list.names.end()))
        << name;
    EXPECT_EQ(object.at("additionalProperties"), false) << name;
  }
}

TEST(PolicySchema, HasNoOtherObjects) {
  std::set<std::string> known;
  for (const MemberList& list : kMemberLists) known.insert(std::string(list.object));
  const nlohmann::json document = schema();
  for (const auto& [name, definition] : document.at("$defs").items()) {
    EXPECT_TRUE(!definition.contains("properties") || known.contains(name)) << name;
  }
}

TEST(PolicySchema, NamesTheProfiles) {
  std::set<std::string> listed;
  const nlohmann::json document = schema();
  for (const auto& name : document.at("properties").at("extends").at("items").at("enum"))
    listed.insert(name.get<std::string>());
  std::set<std::string> known;
  for (std::string_view name : PolicySpec::profile_names()) known.insert(std::string(name));
  EXPECT_EQ(listed, known);
}

}  // namespace
}  // namespace pii::policy
