#include "sections.hpp"

#include <algorithm>
#include <array>

#include "members.hpp"
#include "pattern.hpp"

namespace pii::policy {
namespace {

// Steps that name nothing: `**`, `*`, `[*]`, `**.*`. What such a pattern says it says of everything.
bool names_nothing(std::string_view path) {
  return path.find_first_not_of("*.[]$") == std::string_view::npos;
}

bool is_key_phrase(Draft& draft, const Node& node, const std::string& path, std::string_view phrase) {
  if (!draft.reader.good()) return false;
  const auto good = PolicySpec::check_key_phrase(phrase);
  if (!good) draft.reader.fail(node, path, good.error().message(), std::string(good.error().hint()));
  return good.has_value();
}

void read_key_phrases(Draft& draft, const Node& list, const std::string& path, std::vector<std::string>& to) {
  const std::vector<std::string> phrases = draft.reader.texts(list, path);
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    if (!is_key_phrase(draft, list.items[i], join_index(path, i), phrases[i])) return;
  }
  to.insert(to.end(), phrases.begin(), phrases.end());
}

void read_key_words(Draft& draft, const Node& node, const std::string& path) {
  Reader& reader = draft.reader;
  PolicySpec::KeyWords words;
  if (node.kind != Node::Kind::map) {
    words.words = reader.text(node, path);
  } else {
    if (!reader.is_map(node, path, members::kKeyWords)) return;
    const Node* text = member(node, "words");
    if (text == nullptr) return reader.fail(node, path, "has no words");
    words.words = reader.text(*text, join_path(path, "words"));
    if (const Node* type = member(node, "type")) {
      const auto detector = detector_from(reader.text(*type, join_path(path, "type")));
      if (!detector || *detector == Detector::none || *detector == Detector::custom) {
        return reader.fail(*type, join_path(path, "type"), "there is no detector of that name");
      }
      words.type = *detector;
    }
  }
  if (!is_key_phrase(draft, node, path, words.words)) return;
  draft.spec.enabled.insert(words.type);
  draft.spec.sensitive_keys.push_back(std::move(words));
}

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void read_path(Draft& draft, const Node& node, const std::string& path) {
  constexpr std::array<std::string_view, 3> kExempt = {"keys", "detectors", "all"};
  constexpr std::array<PathRule::Exempt, 3> kExemptOf = {PathRule::Exempt::keys, PathRule::Exempt::detectors,
                                                         PathRule::Exempt::all};
  Reader& reader = draft.reader;
  if (!reader.is_map(node, path, members::kPath)) return;
  const Node* where = member(node, "path");
  const Node* exempt = member(node, "exempt");
  const Node* action = member(node, "action");
  if (where == nullptr) return reader.fail(node, path, "has no path");
  if ((exempt == nullptr) == (action == nullptr))
    return reader.fail(node, path, "must have either an action or an exemption");
  PathRule rule;
  rule.path = reader.text(*where, join_path(path, "path"));
  if (exempt != nullptr) rule.exempt = kExemptOf[reader.choice(*exempt, join_path(path, "exempt"), kExempt)];
  if (action != nullptr) rule.action = read_action(draft, *action, join_path(path, "action"));
  if (reader.good() && rule.exempt == PathRule::Exempt::all && names_nothing(rule.path)) {
    reader.fail(*exempt, join_path(path, "exempt"),
                "all, under a path that names nothing, would turn masking off", "a policy cannot do that");
  }
  draft.spec.paths.push_back(std::move(rule));
}

void read_reporting(Draft& draft, const Node& root) {
  constexpr std::array<std::string_view, 3> kLevels = {"off", "counts", "paths"};
  Reader& reader = draft.reader;
  if (const Node* stats = member(root, "stats");
      stats != nullptr && reader.is_map(*stats, "stats", members::kStats)) {
    if (const Node* level = member(*stats, "level")) {
      draft.spec.stats = static_cast<PolicySpec::Stats>(reader.choice(*level, "stats.level", kLevels));
    }
  }
  const Node* sampling = member(root, "sampling");
  if (sampling != nullptr && reader.is_map(*sampling, "sampling", members::kSampling)) {
    if (const Node* rate = member(*sampling, "report_rate")) {
      draft.spec.report_rate = reader.fraction(*rate, "sampling.report_rate", 0, 1);
    }
  }
}

Result<void> check_version(Draft& draft, const Node& root) {
  const Node* version = member(root, "version");
  if (version == nullptr) {
    draft.reader.fail(root, "version", "is missing", "version: 1");
    return *draft.reader.error();
  }
  if (version->kind == Node::Kind::plain && version->scalar == "1") return {};
  return Error(ErrorCode::unsupported_version, "policy: version must be the number 1");
}

}  // namespace

void read_limits(Draft& draft, const Node& node) {
  constexpr std::array<std::string_view, 2> kOver = {"redact-tail", "redact-leaf"};
  Reader& reader = draft.reader;
  if (!reader.is_map(node, "limits", members::kLimits)) return;
  const auto take = [&](std::string_view name, std::uint32_t& value, std::uint32_t low, std::uint32_t high) {
    if (const Node* there = member(node, name))
      value = reader.integer(*there, join_path("limits", name), low, high);
  };
  take("max_depth", draft.spec.max_depth, 1, 1000);
  take("max_leaf_bytes", draft.spec.max_leaf_bytes, 256, 1U << 28);
  take("embedded_json_depth", draft.spec.embedded_json_depth, 0, 8);
  take("max_line_bytes", draft.spec.max_line_bytes, 1024, 1U << 30);
  if (const Node* over = member(node, "over_limit")) {
    draft.spec.over_limit =
        static_cast<PolicySpec::OverLimit>(reader.choice(*over, "limits.over_limit", kOver));
  }
}

