#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pii/providers/vault_settings.hpp"
#include "vault/answer.hpp"
#include "vault/credentials.hpp"
#include "vault/login_guard.hpp"
#include "vault/pace.hpp"

namespace pii::providers::vault {

/// What a login brought.
struct TokenLife {
  std::chrono::seconds lease{0};  // 0: no known end
  bool renewable = false;
  std::int64_t uses_left = 0;  // 0: without limit
  std::vector<std::string> policies;
};

/// A client token and its life: logs in when there is none, it has ended or is refused, and retries what may
/// be well again. One caller at a time.
class Session {
 public:
  Session(const VaultSettings& settings, HttpTransport& transport, Pace& pace)
      : settings_(settings), transport_(transport), pace_(pace) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Begins an attempt: everything until the next one ends within the settings' time-out, and logs in at most
  /// once after a refusal.
  void begin();
  /// A call without a token.
  Answer call_openly(HttpRequest request, std::string_view what) { return exchange(request, what, true); }
  /// A call with the token. `repeatable`: sending it twice does no harm.
  Answer call(HttpRequest request, std::string_view what, bool repeatable = true);
  /// Makes sure of a token.
  std::optional<Failure> log_in();
  const TokenLife& life() const { return life_; }

  /// When the token wants to be renewed: at about two thirds of its lease.
  std::optional<Pace::Clock::time_point> renew_at() const { return renew_at_; }
  /// Renews it; what cannot be renewed is dropped, so that the next call logs in.
  void renew();
  /// Forgets the token, and revokes one that a login brought.
  void end();

 private:
  Answer exchange(HttpRequest& request, std::string_view what, bool repeatable);
  std::optional<Failure> log_in_anew();
  std::optional<Failure> send_login(const Credentials& credentials);
  std::optional<Failure> unwrap(const Credentials& credentials, SecretBytes& secret_id);
  std::optional<Failure> adopt_own_token(Credentials credentials);
  std::optional<Failure> adopt(const SecretJson& json);
  void note_life(const SecretJson::Value& auth, const char* lease_name);
  bool has_good_token();
  void drop_token();
  std::string mount(const char* usual) const {
    return settings_.auth_mount.empty() ? usual : settings_.auth_mount;
  }

  const VaultSettings& settings_;
  HttpTransport& transport_;
  Pace& pace_;
  Pace::Clock::time_point deadline_{};
  bool fresh_ = false;  // the token is of this attempt

  SecretBytes token_;
  bool revocable_ = false;
  TokenLife life_;
  std::optional<Pace::Clock::time_point> ends_at_;
  std::optional<Pace::Clock::time_point> renew_at_;

  LoginGuard guard_;
  std::optional<Credentials> refused_;  // what the last refusal was about
  std::optional<Failure> refusal_;
  SecretBytes wrapping_token_;  // whose secret id is in unwrapped_
  SecretBytes unwrapped_;
};

}  // namespace pii::providers::vault
