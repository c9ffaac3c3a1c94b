#include "pii/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

namespace {

// What a block of memory held at the moment it was given back.
const void* watched = nullptr;
std::vector<char> last_content;

}  // namespace

void* operator new[](std::size_t size) {
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete[](void* memory) noexcept {
  if (memory != nullptr && memory == watched) {
    const char* bytes = static_cast<const char*>(memory);
    std::copy(bytes, bytes + last_content.size(), last_content.begin());
    watched = nullptr;
  }
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept { operator delete[](memory); }

namespace pii {
namespace {

constexpr std::string_view kCanary = "canary-canary-canary";

SecretBytes canary() { return SecretBytes::copy_of(std::as_bytes(std::span(kCanary))); }

std::string_view text_of(const SecretBytes& secret) {
  return {reinterpret_cast<const char*>(secret.expose().data()), secret.size()};
}

void watch(const SecretString& secret) {
  watched = secret.expose().data();
  last_content.assign(secret.size(), '?');
}

bool was_wiped() {
  return watched == nullptr && !last_content.empty() &&
         std::all_of(last_content.begin(), last_content.end(), [](char c) { return c == 0; });
}

TEST(Wipe, Zeros) {
  std::vector<char> bytes(100, 'x');
  wipe(bytes.data() + 1, 98);
  EXPECT_EQ(bytes[0], 'x');
  EXPECT_EQ(bytes[99], 'x');
  EXPECT_TRUE(std::all_of(bytes.begin() + 1, bytes.end() - 1, [](char c) { return c == 0; }));
}

TEST(SecretBytes, StartsAsZeros) {
  const SecretBytes secret(33);
  EXPECT_EQ(secret.size(), 33U);
  for (const std::byte byte : secret.expose()) EXPECT_EQ(byte, std::byte{0});
}

TEST(SecretBytes, OfSizeZeroNeedsNoMemory) {
  const SecretBytes secret(0);
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(secret.expose().data(), nullptr);
  EXPECT_TRUE(secret == SecretBytes());
  EXPECT_TRUE(SecretBytes::copy_of({}).empty());
  EXPECT_TRUE(SecretBytes::random(0).empty());
}

TEST(SecretBytes, MovesWithoutACopy) {
  SecretBytes first = canary();
  const std::byte* data = first.expose().data();
  SecretBytes second = std::move(first);
  EXPECT_EQ(second.expose().data(), data);
  EXPECT_EQ(text_of(second), kCanary);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): what is left is what is tested
  EXPECT_EQ(first.expose().data(), nullptr);
}

TEST(SecretBytes, MoveAssignmentTakesOverAndLeavesNothing) {
  SecretBytes first = canary();
  SecretBytes second(5);
  second = std::move(first);
  EXPECT_EQ(text_of(second), kCanary);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
  SecretBytes& same = second;
  second = std::move(same);
  EXPECT_EQ(text_of(second), kCanary);
}

TEST(SecretBytes, ComparesSizeAndEveryByte) {
  EXPECT_TRUE(canary() == canary());
  EXPECT_FALSE(canary() == SecretBytes(kCanary.size()));
  EXPECT_FALSE(canary() == SecretBytes());
  for (std::size_t i = 0; i < kCanary.size(); ++i) {
    SecretBytes other = canary();
    other.expose_mutable()[i] ^= std::byte{1};
    EXPECT_FALSE(canary() == other) << i;
  }
  SecretBytes shorter = canary();
  shorter.shrink(kCanary.size() - 1);
  EXPECT_FALSE(canary() == shorter);
}

TEST(SecretBytes, ShrinkKeepsThePlaceAndWipesTheRest) {
  SecretBytes secret = canary();
  const std::byte* data = secret.expose().data();
  secret.shrink(6);
  EXPECT_EQ(secret.expose().data(), data);
  EXPECT_EQ(text_of(secret), "canary");
  for (std::size_t i = 6; i < kCanary.size(); ++i) EXPECT_EQ(data[i], std::byte{0});
  secret.shrink(100);
  EXPECT_EQ(secret.size(), 6U);
}

TEST(SecretBytes, RandomDiffers) { EXPECT_FALSE(SecretBytes::random(16) == SecretBytes::random(16)); }

using SecretBytesDeathTest = testing::Test;

TEST(SecretBytesDeathTest, CannotBeWrittenOnceReadOnly) {
  SecretBytes secret = canary();
  secret.make_read_only();
  EXPECT_EQ(text_of(secret), kCanary);
  EXPECT_DEATH(secret.expose_mutable()[0] = std::byte{0}, "");
}

TEST(SecretBytesDeathTest, ReadOnlyMemoryCanStillBeGivenBack) {
  SecretBytes secret = canary();
  secret.make_read_only();
  secret = SecretBytes(1);
  EXPECT_EQ(secret.size(), 1U);
  SecretBytes().make_read_only();
}

TEST(SecretBytesDeathTest, AGuardPageFollows) {
  const SecretBytes secret = canary();
  const volatile std::byte* data = secret.expose().data();
  EXPECT_DEATH(static_cast<void>(data[kCanary.size()]), "");
}

TEST(SecretBytesDeathTest, IsGoneAfterwards) {
  const volatile std::byte* data = nullptr;
  {
    const SecretBytes secret = canary();
    data = secret.expose().data();
  }
  EXPECT_DEATH(static_cast<void>(data[0]), "");
}

TEST(SecretString, IsWipedOnDestruction) {
  {
    const SecretString secret = SecretString::copy_of(kCanary);
    EXPECT_EQ(secret.expose(), kCanary);
    watch(secret);
  }
  EXPECT_TRUE(was_wiped());
}

TEST(SecretString, IsWipedOnMoveAssignment) {
  SecretString secret = SecretString::copy_of(kCanary);
  watch(secret);
  secret = SecretString::copy_of("other");
  EXPECT_TRUE(was_wiped());
  EXPECT_EQ(secret.expose(), "other");
}

TEST(SecretString, MovesWithoutACopy) {
  SecretString first = SecretString::copy_of(kCanary);
  const char* data = first.expose().data();
  const SecretString second = std::move(first);
  EXPECT_EQ(second.expose().data(), data);
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(first.expose(), "");
}

TEST(SecretString, NarrowShowsAPartAndTheWholeIsWiped) {
  {
    SecretString secret = SecretString::copy_of(kCanary);
    watch(secret);
    secret.narrow(7, 6);
    EXPECT_EQ(secret.expose(), "canary");
    secret.narrow(2, 100);
    EXPECT_EQ(secret.expose(), "nary");
    secret.narrow(100, 1);
    EXPECT_EQ(secret.expose(), "");
  }
  EXPECT_TRUE(was_wiped());
}

TEST(SecretString, OfSizeZeroNeedsNoMemory) {
  SecretString secret(0);
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(secret.expose(), "");
  EXPECT_TRUE(secret.expose_mutable().empty());
}

}  // namespace
}  // namespace pii
