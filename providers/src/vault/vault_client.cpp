#include "pii/providers/vault_client.hpp"

#include <utility>

#include "vault/address.hpp"
#include "vault/curl_transport.hpp"
#include "vault/json_body.hpp"
#include "vault/kv.hpp"
#include "vault/session.hpp"
#include "vault/system_pace.hpp"
#include "vault/transit.hpp"

namespace pii::providers {

class VaultClient::Impl {
 public:
  Impl(VaultSettings settings, std::unique_ptr<vault::HttpTransport> transport)
      : settings_(std::move(settings)),
        transport_(std::move(transport)),
        session_(settings_, *transport_, pace_) {}
  ~Impl() {
    session_.begin();
    session_.end();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  // Runs `work(session, path, out)` as an attempt of its own.
  template <class Out, class Work>
  Result<Out> attempt(std::string_view path, Work&& work) {
    auto plain = vault::parse_api_path(path, "vault:PATH");
    if (!plain) return std::move(plain).error();
    session_.begin();
    Out out{};
    if (const auto failure = work(session_, *plain, out)) return failure->error;
    return out;
  }
  vault::Session& begin() {
    session_.begin();
    return session_;
  }
  vault::HttpTransport& transport() { return *transport_; }
  const VaultSettings& settings() const { return settings_; }

 private:
  const VaultSettings settings_;
  std::unique_ptr<vault::HttpTransport> transport_;
  vault::SystemPace pace_;
  vault::Session session_;
};

VaultClient::VaultClient(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
VaultClient::~VaultClient() = default;

Result<std::unique_ptr<VaultClient>> VaultClient::make(const VaultSettings& settings) {
  auto transport = vault::make_curl_transport(settings);
  if (!transport) return std::move(transport).error();
  return std::unique_ptr<VaultClient>(
      new VaultClient(std::make_unique<Impl>(settings, *std::move(transport))));
}

Result<VaultServer> VaultClient::server() {
  // The server's state is asked to answer 200 whatever it is.
  vault::HttpRequest request{"GET", "sys/health?standbyok=true&sealedcode=200&uninitcode=200", nullptr, {}};
  request.timeout = impl_->settings().timeout;
  auto response = impl_->transport().send(request);
  if (!response) return std::move(response).error();
  const auto date = response->date;
  const vault::Answer answer = vault::judge(*std::move(response), "the server's health");
  if (answer.failure) return answer.failure->error;
  VaultServer server;
  const auto is_true = [&answer](const char* name) {
    const auto value = answer.json ? answer.json->find({name}) : std::nullopt;
    return value && value->is_true();
  };
  server.initialized = is_true("initialized");
  server.sealed = is_true("sealed");
  server.standby = is_true("standby");
  if (const auto version = answer.json ? answer.json->find({"version"}) : std::nullopt) {
    server.version = version->plain_text(64);
  }
  if (date) {
    server.clock_ahead =
        std::chrono::duration_cast<std::chrono::seconds>(*date - std::chrono::system_clock::now());
  }
  return server;
}

Result<VaultLogin> VaultClient::log_in() {
  vault::Session& session = impl_->begin();
  if (const auto failure = session.log_in()) return failure->error;
  const vault::TokenLife& life = session.life();
  return VaultLogin{life.lease, life.renewable, life.policies};
}

Result<VaultSecret> VaultClient::read(std::string_view path) {
  return impl_->attempt<VaultSecret>(path, vault::read_kv);
}

Result<VaultMetadata> VaultClient::read_metadata(std::string_view path) {
  return impl_->attempt<VaultMetadata>(path, vault::read_kv_metadata);
}

Result<std::vector<std::string>> VaultClient::capabilities(std::string_view path) {
  using Names = std::vector<std::string>;
  return impl_->attempt<Names>(path, [](vault::Session& session, const std::string& plain, Names& out) {
    vault::HttpRequest request{"POST", "sys/capabilities-self", nullptr,
                               vault::make_body({{"{\"paths\":["}, vault::json_string(plain), {"]}"}})};
    const vault::Answer answer = session.call(std::move(request), "the token's capabilities");
    const auto names = answer.json ? answer.json->find({"data", plain}) : std::nullopt;
    for (std::size_t i = 0; names && i < names->size(); ++i) out.push_back(names->at(i)->plain_text(64));
    return answer.failure;
  });
}

Result<std::uint64_t> VaultClient::write(std::string_view path, const SecretBytes& document,
                                         std::uint64_t expected) {
  return impl_->attempt<std::uint64_t>(
      path, [&](vault::Session& session, const std::string& plain, std::uint64_t& version) {
        return vault::write_kv(session, plain, document, expected, version);
      });
}

Result<void> VaultClient::write_metadata(std::string_view path,
                                         const std::map<std::string, std::string>& custom) {
  const auto done =
      impl_->attempt<bool>(path, [&](vault::Session& session, const std::string& plain, bool& written) {
        written = true;
        return vault::write_kv_metadata(session, plain, custom);
      });
  if (!done) return done.error();
  return {};
}

Result<std::string> VaultClient::wrap_key(std::string_view transit_key, const SecretBytes& key) {
  return impl_->attempt<std::string>(
      transit_key, [&key](vault::Session& session, const std::string& plain, std::string& out) {
        return vault::wrap_key(session, plain, key, out);
      });
}

Result<SecretBytes> VaultClient::unwrap_key(std::string_view transit_key, std::string_view wrapped) {
  return impl_->attempt<SecretBytes>(
      transit_key, [wrapped](vault::Session& session, const std::string& plain, SecretBytes& out) {
        return vault::unwrap_key(session, plain, wrapped, out);
      });
}

std::string vault_metadata_path(std::string_view path) { return vault::metadata_path(path); }

}  // namespace pii::providers
