#include "policy_text.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "kit/temporary_folder.hpp"
#include "pii/policy/policy_file.hpp"

namespace pii {
namespace {

class PolicyTextTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    const std::string path = folder_ / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path;
  }
  kit::TemporaryFolder folder_;
};

TEST_F(PolicyTextTest, TakesWhatOnlyItsOwnerMayWrite) {
  EXPECT_TRUE(load_policy(write("a.yaml", "version: 1\n", 0644)));
  EXPECT_TRUE(load_policy(write("a.json", "{\"version\": 1}", 0400)));
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    const auto spec = load_policy(write("b.yaml", "version: 1\n", mode));
    ASSERT_FALSE(spec);
    EXPECT_EQ(spec.error().code(), ErrorCode::file_permission);
  }
}

TEST_F(PolicyTextTest, RefusesWhatIsNoSmallRegularFile) {
  EXPECT_EQ(load_policy(folder_ / "none.yaml").error().code(), ErrorCode::file_not_found);
  EXPECT_EQ(load_policy(folder_ / ".").error().code(), ErrorCode::file_unreadable);
  const std::string pipe = folder_ / "pipe.yaml";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(load_policy(pipe).error().code(), ErrorCode::file_unreadable);
  EXPECT_EQ(load_policy(write("big.yaml", std::string(kMaxPolicySize + 1, '#'))).error().code(),
            ErrorCode::too_large);
}

TEST_F(PolicyTextTest, ReadsCardPrefixesBesideThePolicy) {
  write("mada.csv", "# prefixes\n968299,bank\n5888\n\n");
  const std::string policy = "version: 1\ndetectors: { card: { iin_extra: mada.csv } }\n";
  const auto spec = load_policy(write("a.yaml", policy));
  ASSERT_TRUE(spec) << spec.error().message();
  EXPECT_EQ(spec->extra_iins, (std::vector<std::string>{"968299", "5888"}));
  EXPECT_FALSE(parse_policy(policy, PolicySyntax::yaml));
  write("mada.csv", "12\n");
  EXPECT_FALSE(load_policy(folder_ / "a.yaml"));
  write("mada.csv", "968299\n", 0666);
  EXPECT_FALSE(load_policy(folder_ / "a.yaml"));
}

}  // namespace
}  // namespace pii