void read_scope(Draft& draft, const Node& node) {
  Reader& reader = draft.reader;
  if (!reader.is_map(node, "scope", members::kScope)) return;
  if (const Node* include = member(node, "include")) {
    draft.spec.include = reader.texts(*include, "scope.include");
    if (reader.good() && draft.spec.include.empty()) {
      reader.fail(*include, "scope.include", "would leave nothing to mask",
                  "a policy cannot turn masking off");
    }
  }
  if (const Node* never = member(node, "never_scan")) {
    draft.spec.never_scan = reader.texts(*never, "scope.never_scan");
    for (const std::string& path : draft.spec.never_scan) {
      if (names_nothing(path)) reader.fail(*never, "scope.never_scan", "has a path that names nothing");
    }
  }
}

void read_keys(Draft& draft, const Node& node) {
  constexpr std::array<std::string_view, 3> kInherit = {"none", "arrays", "objects"};
  Reader& reader = draft.reader;
  if (!reader.is_map(node, "keys", members::kKeys)) return;
  const Node* sensitive = member(node, "sensitive");
  if (sensitive != nullptr && reader.is_list(*sensitive, "keys.sensitive")) {
    for (std::size_t i = 0; i < sensitive->items.size() && reader.good(); ++i) {
      read_key_words(draft, sensitive->items[i], join_index("keys.sensitive", i));
    }
  }
  if (const Node* drop = member(node, "drop")) {
    read_key_phrases(draft, *drop, "keys.drop", draft.spec.drop_keys);
    draft.spec.enabled.insert(Detector::generic);
  }
  if (const Node* safe = member(node, "safe")) read_key_phrases(draft, *safe, "keys.safe", draft.spec.safe_keys);
  if (const Node* inherit = member(node, "inherit_into")) {
    draft.spec.inherit =
        static_cast<PolicySpec::Inherit>(reader.choice(*inherit, "keys.inherit_into", kInherit));
  }
}

void read_paths(Draft& draft, const Node& node) {
  if (!draft.reader.is_list(node, "paths")) return;
  for (std::size_t i = 0; i < node.items.size() && draft.reader.good(); ++i) {
    read_path(draft, node.items[i], join_index("paths", i));
  }
}

void read_allow(Draft& draft, const Node& node) {
  Reader& reader = draft.reader;
  if (!reader.is_map(node, "allow", members::kAllow)) return;
  if (const Node* values = member(node, "values"))
    append(draft.spec.allow_values, reader.texts(*values, "allow.values"));
  if (const Node* domains = member(node, "domains"))
    append(draft.spec.allow_domains, reader.texts(*domains, "allow.domains"));
  if (const Node* cards = member(node, "test_cards"))
    draft.spec.allow_test_cards = reader.boolean(*cards, "allow.test_cards");
  const Node* regex = member(node, "regex");
  if (regex == nullptr || !reader.is_list(*regex, "allow.regex")) return;
  for (std::size_t i = 0; i < regex->items.size() && reader.good(); ++i) {
    const std::string path = join_index("allow.regex", i);
    const std::string expression = reader.text(regex->items[i], path);
    if (!reader.good()) return;
    auto pattern = make_pattern(expression, 0);
    if (!pattern)
      return reader.fail(regex->items[i], path, pattern.error().message(), pattern.error().hint());
    draft.spec.allow_patterns.push_back(*std::move(pattern));
  }
}

Result<PolicySpec> read_policy(const Node& root, std::string folder) {
  constexpr std::array<std::string_view, 3> kOnError = {"redact-leaf", "drop-event", "placeholder-event"};
  constexpr std::array<std::string_view, 1> kUnconfigured = {"redact"};
  using Section = void (*)(Draft&, const Node&);
  constexpr std::array<std::pair<std::string_view, Section>, 7> kSections = {{{"limits", read_limits},
                                                                              {"scope", read_scope},
                                                                              {"actions", read_actions},
                                                                              {"detectors", read_detectors},
                                                                              {"keys", read_keys},
                                                                              {"paths", read_paths},
                                                                              {"allow", read_allow}}};
  Draft draft;
  draft.folder = std::move(folder);
  Reader& reader = draft.reader;
  if (!reader.is_map(root, "", members::kPolicy)) return *std::move(reader.error());
  if (auto good = check_version(draft, root); !good) return good.error();
  read_extends(draft, member(root, "extends"));
  if (const Node* on_error = member(root, "on_error")) {
    draft.spec.on_error = static_cast<PolicySpec::OnError>(reader.choice(*on_error, "on_error", kOnError));
  }
  if (const Node* unconfigured = member(root, "unconfigured_keys")) {
    reader.choice(*unconfigured, "unconfigured_keys", kUnconfigured);
  }
  for (const auto& [name, read] : kSections) {
    if (const Node* node = member(root, name); node != nullptr && reader.good()) read(draft, *node);
  }
  read_reporting(draft, root);
  if (!reader.good()) return *std::move(reader.error());
  return std::move(draft.spec);
}

}  // namespace pii::policy
