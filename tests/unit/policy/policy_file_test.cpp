#include "pii/policy/policy_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "kit/temporary_folder.hpp"

namespace pii {
namespace {

class PolicyFileTest : public testing::Test {
 protected:
  // As editors and deployments do it: a new file takes the old one's name.
  void write(const std::string& text, mode_t mode = 0600) {
    const std::string next = path_ + ".next";
    std::ofstream(next) << text;
    ::chmod(next.c_str(), mode);
    std::filesystem::rename(next, path_);
  }
  static std::uint32_t depth_of(PolicyFile& file) { return file.current()->spec().max_depth; }

  kit::TemporaryFolder folder_;
  std::string path_ = folder_ / "policy.yaml";
};

TEST_F(PolicyFileTest, FollowsTheFile) {
  write("version: 1\nlimits: { max_depth: 10 }\n");
  auto file = PolicyFile::open(path_, {.interval = std::chrono::milliseconds(0)});
  ASSERT_TRUE(file) << file.error().message();
  EXPECT_EQ(depth_of(**file), 10U);
  const auto first = (*file)->current();
  EXPECT_EQ((*file)->current(), first);
  EXPECT_EQ((*file)->status().revision, 1U);
  write("version: 1\nlimits: { max_depth: 20 }\n");
  EXPECT_EQ(depth_of(**file), 20U);
  EXPECT_EQ((*file)->status().revision, 2U);
  EXPECT_EQ(first->spec().max_depth, 10U);
}

TEST_F(PolicyFileTest, ABadReloadKeepsTheLastGoodOne) {
  write("version: 1\nlimits: { max_depth: 10 }\n");
  auto file = PolicyFile::open(path_, {.interval = std::chrono::milliseconds(0)});
  ASSERT_TRUE(file);
  write("version: 1\nlimits: { max_depth: 0 }\n");
  EXPECT_EQ(depth_of(**file), 10U);
  EXPECT_EQ(depth_of(**file), 10U);
  EXPECT_EQ((*file)->status().refused, 1U) << "a file that was refused is not read again until it changes";
  ASSERT_TRUE((*file)->status().error);
  EXPECT_EQ((*file)->status().error->code(), ErrorCode::invalid_setting);
  write("version: 1\n", 0666);
  EXPECT_EQ(depth_of(**file), 10U);
  EXPECT_EQ((*file)->status().error->code(), ErrorCode::file_permission);
  std::filesystem::remove(path_);
  EXPECT_EQ(depth_of(**file), 10U);
  EXPECT_EQ((*file)->status().error->code(), ErrorCode::file_not_found);
  write("version: 1\nlimits: { max_depth: 30 }\n");
  EXPECT_EQ(depth_of(**file), 30U);
  EXPECT_FALSE((*file)->status().error);
}

TEST_F(PolicyFileTest, LooksNoMoreOftenThanAsked) {
  write("version: 1\nlimits: { max_depth: 10 }\n");
  auto file = PolicyFile::open(path_, {.interval = std::chrono::hours(1)});
  ASSERT_TRUE(file);
  write("version: 1\nlimits: { max_depth: 20 }\n");
  EXPECT_EQ(depth_of(**file), 10U);
}

TEST_F(PolicyFileTest, WhatAProgramAdjustsHoldsForEachPolicy) {
  write("version: 1\nlimits: { max_depth: 10, max_line_bytes: 5000 }\n");
  auto file = PolicyFile::open(path_, {.interval = std::chrono::milliseconds(0),
                                       .adjust = [](PolicySpec& spec) { spec.max_line_bytes = 2000; }});
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->current()->spec().max_line_bytes, 2000U);
  write("version: 1\nlimits: { max_depth: 20, max_line_bytes: 6000 }\n");
  EXPECT_EQ(depth_of(**file), 20U);
  EXPECT_EQ((*file)->current()->spec().max_line_bytes, 2000U);
}

TEST_F(PolicyFileTest, DoesNotOpenWhatIsRefused) {
  EXPECT_EQ(PolicyFile::open(path_, {}).error().code(), ErrorCode::file_not_found);
  write("version: 3\n");
  EXPECT_EQ(PolicyFile::open(path_, {}).error().code(), ErrorCode::unsupported_version);
}

TEST_F(PolicyFileTest, ServesManyThreads) {
  write("version: 1\nlimits: { max_depth: 10 }\n");
  auto file = PolicyFile::open(path_, {.interval = std::chrono::milliseconds(0)});
  ASSERT_TRUE(file);
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) EXPECT_EQ(depth_of(**file) % 10, 0U);
    });
  }
  for (int i = 1; i < 20; ++i) write("version: 1\nlimits: { max_depth: " + std::to_string(i * 10) + " }\n");
  stop = true;
  for (std::thread& reader : readers) reader.join();
}

}  // namespace
}  // namespace pii
