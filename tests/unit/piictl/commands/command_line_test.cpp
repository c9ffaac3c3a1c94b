#include "command_line.hpp"

#include <gtest/gtest.h>

#include <set>

namespace piictl {
namespace {

using pii::ErrorCode;
using Arguments = std::vector<std::string>;

constexpr CommandEntry kEntry{"try", "Group", "summary", "description", nullptr};

// Options of every kind, and what came of parsing.
struct Fixture {
  bool flag = false;
  std::string text;
  std::vector<std::string> list;
  std::uint64_t number = 7;
  std::string file;
  OptionList options;

  Fixture() {
    options.add_switch("--flag", flag, "");
    options.add_text("-t,--text", text, "TEXT", "");
    options.add_list("--list", list, "ITEM", "");
    OptionSpec& spec = options.add_number("--number", number, "N", "");
    spec.minimum = 2;
    spec.maximum = 9;
    options.add_text("FILE", file, "", "");
  }
  ErrorCode parse(const Arguments& arguments) {
    const auto parsed = parse_options(kEntry, options, arguments);
    message = parsed ? "" : parsed.error().message() + parsed.error().hint();
    return parsed ? ErrorCode::ok : parsed.error().code();
  }
  std::string message;
};

TEST(CommandLine, FillsTargets) {
  Fixture f;
  ASSERT_EQ(f.parse({"--flag", "-t", "a", "--list", "1", "path", "--list=2", "--number", "9"}),
            ErrorCode::ok);
  EXPECT_TRUE(f.flag);
  EXPECT_EQ(f.text, "a");
  EXPECT_EQ(f.list, (Arguments{"1", "2"}));
  EXPECT_EQ(f.number, 9U);
  EXPECT_EQ(f.file, "path");
}

TEST(CommandLine, LeavesAbsentTargetsAlone) {
  Fixture f;
  ASSERT_EQ(f.parse({}), ErrorCode::ok);
  EXPECT_EQ(f.number, 7U);
  EXPECT_TRUE(f.list.empty());
}

// CLI11 would split such a text into several.
TEST(CommandLine, TakesBracketsAsTheyAre) {
  Fixture f;
  ASSERT_EQ(f.parse({"--list", "['a.b']", "--list", "[a,b]", "--text", "[x,y]"}), ErrorCode::ok);
  EXPECT_EQ(f.list, (Arguments{"['a.b']", "[a,b]"}));
  EXPECT_EQ(f.text, "[x,y]");
}

// "--text=" must not swallow what follows.
TEST(CommandLine, AnEmptyAssignmentTakesNothingElse) {
  Fixture f;
  EXPECT_EQ(f.parse({"--text=", "--flag"}), ErrorCode::usage);
  EXPECT_EQ(f.text, "");
}

TEST(CommandLine, NeverRepeatsWhatItDoesNotKnow) {
  const std::set<Arguments> mistakes = {{"CANARY", "CANARY"},
                                        {"--CANARY"},
                                        {"--CANARY=CANARY"},
                                        {"-CANARY"},
                                        {"--number", "CANARY"},
                                        {"--number=CANARY"},
                                        {"--number", "1CANARY"},
                                        {"--flag=CANARY"},
                                        {"--text", "a", "--text", "CANARY"},
                                        {"--text="},
                                        {"--text"},
                                        {"--", "CANARY", "CANARY"},
                                        {"--", "CANARY", "--CANARY"},
                                        {"-x", "CANARY"},
                                        {"a", "+965 CANARY"},
                                        {"--number", "10"},
                                        {"--number", "1"},
                                        {"--number", "-3"},
                                        {"--number", "99999999999999999999"}};
  for (const Arguments& arguments : mistakes) {
    Fixture f;
    EXPECT_EQ(f.parse(arguments), ErrorCode::usage) << testing::PrintToString(arguments);
    EXPECT_EQ(f.message.find("CANARY"), std::string::npos) << f.message;
    EXPECT_FALSE(f.message.empty());
  }
}

TEST(CommandLine, FindsTheCommand) {
  const auto path_of = [](const Arguments& arguments) {
    const auto selection = select_command(arguments);
    return selection && selection->entry != nullptr ? std::string(selection->entry->path)
                                                    : std::string("none");
  };
  EXPECT_EQ(path_of({"tokenize"}), "tokenize");
  EXPECT_EQ(path_of({"keyset", "info", "FILE"}), "keyset info");
  EXPECT_EQ(path_of({"--json", "--env", "tokenize", "keyset", "lint"}), "keyset lint");
  EXPECT_EQ(path_of({"--env=x", "man"}), "man");
  EXPECT_EQ(path_of({"help", "rotate"}), "rotate");
  EXPECT_EQ(path_of({"keyset"}), "none");
  EXPECT_EQ(path_of({"info"}), "none");
  EXPECT_EQ(path_of({}), "none");
  EXPECT_EQ(path_of({"--help"}), "none");
}

// The table is the only source of help, manual and completions.
TEST(CommandLine, EveryCommandIsDescribed) {
  std::set<std::string_view> paths;
  for (const CommandEntry& entry : command_table()) {
    EXPECT_TRUE(paths.insert(entry.path).second) << entry.path;
    EXPECT_FALSE(entry.summary.empty() || entry.description.empty() || entry.group.empty()) << entry.path;
    OptionList options;
    CommonFlags flags;
    const auto command = entry.make();
    command->declare(options);
    flags.declare(options);
    std::set<std::string_view> names;
    for (const OptionSpec& spec : options.specs()) {
      EXPECT_TRUE(names.insert(spec.long_name()).second) << entry.path << " " << spec.names;
      EXPECT_FALSE(spec.help.empty()) << entry.path << " " << spec.names;
      EXPECT_EQ(spec.takes_value() && !spec.is_positional(), !spec.value_name.empty())
          << entry.path << " " << spec.names;
    }
  }
}

}  // namespace
}  // namespace piictl
