#pragma once

#include <optional>
#include <string_view>

#include "pii/secret_json.hpp"
#include "vault/http.hpp"

namespace pii::providers::vault {

/// Why an API call brought nothing.
struct Failure {
  enum class Kind {
    unavailable,  // may be well again later: no answer, standby, overload, sealed
    forbidden,    // the token is not good for this, or not good at all
    rejected,     // the request is refused as it is
    absent,       // nothing at this path
    conflict,     // check-and-set found another version
    other,
  };
  Kind kind;
  Error error;
  bool try_again_at_once = false;  // within the same attempt, after a pause
  std::optional<std::chrono::seconds> retry_after = std::nullopt;
};

/// What one API call brought: JSON (absent when there was no content), or a failure.
struct Answer {
  std::optional<SecretJson> json;
  std::optional<Failure> failure;
};

/// Judges a response; `what` names the thing asked for ("vault:secret/data/x", "the login"). What the server
/// says in words is never passed on.
Answer judge(HttpResponse response, std::string_view what);
/// A request that got no response.
Failure no_response(const Error& error);

}  // namespace pii::providers::vault
