#include "stream/value_batch.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace piictl::stream {
namespace {

using pii::ErrorCode;

ValueBatch batch_of(std::initializer_list<std::string_view> inputs) {
  ValueBatch batch(3);
  for (const std::string_view input : inputs) batch.add(input);
  batch.prepare();
  return batch;
}

TEST(ValueBatch, shows_the_operation_what_there_is) {
  ValueBatch batch = batch_of({"a", "b"});
  EXPECT_EQ(batch.target(), 3u);
  EXPECT_EQ(batch.size(), 2u);
  EXPECT_EQ(batch.inputs()[1], "b");
  EXPECT_EQ(batch.codes()[1], ErrorCode::ok);
}

TEST(ValueBatch, fixed_results) {
  ValueBatch batch = batch_of({"a", "b", "c"});
  const auto results = batch.make_fixed_results(4);
  ASSERT_EQ(results.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) std::string(4, static_cast<char>('x' + i)).copy(results[i], 4);
  batch.codes()[1] = ErrorCode::invalid_utf8;
  EXPECT_EQ(batch.text(0), "xxxx");
  EXPECT_EQ(batch.text(2), "zzzz");
  EXPECT_EQ(batch.code(1), ErrorCode::invalid_utf8);
  EXPECT_EQ(batch.reason(1), "not valid UTF-8");
}

TEST(ValueBatch, results_of_any_size_are_copied_or_kept_in_their_room) {
  ValueBatch batch = batch_of({"a", "b", "c"});
  {
    const std::string text(1000, 'x');
    batch.set(0, text);
  }
  const auto room = batch.room(8);
  std::string_view("in place").copy(room.data(), 8);
  batch.set(2, {room.data(), 8});
  EXPECT_EQ(batch.text(0), std::string(1000, 'x'));
  EXPECT_EQ(batch.text(1), "");
  EXPECT_EQ(batch.text(2), "in place");
  EXPECT_EQ(batch.text(2).data(), room.data());
}

TEST(ValueBatch, lists) {
  ValueBatch batch = batch_of({"a", "b", "c"});
  batch.set_list(1, std::array<std::string_view, 2>{"x", "y"});
  batch.set_list(2, {});
  EXPECT_FALSE(batch.is_list(0));
  ASSERT_TRUE(batch.is_list(1));
  ASSERT_EQ(batch.list(1).size(), 2u);
  EXPECT_EQ(batch.list(1)[1], "y");
  EXPECT_TRUE(batch.is_list(2));
  EXPECT_EQ(batch.list(2).size(), 0u);
}

TEST(ValueBatch, a_result_is_never_taken_for_a_reason) {
  ValueBatch batch = batch_of({"a", "b"});
  batch.set(0, "secret");
  batch.codes()[0] = ErrorCode::reveal_failed;
  EXPECT_EQ(batch.reason(0).find("secret"), std::string_view::npos);
  batch.fail(1, ErrorCode::reveal_failed, "a reason");
  EXPECT_EQ(batch.reason(1), "a reason");
  EXPECT_EQ(batch.text(1), "");
}

TEST(ValueBatch, clear_forgets_everything) {
  ValueBatch batch = batch_of({"a"});
  batch.make_fixed_results(4);
  batch.fail(0, ErrorCode::internal, "x");
  batch.clear();
  batch.add("b");
  batch.prepare();
  EXPECT_EQ(batch.size(), 1u);
  EXPECT_EQ(batch.code(0), ErrorCode::ok);
  EXPECT_EQ(batch.text(0), "");
}

}  // namespace
}  // namespace piictl::stream
