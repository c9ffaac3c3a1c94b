#include "stream/arena.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace piictl::stream {
namespace {

TEST(Arena, texts_stay_where_they_are) {
  Arena arena;
  std::vector<std::string_view> kept;
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < 2000; ++i) {
    expected.push_back(std::string(i % 300, static_cast<char>('a' + i % 26)));
    kept.push_back(arena.keep(expected.back()));
  }
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i], expected[i]);
}

TEST(Arena, a_text_written_into_the_room_is_kept_in_place) {
  Arena arena;
  const auto room = arena.room(100);
  room[0] = 'x';
  room[1] = 'y';
  EXPECT_EQ(arena.keep({room.data(), 2}).data(), room.data());
  EXPECT_EQ(arena.room(10).data(), room.data() + 2);  // what was not kept is given again
}

TEST(Arena, another_text_is_copied_even_while_room_is_given) {
  Arena arena;
  static_cast<void>(arena.room(100));
  const std::string text = "elsewhere";
  const std::string_view kept = arena.keep(text);
  EXPECT_NE(kept.data(), text.data());
  EXPECT_EQ(kept, text);
  EXPECT_EQ(arena.keep(""), "");
}

TEST(Arena, clear_reuses_the_memory_and_gives_long_texts_back) {
  Arena arena;
  const char* first = arena.allocate(10);
  char* large = arena.allocate(std::size_t{1} << 20);
  large[(std::size_t{1} << 20) - 1] = 'x';
  arena.clear();
  EXPECT_EQ(arena.allocate(10), first);
}

}  // namespace
}  // namespace piictl::stream
