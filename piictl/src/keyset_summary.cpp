#include "keyset_summary.hpp"

#include <charconv>
#include <ctime>
#include <sstream>

#include "clock.hpp"
#include "new_key.hpp"
#include "pii/keyset_draft.hpp"
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

std::optional<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "step not_before why": the next step as it was when the keyset was written.
std::string to_text(const pii::key_life::NextStep& next) {
  const std::string step(to_string(next.step));
  return or_dash(step) + " " + (next.not_before ? to_rfc3339(*next.not_before) : "-") + " " + next.why;
}

pii::key_life::NextStep next_of(const std::string& text) {
  using Step = pii::key_life::NextStep::Step;
  std::istringstream words(text);
  std::string step;
  std::string date;
  pii::key_life::NextStep next;
  words >> step >> date >> std::ws;
  std::getline(words, next.why);
  for (const Step candidate : {Step::stage, Step::promote, Step::rewrap, Step::retokenize, Step::disable, Step::destroy,
                               Step::reindex, Step::represerve}) {
    if (to_string(candidate) == step) next.step = candidate;
  }
  next.not_before = parse_rfc3339(date);
  return next;
}

}  // namespace

pii::Result<KeysetSummary> summarize_document(const pii::SecretBytes& document,
                                              std::optional<std::uint64_t> revision) {
  const auto keyset = pii::parse_keyset(document);
  if (!keyset) return keyset.error();
  if ((*keyset)->schema_version() == 1) return summarize(**keyset, revision);
  const auto draft = pii::KeysetDraft::read(pii::SecretBytes::copy_of(document.expose()));
  if (!draft) return draft.error();
  return summarize(draft->record(), std::time(nullptr), revision);
}

KeysetSummary summarize(const pii::KeysetRecord& keyset, pii::Seconds now,
                        std::optional<std::uint64_t> revision) {
  KeysetSummary summary;
  summary.usage = to_string(keyset.usage);
  summary.revision = revision;
  summary.schema_version = keyset.schema_version;
  summary.env = keyset.identity.env;
  summary.edition = keyset.identity.revision;
  summary.next = pii::key_life::next_step(keyset, now);
  if (const pii::KeyRecord* primary = written_key(keyset)) summary.primary_kid = primary->kid;
  for (const pii::KeyRecord& key : keyset.keys) {
    summary.keys.push_back({key.kid, std::string(to_string(key.algorithm)),
                            std::string(to_string(key.status)) + (key.compromised_at ? ",compromised" : ""),
                            key.created_at ? to_rfc3339(*key.created_at) : std::string(), key.check_value});
  }
  return summary;
}

std::string writing_kid(const pii::Keyset& keyset) {
  const pii::KeyInfo* only = nullptr;
  std::size_t active = 0;
  for (const pii::KeyInfo& key : keyset.keys()) {
    if (key.state != pii::KeyStatus::active) continue;
    const bool main = pii::role_of(key.type) == pii::main_role_of(keyset.usage());
    if (main && key.version == keyset.policy().write_version) return key.kid;
    only = &key;
    ++active;
  }
  return active == 1 ? only->kid : std::string();
}

KeysetSummary summarize(const pii::Keyset& keyset, std::optional<std::uint64_t> revision) {
  KeysetSummary summary;
  summary.usage = to_string(keyset.usage());
  summary.revision = revision;
  summary.primary_kid = keyset.primary_kid();
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
  if (summary.schema_version == 2) {
    custom["schema"] = "2";
    custom["env"] = or_dash(summary.env);
    custom["document_revision"] = std::to_string(summary.edition);
    custom["next"] = to_text(summary.next).substr(0, kMostText);
  }
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
  summary.revision = number_of(member(custom, "revision"));
  if (!summary.revision) return std::nullopt;
  if (member(custom, "schema") == "2") {
    summary.schema_version = 2;
    summary.env = member(custom, "env");
    if (summary.env == "-") summary.env.clear();
    summary.edition = number_of(member(custom, "document_revision")).value_or(0);
    summary.next = next_of(member(custom, "next"));
  }
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
