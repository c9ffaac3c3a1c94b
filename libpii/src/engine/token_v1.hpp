#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "crypto/hmac.hpp"
#include "keyset/key_table.hpp"
#include "pii/names.hpp"
#include "pii/normalize.hpp"
#include "pii/secret.hpp"

namespace pii::engine {

/// What separates the values of one kind and deployment from all others. Names that FieldType and Environment
/// refuse still have a context: tests compare it with other implementations of version 1.
struct Context {
  Context(const Environment& of, const FieldType& type)
      : environment(of.name()), field(type.name()), field_hash(type.hash()) {}
  Context(std::string_view environment_name, std::string_view field_name, std::uint64_t hash)
      : environment(environment_name), field(field_name), field_hash(hash) {}

  std::string_view environment;
  std::string_view field;
  std::uint64_t field_hash;
};

/// The HMAC state that turns normalized values of a context into MACs under one key of a token keyset.
class TokenKey {
 public:
  TokenKey(const Keyset::Impl& keyset, std::size_t index, const Context& context)
      : state_(keyset.token_state(index, context.environment, context.field, context.field_hash, scratch_)) {}
  TokenKey(const TokenKey&) = delete;
  TokenKey& operator=(const TokenKey&) = delete;
  ~TokenKey() {
    if (&state_ == &scratch_) wipe(&scratch_, sizeof scratch_);
  }

  const crypto::HmacState& state() const { return state_; }

 private:
  crypto::HmacState scratch_;  // left uninitialized: only a full context table needs it
  const crypto::HmacState& state_;
};

/// Writes `ptok:v1:` and the MAC's 43 characters.
void write_token_v1(const std::byte* mac, char* out) noexcept;

}  // namespace pii::engine
