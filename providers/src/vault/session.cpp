#include "vault/session.hpp"

#include <algorithm>
#include <utility>

#include "vault/json_body.hpp"

namespace pii::providers::vault {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kRetryBase{250};
constexpr milliseconds kRetryMost{2000};
// A shorter lease is not renewed: the next refresh logs in.
constexpr seconds kLeastRenewable{15};

SecretBytes copy(const SecretBytes& bytes) { return SecretBytes::copy_of(bytes.expose()); }

}  // namespace

void Session::begin() {
  deadline_ = pace_.now() + settings_.timeout;
  fresh_ = false;
}

Answer Session::exchange(HttpRequest& request, std::string_view what, bool repeatable) {
  for (unsigned tries = 0;; ++tries) {
    const auto left = duration_cast<milliseconds>(deadline_ - pace_.now());
    if (left <= milliseconds(0)) {
      return {std::nullopt,
              no_response(Error(ErrorCode::provider_unavailable, std::string(what) + ": no answer in time",
                                "PII_VAULT_TIMEOUT sets how long to wait"))};
    }
    request.timeout = left;
    request.once = !repeatable;
    auto response = transport_.send(request);
    Answer answer;
    if (response) {
      answer = judge(*std::move(response), what);
    } else {
      answer.failure = no_response(response.error());
    }
    if (!answer.failure || !answer.failure->try_again_at_once || !repeatable || tries >= settings_.retries) {
      return answer;
    }
    const auto asked = duration_cast<milliseconds>(answer.failure->retry_after.value_or(seconds(0)));
    const auto pause = std::max(asked, jittered(pace_, kRetryBase, tries, kRetryMost));
    if (pace_.now() + pause >= deadline_ || !pace_.pause(pause)) return answer;
  }
}

Answer Session::call(HttpRequest request, std::string_view what, bool repeatable) {
  for (;;) {
    if (auto failure = log_in()) return {std::nullopt, std::move(failure)};
    request.token = &token_;
    Answer answer = exchange(request, what, repeatable);
    if (life_.uses_left > 0 && --life_.uses_left == 0) drop_token();
    const bool forbidden = answer.failure && answer.failure->kind == Failure::Kind::forbidden;
    if (!forbidden || fresh_) return answer;
    drop_token();  // revoked, or ended early: once anew
  }
}

bool Session::has_good_token() {
  if (token_.empty()) return false;
  if (ends_at_ && pace_.now() >= *ends_at_) drop_token();
  return !token_.empty();
}

void Session::drop_token() {
  token_ = SecretBytes();
  life_ = TokenLife();
  ends_at_.reset();
  renew_at_.reset();
}

std::optional<Failure> Session::log_in() {
  if (has_good_token()) return std::nullopt;
  drop_token();
  return log_in_anew();
}

std::optional<Failure> Session::log_in_anew() {
  auto credentials = load_credentials(settings_);
  if (!credentials) return Failure{Failure::Kind::other, credentials.error()};
  if (settings_.auth == VaultAuth::token || settings_.auth == VaultAuth::token_file) {
    return adopt_own_token(*std::move(credentials));
  }
  const bool same = refused_ && *refused_ == *credentials;
  if (!guard_.may_try(pace_.now(), same)) return refusal_;
  auto failure = send_login(*credentials);
  using Kind = Failure::Kind;
  if (failure && (failure->kind == Kind::rejected || failure->kind == Kind::forbidden)) {
    guard_.refused(pace_.now());
    if (failure->error.code() != ErrorCode::login_failed) {
      failure->error =
          Error(ErrorCode::login_failed, "the login: the server refuses these credentials",
                "renew them where the settings point; the same ones are tried again after a minute");
    }
    refused_ = *std::move(credentials);
    refusal_ = failure;
  } else if (!failure) {
    guard_.accepted();
    refused_.reset();
  }
  return failure;
}

