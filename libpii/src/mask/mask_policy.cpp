#include "pii/mask_policy.hpp"

#include <algorithm>
#include <utility>

#include "mask/key_form.hpp"
#include "mask/key_lexicon.hpp"
#include "mask/policy_impl.hpp"
#include "mask/text.hpp"

namespace pii {
namespace {

using Type = MaskAction::Type;

Error refuse(std::string member, std::string why, std::string hint = {}) {
  return Error(ErrorCode::invalid_setting, std::move(member) + ": " + std::move(why), std::move(hint));
}

bool is_label(std::string_view text) noexcept {
  if (text.size() < 3 || text.size() > 34 || text.front() != '[' || text.back() != ']') return false;
  const std::string_view name = text.substr(1, text.size() - 2);
  return name.front() >= 'A' && name.front() <= 'Z' && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

std::string capitals(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = mask::to_upper(c);
  return result;
}

std::string expand_label(const MaskAction& action, std::string_view detector) {
  if (action.label.empty()) return "[PII_REDACTED]";
  return action.label == "[{detector}]" ? "[" + capitals(detector) + "]" : action.label;
}

Result<void> check_action(const std::string& member, const MaskAction& action, std::string_view detector) {
  if (action.type == Type::redact && !is_label(expand_label(action, detector))) {
    return refuse(member, "the label is outside the output grammar",
                  "[NAME] of A-Z, 0-9 and _ with a letter first, at most 32, or [{detector}]");
  }
  if (action.keep_last > 4) return refuse(member, "keep_last is above 4");
  if (action.bin != 0 && action.bin != 6 && action.bin != 8) return refuse(member, "bin is neither 6 nor 8");
  if (action.type == Type::card_parts && action.keep_last != 0 && action.keep_last != 4) {
    return refuse(member, "of a card the last 4 digits are kept, or none");
  }
  if (action.v4_prefix < 8 || action.v4_prefix > 31) return refuse(member, "v4 is outside 8 to 31");
  if (action.v6_prefix < 16 || action.v6_prefix > 127) return refuse(member, "v6 is outside 16 to 127");
  return {};
}

Result<void> check_range(const char* member, std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  if (value >= low && value <= high) return {};
  return refuse(member, "outside " + std::to_string(low) + " to " + std::to_string(high));
}

Result<void> check_limits(const PolicySpec& spec) {
  if (auto good = check_range("limits.max_depth", spec.max_depth, 1, 1000); !good) return good;
  if (auto good = check_range("limits.max_leaf_bytes", spec.max_leaf_bytes, 256, 1U << 28); !good) return good;
  if (auto good = check_range("limits.embedded_json_depth", spec.embedded_json_depth, 0, 8); !good) return good;
  return check_range("limits.max_line_bytes", spec.max_line_bytes, 1024, 1U << 30);
}

Result<void> check_phrase(const char* list, std::size_t i, std::string_view phrase) {
  if (auto good = PolicySpec::check_key_phrase(phrase); !good) return refuse(list + ("[" + std::to_string(i) + "]"), good.error().message());
  return {};
}

Result<void> check_key_phrases(const PolicySpec& spec) {
  for (std::size_t i = 0; i < spec.sensitive_keys.size(); ++i) {
    if (auto good = check_phrase("keys.sensitive", i, spec.sensitive_keys[i].words); !good) return good;
  }
  for (std::size_t i = 0; i < spec.drop_keys.size(); ++i) {
    if (auto good = check_phrase("keys.drop", i, spec.drop_keys[i]); !good) return good;
  }
  for (std::size_t i = 0; i < spec.safe_keys.size(); ++i) {
    if (auto good = check_phrase("keys.safe", i, spec.safe_keys[i]); !good) return good;
  }
  return {};
}

// A pattern without a name or a number reaches all, or all of a depth.
bool names_nothing(const mask::PathPattern& pattern) noexcept {
  using Kind = mask::PathPattern::Step::Kind;
  return std::none_of(pattern.steps.begin(), pattern.steps.end(),
                      [](const auto& step) { return step.kind == Kind::name || step.kind == Kind::index; });
}

bool is_everything(const mask::PathPattern& pattern) noexcept {
  return std::all_of(pattern.steps.begin(), pattern.steps.end(), [](const auto& step) {
    return step.kind == mask::PathPattern::Step::Kind::any_steps;
  });
}

// A key with a blank for each output in it: those say nothing any more, whatever words their letters make.
std::string_view without_outputs(std::string_view key, const detect::OutputGrammar& grammar, std::string& room) {
  for (std::size_t i = 0; i < key.size(); ++i) {
    const std::size_t size = i == 0 || !mask::is_ascii_word(key[i - 1]) ? detect::output_at(key, i, grammar) : 0;
    if (size == 0) continue;
    if (key.data() != room.data()) key = room = key;
    room.replace(i, size, size, ' ');
    i += size - 1;
  }
  return key;
}

}  // namespace

PatternMatcher::~PatternMatcher() = default;

Result<void> PolicySpec::check_key_phrase(std::string_view phrase) {
  constexpr std::size_t kMost = mask::KeyReading::kLongestPhrase;
  static_assert(kMost == 6);
  const std::size_t words = mask::built_in_phrases().count_words(phrase);
  if (words == 0) return Error(ErrorCode::invalid_setting, "has no word", "letters or digits");
  if (words > kMost) return Error(ErrorCode::invalid_setting, "has more than six words", "its last words are enough");
  return {};
}

detect::OutputGrammar MaskPolicy::Impl::grammar() const noexcept {
  return {.labels = labels, .reveal_kids = {}, .v4_prefix = v4_prefix, .v6_prefix = v6_prefix};
}

mask::KeySaid MaskPolicy::Impl::say(std::string_view key, mask::KeyRole above) const {
  if (!mask::may_have_output(key)) return say_plain(key, above);
  // A key that was masked says nothing any more, whatever words its label has.
  const std::size_t mark = key.find_last_not_of("0123456789");
  const bool counted = mark != std::string_view::npos && key[mark] == '~' && mark + 1 < key.size();
  const detect::OutputGrammar outputs = grammar();
  if (detect::is_output(counted ? key.substr(0, mark) : key, outputs)) return {{}, role_of(key), true};
  std::string room;
  mask::KeySaid said = say_plain(without_outputs(key, outputs, room), above);
  said.by_outputs = true;
  return said;
}

// Without outputs.
mask::KeySaid MaskPolicy::Impl::say_plain(std::string_view key, mask::KeyRole above) const {
  using Kind = mask::KeyVerdict::Kind;
  mask::KeySaid said = keys.say(key, above);
  mask::KeyVerdict& verdict = said.verdict;
  const bool cookie = verdict.kind == Kind::cookie || verdict.kind == Kind::set_cookie;
  if (cookie) verdict.type = Detector::cookie;
  if (verdict.kind == Kind::authorization) verdict.type = Detector::auth_header;
  if ((cookie || verdict.kind == Kind::authorization) && !settings.enabled.contains(verdict.type)) verdict.kind = Kind::plain;
  return said;
}

bool MaskPolicy::Impl::can_name(std::string_view name) const {
  constexpr std::size_t kLongest = 64;
  if (name.empty() || name.size() > kLongest) return false;
  if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '*'; })) return false;
  std::string room;
  return without_outputs(name, grammar(), room).data() == name.data();
}

