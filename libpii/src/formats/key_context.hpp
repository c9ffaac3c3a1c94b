#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pii/names.hpp"

namespace pii::formats {

/// What a version 2 sub-key is for (docs/formats.md section 2.1). The numbers are part of the format.
enum class Purpose : std::uint8_t {
  token = 1,
  encrypt = 2,
  commit = 3,
  blind_index = 4,
  data_key = 5,
  format_preserving = 6,
};

/// Where a value belongs. Every part is a version 2 name; only the tenant may be empty. The key id is that of
/// a version 2 key, or `~` and a subject's id.
struct KeyContext {
  std::string_view environment;
  std::string_view tenant;
  std::string_view field;
  std::string_view normalizer;
  std::string_view kid;
};

inline constexpr std::string_view kContextMark = "libpii/v2";
inline constexpr std::size_t kMaxContextSize =
    kContextMark.size() + 2 + 5 * 4 + 4 * kMaxV2NameSize + kMaxV2KidSize;

/// What follows `context_mark, 0, purpose`: the part that sub-keys of one key for one place share.
std::size_t write_place(const KeyContext& context, char* out) noexcept;

/// CTX(purpose): "libpii/v2" 0x00 purpose, then each part behind its length in four bytes. `out` holds
/// kMaxContextSize characters; returns how many were written.
std::size_t write_context(Purpose purpose, const KeyContext& context, char* out) noexcept;

/// LP(x): the length of x in four bytes, big-endian, then x. Returns the end of what was written.
char* write_with_length(std::string_view text, char* out) noexcept;

}  // namespace pii::formats
