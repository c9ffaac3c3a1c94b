#pragma once

#if defined(__x86_64__) && !defined(PII_PORTABLE_ONLY)
#define PII_JSON_INDEX_AVX2 1
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pii::mask {
std::size_t build_index_avx2(std::string_view text, std::uint32_t* out) noexcept;
}
#else
#define PII_JSON_INDEX_AVX2 0
#endif
