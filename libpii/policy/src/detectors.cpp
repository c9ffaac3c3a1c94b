#include <algorithm>
#include <array>
#include <charconv>

#include "members.hpp"
#include "pattern.hpp"
#include "policy_text.hpp"
#include "sections.hpp"

namespace pii::policy {
namespace {

constexpr std::size_t kMaxCustom = 256;

std::span<const std::string_view> members_of(Detector detector) {
  switch (detector) {
    case Detector::card:
      return members::kCard;
    case Detector::phone:
      return members::kPhone;
    case Detector::ipv4:
    case Detector::ipv6:
      return members::kIp;
    default:
      return members::kDetector;
  }
}

// Has a form of its own that could be asked for context.
bool has_form(Detector detector) { return detector < Detector::person_name; }

bool is_prefix(std::string_view text) {
  return text.size() >= 4 && text.size() <= 8 &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// A prefix at the beginning of every line; `#` begins a comment, and what follows a comma says what it is.
void read_prefix_file(Draft& draft, const Node& node, const std::string& path) {
  if (draft.folder.empty())
    return draft.reader.fail(node, path, "a text without a folder cannot name a file", "a list of prefixes");
  const std::string name = node.scalar.front() == '/' ? node.scalar : draft.folder + node.scalar;
  const Result<PolicyText> file = read_text_file(name);
  if (!file) return draft.reader.fail(node, path, file.error().message(), file.error().hint());
  std::string_view rest = file->text;
  for (int line = 1; !rest.empty(); ++line) {
    std::string_view row = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(row.size() + 1, rest.size()));
    row = row.substr(0, row.find_first_of(",#\r \t"));
    if (row.empty()) continue;
    if (!is_prefix(row)) {
      return draft.reader.fail(
          node, path, "line " + std::to_string(line) + " of that file has no prefix of 4 to 8 digits");
    }
    draft.spec.extra_iins.emplace_back(row);
  }
}

void read_card(Draft& draft, const Node& node, const std::string& path) {
  if (const Node* bare = member(node, "bare_requires_context")) {
    const bool required = draft.reader.boolean(*bare, join_path(path, "bare_requires_context"));
    draft.spec.context_required.erase(Detector::card);
    if (required) draft.spec.context_required.insert(Detector::card);
  }
  const Node* extra = member(node, "iin_extra");
  if (extra == nullptr || !draft.reader.good()) return;
  const std::string at = join_path(path, "iin_extra");
  if (extra->kind != Node::Kind::list) {
    if (!draft.reader.text(*extra, at).empty()) read_prefix_file(draft, *extra, at);
    return;
  }
  for (std::size_t i = 0; i < extra->items.size() && draft.reader.good(); ++i) {
    std::string prefix = draft.reader.text(extra->items[i], join_index(at, i));
    if (!is_prefix(prefix)) draft.reader.fail(extra->items[i], join_index(at, i), "must have 4 to 8 digits");
    draft.spec.extra_iins.push_back(std::move(prefix));
  }
}

void read_regions(Draft& draft, const Node& node, const std::string& path) {
  constexpr std::array<std::string_view, 7> kRegions = {"KW", "SA", "AE", "BH", "QA", "OM", "US"};
  if (!draft.reader.is_list(node, path)) return;
  draft.spec.regions.clear();
  for (std::size_t i = 0; i < node.items.size() && draft.reader.good(); ++i) {
    draft.spec.regions.emplace_back(
        kRegions[draft.reader.choice(node.items[i], join_index(path, i), kRegions)]);
  }
}

void read_detector(Draft& draft, Detector detector, const Node& node, const std::string& path) {
  Reader& reader = draft.reader;
  if (!reader.is_map(node, path, members_of(detector))) return;
  const Node* enabled = member(node, "enabled");
  if (enabled == nullptr || reader.boolean(*enabled, join_path(path, "enabled"))) {
    draft.spec.enabled.insert(detector);
  } else {
    draft.spec.enabled.erase(detector);
  }
  if (const Node* action = member(node, "action")) {
    draft.spec.actions[static_cast<std::size_t>(detector)] =
        read_action(draft, *action, join_path(path, "action"));
  }
  if (const Node* context = member(node, "context")) {
    constexpr std::array<std::string_view, 2> kContext = {"optional", "required"};
    if (!has_form(detector))
      reader.fail(*context, join_path(path, "context"), "what is found by its key alone has no context");
    const bool required = reader.choice(*context, join_path(path, "context"), kContext) == 1;
    draft.spec.context_required.erase(detector);
    if (required) draft.spec.context_required.insert(detector);
  }
  if (detector == Detector::card) read_card(draft, node, path);
  if (const Node* regions = member(node, "regions"))
    read_regions(draft, *regions, join_path(path, "regions"));
  if (const Node* skip = member(node, "skip_private")) {
    draft.spec.skip_private_ips = reader.boolean(*skip, join_path(path, "skip_private"));
  }
}

CandidateCheck read_validator(Reader& reader, const Node& node, const std::string& path) {
  using Kind = CandidateCheck::Kind;
  constexpr std::array<std::string_view, 5> kNames = {"none", "luhn", "mod97", "verhoeff", "non_hex"};
  constexpr std::array<Kind, 5> kKinds = {Kind::none, Kind::luhn, Kind::mod97, Kind::verhoeff, Kind::non_hex};
  constexpr std::string_view kEntropy = "entropy>=";
  CandidateCheck check;
  if (node.scalar.starts_with(kEntropy)) {
    Node number = node;
    number.kind = Node::Kind::plain;
    number.scalar.erase(0, kEntropy.size());
    check.kind = Kind::min_entropy;
    check.min_entropy = reader.fraction(number, path, 0, 8);
  } else {
    check.kind = kKinds[reader.choice(node, path, kNames)];
  }
  return check;
}

std::vector<std::string> read_keywords(Reader& reader, const Node& node, const std::string& path) {
  if (node.kind != Node::Kind::list && node.scalar == "none") return {};
  std::vector<std::string> words = reader.texts(node, path);
  if (reader.good() && words.empty()) reader.fail(node, path, "must have a word, or say none");
  for (const std::string& word : words) {
    if (word.size() < 2 || word.size() > 64) reader.fail(node, path, "a keyword has 2 to 64 bytes");
  }
  return words;
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 32 && id.front() >= 'a' && id.front() <= 'z' &&
         std::all_of(id.begin(), id.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

void read_custom(Draft& draft, const Node& node, const std::string& path) {
  Reader& reader = draft.reader;
  if (!reader.is_map(node, path, members::kCustom)) return;
  for (std::string_view needed : {"id", "regex", "keywords"}) {
    if (member(node, needed) != nullptr) continue;
    return reader.fail(
        node, path, "has no " + std::string(needed),
        needed == "keywords" ? "literal words, one of which stands near, or: keywords: none" : "");
  }
  CustomDetector custom;
  const Node& id = *member(node, "id");
  custom.id = reader.text(id, join_path(path, "id"));
  if (!is_id(custom.id))
    reader.fail(id, join_path(path, "id"), "must be a-z, 0-9 and _ with a letter first, at most 32");
  const auto same = [&](const CustomDetector& other) { return other.id == custom.id; };
  const bool taken = std::any_of(draft.spec.custom.begin(), draft.spec.custom.end(), same);
  if (reader.good() && (taken || detector_from(custom.id)))
    reader.fail(id, join_path(path, "id"), "is taken");
  custom.keywords = read_keywords(reader, *member(node, "keywords"), join_path(path, "keywords"));
  const Node* capture = member(node, "capture");
  const int group =
      capture == nullptr ? 0 : static_cast<int>(reader.integer(*capture, join_path(path, "capture"), 0, 9));
  const Node& regex = *member(node, "regex");
  const std::string expression = reader.text(regex, join_path(path, "regex"));
  if (!reader.good()) return;
  auto pattern = make_pattern(expression, group);
  if (!pattern)
    return reader.fail(regex, join_path(path, "regex"), pattern.error().message(), pattern.error().hint());
  custom.matcher = *std::move(pattern);
  if (const Node* check = member(node, "validator"))
    custom.check = read_validator(reader, *check, join_path(path, "validator"));
  if (const Node* action = member(node, "action"))
    custom.action = read_action(draft, *action, join_path(path, "action"));
  draft.spec.enabled.insert(Detector::custom);
  draft.spec.custom.push_back(std::move(custom));
}

}  // namespace

void read_custom_detectors(Draft& draft, const Node& node) {
  if (!draft.reader.is_list(node, "detectors.custom")) return;
  if (node.items.size() > kMaxCustom)
    draft.reader.fail(node, "detectors.custom", "has more than 256 entries");
  for (std::size_t i = 0; i < node.items.size() && draft.reader.good(); ++i) {
    read_custom(draft, node.items[i], join_index("detectors.custom", i));
  }
}

void read_detectors(Draft& draft, const Node& node) {
  if (node.kind != Node::Kind::map) return draft.reader.fail(node, "detectors", "must be an object");
  for (std::size_t i = 0; i < node.items.size() && draft.reader.good(); ++i) {
    const std::string& name = node.names[i].text;
    if (name == "custom") {
      read_custom_detectors(draft, node.items[i]);
      continue;
    }
    const std::optional<Detector> detector = detector_from(name);
    if (!detector || *detector == Detector::none) {
      Node there;
      there.place = node.names[i].place;
      return draft.reader.fail(there, "detectors", "there is no detector of that name",
                               "docs/detectors.md lists them");
    }
    read_detector(draft, *detector, node.items[i], join_path("detectors", name));
  }
}

}  // namespace pii::policy