mask::KeyRole MaskPolicy::Impl::role_of(std::string_view key) const {
  // Its last word counts, and what is an output before it.
  constexpr std::size_t kLongest = 4096;
  if (key.size() > kLongest) key.remove_prefix(key.size() - kLongest);
  if (!mask::may_have_output(key)) return keys.role_of(key);
  std::string room;
  return keys.role_of(without_outputs(key, grammar(), room));
}

MaskPolicy::MaskPolicy(PolicySpec spec, std::unique_ptr<const Impl> impl)
    : spec_(std::move(spec)), impl_(std::move(impl)) {}
MaskPolicy::~MaskPolicy() = default;

Result<std::shared_ptr<const MaskPolicy>> MaskPolicy::compile(PolicySpec spec) {
  if (auto good = check_limits(spec); !good) return good.error();
  if (auto good = check_key_phrases(spec); !good) return good.error();
  auto impl = std::make_unique<Impl>(spec);
  if (auto ready = impl->prepare(spec); !ready) return ready.error();
  return std::shared_ptr<const MaskPolicy>(new MaskPolicy(std::move(spec), std::move(impl)));
}

Result<void> MaskPolicy::Impl::prepare(const PolicySpec& spec) {
  if (auto done = prepare_actions(spec); !done) return done;
  if (auto done = prepare_paths(spec); !done) return done;
  auto regions = detect::Regions::make(spec.regions);
  if (!regions) return std::move(regions).error();
  auto iins = detect::ExtraIins::make(spec.extra_iins);
  if (!iins) return std::move(iins).error();
  settings = {.enabled = spec.enabled,
              .context_required = spec.context_required,
              .regions = *std::move(regions),
              .extra_iins = *std::move(iins),
              .skip_private_ips = spec.skip_private_ips};
  scans_every_text = !spec.custom.empty() || spec.enabled.contains(Detector::in_pan) ||
                     spec.enabled.contains(Detector::swift_bic) || spec.enabled.contains(Detector::vin) ||
                     spec.enabled.contains(Detector::btc) || spec.enabled.contains(Detector::it_cf) ||
                     spec.enabled.contains(Detector::mac);
  bytes_tell = !scans_every_text && spec.rules == PolicySpec::Rules::catalogue && spec.paths.empty() && spec.allow_patterns.empty();
  for (const std::string& value : spec.allow_values) {
    if (value.empty()) return refuse("allow.values", "an empty value");
    allow_values.insert(mask::to_lower(value));
  }
  for (const std::string& domain : spec.allow_domains) {
    if (domain.empty()) return refuse("allow.domains", "an empty domain");
    allow_domains.push_back(mask::to_lower(domain));
  }
  allows_any = spec.allow_test_cards || !allow_values.empty() || !allow_domains.empty() || !spec.allow_patterns.empty();
  return {};
}

