#pragma once

#include <cstddef>
#include <span>

namespace pii::crypto {

/// Random bytes for nonces: getrandom(2), fetched 4 KiB at a time a thread, never handed out twice, not even
/// after fork(2) (MADV_WIPEONFORK), and wiped as they are handed out. Aborts when the system has no
/// randomness.
void random_bytes(std::span<std::byte> out) noexcept;

}  // namespace pii::crypto
