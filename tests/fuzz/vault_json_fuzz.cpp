// Answers of a Vault server: the first byte chooses the status, the rest is the body.

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "vault/answer.hpp"
#include "vault/json_body.hpp"

namespace {

using namespace pii;
using namespace pii::providers::vault;

void require(bool condition) {
  if (!condition) std::abort();
}

// Everything that the client reads of an answer.
void read_all(const SecretJson& json) {
  for (const auto& path : {json.find({"auth", "client_token"}), json.find({"data", "data", "keyset"}),
                           json.find({"data", "keyset"}), json.find({"data", "metadata", "version"}),
                           json.find({"auth", "lease_duration"}), json.find({"data", "custom_metadata"}),
                           json.find({"auth", "policies"})}) {
    if (!path) continue;
    const SecretBytes text = path->secret_text();
    require(text.size() <= path->written().size());
    const std::string plain = path->plain_text();
    require(plain.empty() || plain == text_of(text));
    (void)path->integer();
    for (std::size_t i = 0; i < path->size(); ++i) {
      require(path->at(i).has_value());
      (void)path->name_at(i);
    }
    require(!path->at(path->size()));
    if (!path->is_string()) continue;
    // What we write, we read again.
    const auto again = SecretJson::parse(make_body({json_string(text_of(text))}), 1);
    require(again.has_value() && again->root().secret_text() == text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr long kStatuses[] = {200, 204, 400, 401, 403, 404, 405, 412,
                                429, 472, 473, 500, 501, 502, 503, 302};
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  HttpResponse response;
  response.status = kStatuses[data[0] % 16];
  response.body = SecretBytes::copy_of(std::as_bytes(std::span(body.data(), body.size())));
  const Answer answer = judge(std::move(response), "vault:x");
  require(!(answer.json && answer.failure));
  if (answer.json) read_all(*answer.json);
  if (answer.failure) {
    // Nothing of a body is in a message: however many bodies there are, the messages are few.
    static std::set<std::string> messages;
    messages.insert(answer.failure->error.message());
    require(messages.size() <= 32);
  }
  return 0;
}
