// Every example of docs/policy.md is a policy that is taken and compiles.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "pii/policy/policy_file.hpp"

namespace pii {
namespace {

TEST(PolicyReference, ItsExamplesAreTaken) {
  std::ifstream file(PII_TEST_DOCS "/policy.md");
  std::string line, block, language;
  bool inside = false;
  int examples = 0;
  while (std::getline(file, line)) {
    if (!line.starts_with("```")) {
      block += line + "\n";
      continue;
    }
    inside = !inside;
    if (inside) {
      language = line.substr(3);
    } else if (language == "yaml" || language == "json") {
      auto spec = parse_policy(block, language == "yaml" ? PolicySyntax::yaml : PolicySyntax::json);
      ASSERT_TRUE(spec) << spec.error().message() << "\n" << block;
      auto compiled = MaskPolicy::compile(*std::move(spec));
      EXPECT_TRUE(compiled) << compiled.error().message() << "\n" << block;
      ++examples;
    }
    block.clear();
  }
  EXPECT_GE(examples, 5);
}

}  // namespace
}  // namespace pii
