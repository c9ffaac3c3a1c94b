#include "keyset_summary.hpp"

#include <charconv>
#include <sstream>

#include "pii/providers/vault_client.hpp"

namespace piictl {
namespace {

// KV takes 64 members of at most 512 bytes.
constexpr std::size_t kMostKeys = 48;
constexpr std::size_t kMostText = 500;
constexpr std::size_t kIdSize = 16;

const std::string& or_dash(const std::string& text) {
  static const std::string dash = "-";
  return text.empty() ? dash : text;
}

std::string member(const std::map<std::string, std::string>& custom, const std::string& name) {
  const auto found = custom.find(name);
  return found == custom.end() ? std::string() : found->second;
}

}  // namespace

KeysetSummary summarize(const pii::Keyset& keyset, std::optional<std::uint64_t> revision) {
  KeysetSummary summary{std::string(pii::to_string(keyset.usage())), revision, keyset.primary_kid(), {}};
  for (const pii::KeyInfo& key : keyset.keys()) {
    summary.keys.push_back(
        {key.kid, std::string(key.algorithm), std::string(key.status), key.created_at, key.check_value});
  }
  return summary;
}

std::map<std::string, std::string> to_custom_metadata(const KeysetSummary& summary, std::string_view id) {
  std::map<std::string, std::string> custom;
  custom["id"] = std::string(id.substr(0, kIdSize));
  custom["usage"] = summary.usage;
  custom["primary_kid"] = summary.primary_kid;
  if (summary.revision) custom["revision"] = std::to_string(*summary.revision);
  std::string kids;
  std::size_t told = 0;
  for (const KeysetSummary::Key& key : summary.keys) {
    if (told++ == kMostKeys || kids.size() + key.kid.size() > kMostText) {
      kids += " ...";
      break;
    }
    kids += (kids.empty() ? "" : " ") + key.kid;
    custom[std::string(pii::providers::kVaultKeyPrefix) + key.kid] =
        or_dash(key.algorithm) + " " + or_dash(key.status) + " " + or_dash(key.created_at) + " " +
        or_dash(key.check_value);
  }
  custom["kids"] = kids;
  return custom;
}

std::optional<KeysetSummary> from_custom_metadata(const std::map<std::string, std::string>& custom) {
  KeysetSummary summary;
  summary.usage = member(custom, "usage");
  summary.primary_kid = member(custom, "primary_kid");
  const std::string revision = member(custom, "revision");
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(revision.data(), revision.data() + revision.size(), number);
  if (failure != std::errc() || end != revision.data() + revision.size()) return std::nullopt;
  summary.revision = number;
  std::istringstream kids(member(custom, "kids"));
  for (std::string kid; kids >> kid;) {
    std::istringstream told(member(custom, std::string(pii::providers::kVaultKeyPrefix) + kid));
    KeysetSummary::Key key{kid, {}, {}, {}, {}};
    if (!(told >> key.algorithm >> key.status >> key.created_at >> key.check_value)) return std::nullopt;
    if (key.created_at == "-") key.created_at.clear();
    summary.keys.push_back(std::move(key));
  }
  if (summary.usage.empty() || summary.keys.empty()) return std::nullopt;
  return summary;
}

}  // namespace piictl