std::optional<Failure> Session::send_login(const Credentials& credentials) {
  HttpRequest request{"POST", {}, nullptr, {}};
  SecretBytes unwrapped;
  switch (settings_.auth) {
    case VaultAuth::kubernetes:
      request.path = "auth/" + mount("kubernetes") + "/login";
      request.body = make_body({{"{\"role\":"},
                                json_string(settings_.role),
                                {",\"jwt\":"},
                                json_string(text_of(credentials.secret)),
                                {"}"}});
      break;
    case VaultAuth::cert:
      request.path = "auth/" + mount("cert") + "/login";
      request.body = settings_.role.empty() ? make_body({{"{}"}})
                                            : make_body({{"{\"name\":"}, json_string(settings_.role), {"}"}});
      break;
    default:
      request.path = "auth/" + mount("approle") + "/login";
      if (credentials.secret.empty()) {
        request.body = make_body({{"{\"role_id\":"}, json_string(text_of(credentials.identity)), {"}"}});
        break;
      }
      if (settings_.secret_id_wrapped) {
        if (auto failure = unwrap(credentials, unwrapped)) return failure;
      }
      request.body = make_body({{"{\"role_id\":"},
                                json_string(text_of(credentials.identity)),
                                {",\"secret_id\":"},
                                json_string(text_of(settings_.secret_id_wrapped ? unwrapped : credentials.secret)),
                                {"}"}});
  }
  const Answer answer = exchange(request, "the login", true);
  if (answer.failure) return answer.failure;
  if (!answer.json) {
    return Failure{Failure::Kind::other,
                   Error(ErrorCode::provider_unavailable, "the login: an answer without a token",
                         "check PII_VAULT_AUTH_MOUNT")};
  }
  revocable_ = true;
  return adopt(*answer.json);
}

// A wrapping token works once: whoever used it before us has the secret id, so that must be told apart.
std::optional<Failure> Session::unwrap(const Credentials& credentials, SecretBytes& secret_id) {
  if (!unwrapped_.empty() && wrapping_token_ == credentials.secret) {
    secret_id = copy(unwrapped_);
    return std::nullopt;
  }
  const auto refuse = [](const char* why) {
    return Failure{Failure::Kind::rejected,
                   Error(ErrorCode::login_failed, std::string("the wrapped secret id: ") + why,
                         "have a new one made, and find out who opened this one")};
  };
  const auto is_refusal = [](const Answer& answer) {
    return answer.failure && (answer.failure->kind == Failure::Kind::rejected ||
                              answer.failure->kind == Failure::Kind::forbidden);
  };
  HttpRequest lookup{"POST", "sys/wrapping/lookup", nullptr,
                     make_body({{"{\"token\":"}, json_string(text_of(credentials.secret)), {"}"}})};
  const Answer seen = exchange(lookup, "the wrapped secret id", true);
  if (is_refusal(seen)) return refuse("its wrapping token has ended, or somebody has used it before");
  if (seen.failure) return seen.failure;
  const auto path = seen.json ? seen.json->find({"data", "creation_path"}) : std::nullopt;
  const std::string made_by = path ? path->plain_text() : std::string();
  if (!made_by.starts_with("auth/" + mount("approle") + "/role/") || !made_by.ends_with("/secret-id")) {
    return refuse("its wrapping token was not made for a secret id");
  }
  HttpRequest open{"POST", "sys/wrapping/unwrap", &credentials.secret, make_body({{"{}"}})};
  const Answer opened = exchange(open, "the wrapped secret id", false);
  if (is_refusal(opened)) return refuse("its wrapping token has ended, or somebody has used it before");
  if (opened.failure) return opened.failure;
  const auto found = opened.json ? opened.json->find({"data", "secret_id"}) : std::nullopt;
  if (!found) return refuse("its wrapping token held no secret id");
  unwrapped_ = found->secret_text();
  wrapping_token_ = copy(credentials.secret);
  secret_id = copy(unwrapped_);
  return std::nullopt;
}

