#pragma once

#include <cstdint>
#include <string>

#include "options.hpp"
#include "pii/key_life.hpp"
#include "pii/result.hpp"
#include "pii/secret.hpp"

namespace piictl {

/// What a new key is to be, as flags say it; what they leave open follows from the keyset.
struct NewKeyFlags {
  std::string algorithm;
  std::uint64_t length = 0;
  std::uint64_t padding = kUnset;
  std::uint64_t bits = 0;
  std::string alphabet;

  static constexpr std::uint64_t kUnset = UINT64_MAX;

  void declare(OptionList& options);
  /// Stages a key: of the algorithm of the flags, else of the key `follows`, else of the primary that is
  /// written with, and with that key's parameters. `kid` empty: the id that follows. Returns the id. Errors:
  /// usage, and those of key_life::stage.
  pii::Result<std::string> stage(pii::KeysetRecord& keyset, std::string kid, pii::Seconds now,
                                 const std::string& follows = {}) const;
};

/// A keyset of schema 2 to be made, with its first keys active.
struct NewKeyset {
  pii::KeysetUsage usage{};
  std::string env;
  std::string name = {};
  std::string owner = {};
  bool version_2 = false;  // write that
  bool version_1 = true;   // have a key for readers of version 1
  std::string kid = {};    // of the key that is written with
  NewKeyFlags key = {};    // the same
};
/// Its document; `kid` becomes the id of the key that is written with. Errors: usage, invalid_name.
pii::Result<pii::SecretBytes> make_new_keyset(const NewKeyset& wanted, std::string& kid);

/// The id of the first key of an algorithm: tk1, rk1, tok1, idx1, ff1, enc1.
std::string first_kid(pii::KeyAlgorithm algorithm);
/// The active key of the role that values are written with; in a keyset without such keys the only active one; or null.
const pii::KeyRecord* written_key(const pii::KeysetRecord& keyset);

}  // namespace piictl
