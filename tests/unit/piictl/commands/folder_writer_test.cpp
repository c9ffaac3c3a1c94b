#include "folder_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace piictl {
namespace {

namespace fs = std::filesystem;
using pii::ErrorCode;
using pii::SecretBytes;

SecretBytes bytes(std::string_view text) { return SecretBytes::copy_of(std::as_bytes(std::span(text))); }

class FolderWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "folder_writer_XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t count_files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(FolderWriterTest, CreatesOnceAndPrivately) {
  const auto writer = FolderWriter::lock(path("k"));
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->create(bytes("one")));
  EXPECT_EQ(read("k"), "one");
  EXPECT_EQ(fs::status(path("k")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto again = writer->create(bytes("two"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), ErrorCode::already_exists);
  EXPECT_EQ(read("k"), "one");
  EXPECT_EQ(count_files(), 1U);
}

TEST_F(FolderWriterTest, ReplacesAndKeepsThePrevious) {
  {
    const auto writer = FolderWriter::lock(path("k"));
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->create(bytes("one")));
    ASSERT_TRUE(writer->replace(bytes("one"), bytes("two")));
    ASSERT_TRUE(writer->replace(bytes("two"), bytes("three")));
  }
  EXPECT_EQ(read("k"), "three");
  EXPECT_EQ(read("k.prev"), "two");
  EXPECT_EQ(count_files(), 2U);
}

TEST_F(FolderWriterTest, FollowsALinkToTheFile) {
  fs::create_directory(folder_ / "real");
  std::ofstream(folder_ / "real" / "k") << "one";
  fs::create_symlink("real/k", folder_ / "link");
  const auto writer = FolderWriter::lock(path("link"));
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->replace(bytes("one"), bytes("two")));
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read("real/k"), "two");
  EXPECT_EQ(read("real/k.prev"), "one");
}

TEST_F(FolderWriterTest, LeavesKubernetesVolumesAlone) {
  fs::create_directory(folder_ / "..2026_01_01");
  std::ofstream(folder_ / "..2026_01_01" / "k") << "one";
  fs::create_symlink("..2026_01_01", folder_ / "..data");
  fs::create_symlink("..data/k", folder_ / "k");
  for (const char* name : {"k", "..data/k", "..2026_01_01/k"}) {
    const auto writer = FolderWriter::lock(path(name));
    ASSERT_FALSE(writer) << name;
    EXPECT_EQ(writer.error().code(), ErrorCode::guard_refused) << name;
  }
  fs::create_directory(folder_ / "sub");
  EXPECT_TRUE(FolderWriter::lock(path("sub/../other")));  // a parent folder is no such mark
}

TEST_F(FolderWriterTest, KeepsTheOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may give files away";
  std::ofstream(folder_ / "k") << "one";
  ASSERT_EQ(::chown(path("k").c_str(), 12345, 54321), 0);
  const auto writer = FolderWriter::lock(path("k"));
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->replace(bytes("one"), bytes("two")));
  for (const char* name : {"k", "k.prev"}) {
    struct stat status = {};
    ASSERT_EQ(::stat(path(name).c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 12345U) << name;
    EXPECT_EQ(status.st_gid, 54321U) << name;
    EXPECT_EQ(status.st_mode & 07777U, 0600U) << name;
  }
}

TEST_F(FolderWriterTest, RemovesWhatACrashLeftAndNothingElse) {
  for (const char* name :
       {".k.piictl-0123456789abcdef", ".k.piictl-short", ".other.piictl-0123456789abcdef"}) {
    std::ofstream(folder_ / name) << "x";
  }
  ASSERT_TRUE(FolderWriter::lock(path("k")));
  EXPECT_FALSE(fs::exists(folder_ / ".k.piictl-0123456789abcdef"));
  EXPECT_EQ(count_files(), 2U);
}

TEST_F(FolderWriterTest, OneAtATime) {
  const int fd = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_GE(fd, 0);
  {
    const auto writer = FolderWriter::lock(path("k"));
    ASSERT_TRUE(writer);
    EXPECT_EQ(::flock(fd, LOCK_EX | LOCK_NB), -1);
  }
  EXPECT_EQ(::flock(fd, LOCK_EX | LOCK_NB), 0);
  ::close(fd);
}

}  // namespace
}  // namespace piictl
