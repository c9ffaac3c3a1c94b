#include "vault/kv.hpp"

#include <utility>

#include "pii/keyset.hpp"
#include "vault/address.hpp"
#include "vault/json_body.hpp"

namespace pii::providers::vault {
namespace {

std::string shown(const std::string& path) { return "vault:" + path; }

Failure no_keyset(const std::string& path, const char* why) {
  return {Failure::Kind::other,
          Error(ErrorCode::invalid_keyset, shown(path) + ": " + why,
                "the field keyset holds the keyset's text; piictl vault push writes it")};
}

std::optional<std::uint64_t> unsigned_of(const std::optional<SecretJson::Value>& value) {
  const auto number = value ? value->integer() : std::nullopt;
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

Failure only_version_2(const std::string& path, const char* what) {
  return {Failure::Kind::other, Error(ErrorCode::guard_refused, shown(path) + ": " + what,
                                      "use a KV engine of version 2, with a path such as secret/data/...")};
}

}  // namespace

std::optional<Failure> read_kv(Session& session, const std::string& path, VaultSecret& out) {
  Answer answer = session.call({"GET", path, nullptr, {}}, shown(path));
  if (answer.failure) return answer.failure;
  if (!answer.json) return no_keyset(path, "an answer without content");
  auto keyset = answer.json->find({"data", "keyset"});  // version 1
  if (!keyset) {
    keyset = answer.json->find({"data", "data", "keyset"});
    out.version = unsigned_of(answer.json->find({"data", "metadata", "version"}));
  }
  if (!keyset) return no_keyset(path, "has no field keyset");
  if (!keyset->is_string() && !keyset->is_object()) return no_keyset(path, "its field keyset is no text");
  out.document = keyset->is_string() ? keyset->secret_text() : keyset->written();
  if (out.document.size() > kMaxKeysetSize) {
    return Failure{Failure::Kind::other,
                   Error(ErrorCode::too_large, shown(path) + ": is larger than a keyset may be",
                         "is this the right path?")};
  }
  return std::nullopt;
}

std::optional<Failure> read_kv_metadata(Session& session, const std::string& path, VaultMetadata& out) {
  const std::string metadata = metadata_path(path);
  if (metadata.empty()) return only_version_2(path, "version 1 of KV keeps no metadata");
  const Answer answer = session.call({"GET", metadata, nullptr, {}}, shown(metadata));
  if (answer.failure) return answer.failure;
  const auto current =
      answer.json ? unsigned_of(answer.json->find({"data", "current_version"})) : std::nullopt;
  if (!current) return no_keyset(metadata, "tells no version");
  out.version = *current;
  if (const auto updated = answer.json->find({"data", "updated_time"}))
    out.updated_at = updated->plain_text(64);
  if (const auto custom = answer.json->find({"data", "custom_metadata"})) {
    for (std::size_t i = 0; i < custom->size(); ++i)
      out.custom[custom->name_at(i)] = custom->at(i)->plain_text();
  }
  if (const auto version = answer.json->find({"data", "versions", std::to_string(*current)})) {
    const auto gone = version->find("deletion_time");
    const auto destroyed = version->find("destroyed");
    out.deleted = (gone && !gone->plain_text().empty()) || (destroyed && destroyed->is_true());
  }
  return std::nullopt;
}

std::optional<Failure> write_kv(Session& session, const std::string& path, const SecretBytes& document,
                                std::uint64_t expected, std::uint64_t& version) {
  if (metadata_path(path).empty()) return only_version_2(path, "version 1 of KV cannot check-and-set");
  const std::string number = std::to_string(expected);
  HttpRequest request{"POST", path, nullptr,
                      make_body({{"{\"options\":{\"cas\":"},
                                 {number},
                                 {"},\"data\":{\"keyset\":"},
                                 json_string(text_of(document)),
                                 {"}}"}})};
  Answer answer = session.call(std::move(request), shown(path), false);
  if (answer.failure && answer.failure->kind == Failure::Kind::unavailable) {
    // Perhaps it was written and only the answer is lost.
    VaultSecret now;
    const bool readable = !read_kv(session, path, now);
    if (!readable || !now.version || *now.version != expected + 1 || !(now.document == document)) {
      return answer.failure;
    }
    version = *now.version;
    return std::nullopt;
  }
  if (answer.failure) return answer.failure;
  version = (answer.json ? unsigned_of(answer.json->find({"data", "version"})) : std::nullopt)
                .value_or(expected + 1);
  return std::nullopt;
}

std::optional<Failure> write_kv_metadata(Session& session, const std::string& path,
                                         const std::map<std::string, std::string>& custom) {
  VaultMetadata known;
  if (auto failure = read_kv_metadata(session, path, known)) return failure;
  // Those of keys that are gone go; what is not ours stays.
  std::erase_if(known.custom, [](const auto& member) { return member.first.starts_with(kVaultKeyPrefix); });
  for (const auto& [name, value] : custom) known.custom[name] = value;
  std::string members;
  for (const auto& [name, value] : known.custom) {
    members += members.empty() ? "" : ",";
    members += std::string(text_of(make_body({json_string(name), {":"}, json_string(value)})));
  }
  HttpRequest request{"POST", metadata_path(path), nullptr,
                      make_body({{"{\"custom_metadata\":{"}, {members}, {"}}"}})};
  return session.call(std::move(request), shown(metadata_path(path))).failure;
}

}  // namespace pii::providers::vault