Result<void> MaskPolicy::Impl::prepare_actions(const PolicySpec& spec) {
  const auto add_label = [this](std::string label) {
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(std::move(label));
  };
  add_label("[PII_REDACTED]");
  add_label("[DROPPED]");
  add_label("[COOKIE]");
  const auto add_field = [this](std::string_view name) -> Result<void> {
    auto field = FieldType::make(name);
    if (!field) return std::move(field).error();
    fields.push_back(*std::move(field));
    return {};
  };
  for (int i = 0; i < kDetectorCount; ++i) {
    const auto detector = static_cast<Detector>(i);
    const std::string name(to_string(detector));
    const MaskAction& action = spec.actions[static_cast<std::size_t>(i)];
    if (auto good = check_action("detectors." + name, action, name); !good) return good;
    label_of[i] = "[" + capitals(name) + "]";
    add_label(label_of[i]);
    if (action.type == Type::redact) add_label(expand_label(action, name));
    if (auto added = add_field(field_type_of(detector)); !added) return added;
    if (detector == Detector::auth_header) shortens_headers = action.type == Type::partial;
    if (action.type != Type::ip_prefix) continue;
    if (detector == Detector::ipv4) v4_prefix = action.v4_prefix;
    if (detector == Detector::ipv6) v6_prefix = action.v6_prefix;
  }
  for (const CustomDetector& custom : spec.custom) {
    if (custom.matcher == nullptr) return refuse("detectors.custom." + custom.id, "it has no pattern");
    if (auto good = check_action("detectors.custom." + custom.id, custom.action, custom.id); !good) return good;
    custom_labels.push_back("[" + capitals(custom.id) + "]");
    add_label(custom_labels.back());
    if (custom.action.type == Type::redact) add_label(expand_label(custom.action, custom.id));
    if (auto added = add_field(custom.id); !added) return added;
    std::vector<std::string> keywords;
    for (const std::string& keyword : custom.keywords) keywords.push_back(mask::to_lower(keyword));
    custom_keywords.push_back(std::move(keywords));
  }
  for (const PathRule& rule : spec.paths) {
    if (!rule.action) continue;
    if (auto good = check_action("paths." + rule.path, *rule.action, "generic"); !good) return good;
    if (rule.action->type == Type::ip_prefix && (rule.action->v4_prefix != v4_prefix || rule.action->v6_prefix != v6_prefix)) {
      return refuse("paths." + rule.path, "ip_prefix must be the detectors' own, so that outputs can be recognized");
    }
    if (rule.action->type == Type::redact) add_label(expand_label(*rule.action, "generic"));
  }
  return {};
}

Result<void> MaskPolicy::Impl::prepare_paths(const PolicySpec& spec) {
  const auto add = [this](const std::string& member, const std::string& text) -> Result<void> {
    auto pattern = mask::PathPattern::parse(text);
    if (!pattern) return refuse(member, pattern.error().message(), pattern.error().hint());
    patterns.push_back(*std::move(pattern));
    return {};
  };
  for (const std::string& path : spec.include) {
    if (auto added = add("scope.include", path); !added) return added;
  }
  includes_all = std::any_of(patterns.begin(), patterns.end(), is_everything);
  never_scan_begin = patterns.size();
  for (const std::string& path : spec.never_scan) {
    if (auto added = add("scope.never_scan", path); !added) return added;
    if (is_everything(patterns.back())) return refuse("scope.never_scan", "it would leave everything unseen");
  }
  paths_begin = patterns.size();
  for (const PathRule& rule : spec.paths) {
    if (auto added = add("paths", rule.path); !added) return added;
    if (rule.exempt == PathRule::Exempt::all && names_nothing(patterns.back())) {
      return refuse("paths", "exempt: all under a path that names nothing would switch masking off");
    }
  }
  if (patterns.size() > 4096) return refuse("paths", "more than 4096 patterns");
  return {};
}

}  // namespace pii