// A token of ours is asked how long it lives; one that may not ask is used until it is refused.
std::optional<Failure> Session::adopt_own_token(Credentials credentials) {
  token_ = std::move(credentials.secret);
  fresh_ = true;
  revocable_ = false;
  HttpRequest request{"GET", "auth/token/lookup-self", &token_, {}};
  const Answer answer = exchange(request, "the token", true);
  if (answer.failure && answer.failure->kind == Failure::Kind::unavailable) {
    drop_token();
    return answer.failure;
  }
  if (const auto data = answer.json ? answer.json->find({"data"}) : std::nullopt) note_life(*data, "ttl");
  if (settings_.auth == VaultAuth::token_file) renew_at_.reset();  // who writes the file renews it
  return std::nullopt;
}

std::optional<Failure> Session::adopt(const SecretJson& json) {
  const auto auth = json.find({"auth"});
  const auto token = auth ? auth->find("client_token") : std::nullopt;
  SecretBytes text = token ? token->secret_text() : SecretBytes();
  const std::string_view shown = text_of(text);
  const bool plain = std::all_of(shown.begin(), shown.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (text.empty() || !plain) {
    return Failure{Failure::Kind::other, Error(ErrorCode::login_failed, "the login: the server gave no token",
                                               "a login that wants a second factor cannot be used here")};
  }
  token_ = std::move(text);
  fresh_ = true;
  note_life(*auth, "lease_duration");
  return std::nullopt;
}

void Session::note_life(const SecretJson::Value& auth, const char* lease_name) {
  const auto number = [&auth](const char* name) {
    const auto value = auth.find(name);
    return std::max<std::int64_t>(0, value ? value->integer().value_or(0) : 0);
  };
  constexpr std::int64_t kLongest = 10LL * 365 * 86'400;
  life_ = TokenLife();
  life_.lease = seconds(std::min(number(lease_name), kLongest));
  life_.uses_left = number("num_uses");
  const auto renewable = auth.find("renewable");
  life_.renewable = renewable && renewable->is_true();
  if (const auto policies = auth.find("policies")) {
    for (std::size_t i = 0; i < policies->size(); ++i)
      life_.policies.push_back(policies->at(i)->plain_text());
  }
  ends_at_.reset();
  renew_at_.reset();
  if (life_.lease.count() == 0) return;
  const auto now = pace_.now();
  const auto lease = duration_cast<milliseconds>(life_.lease);
  ends_at_ = now + lease - std::min<milliseconds>(lease / 10, seconds(10));
  if (life_.renewable && life_.uses_left == 0 && life_.lease >= kLeastRenewable) {
    // Two thirds, a tenth of it less or more.
    const double share = 0.6 + 0.13 * pace_.chance();
    renew_at_ =
        now + milliseconds(static_cast<milliseconds::rep>(static_cast<double>(lease.count()) * share));
  }
}

void Session::renew() {
  if (!renew_at_ || !has_good_token()) return;
  const auto asked = life_.lease;
  HttpRequest request{"POST", "auth/token/renew-self", &token_, make_body({{"{}"}})};
  renew_at_.reset();
  const Answer answer = exchange(request, "the renewal of the token", true);
  const auto auth = answer.json ? answer.json->find({"auth"}) : std::nullopt;
  if (auth) {
    auto policies = std::move(life_.policies);
    note_life(*auth, "lease_duration");
    life_.policies = std::move(policies);
    // Near its max_ttl a token is renewed for less and less: use it up, then log in.
    if (life_.lease < asked / 2) renew_at_.reset();
  } else if (answer.failure && answer.failure->kind == Failure::Kind::unavailable) {
    renew_at_ = pace_.now() + std::max<milliseconds>(duration_cast<milliseconds>(asked) / 10, seconds(1));
  } else {
    drop_token();
  }
}

void Session::end() {
  if (!token_.empty() && revocable_) {
    HttpRequest request{"POST", "auth/token/revoke-self", &token_, make_body({{"{}"}})};
    (void)exchange(request, "the end of the session", false);
  }
  drop_token();
  unwrapped_ = SecretBytes();
  wrapping_token_ = SecretBytes();
  refused_.reset();
}

}  // namespace pii::providers::vault
