#include "kit/mask_race.hpp"

#include <cstdio>
#include <cstdlib>
#include <set>

#include "kit/masking.hpp"
#include "pii/protector.hpp"

namespace pii::kit {
namespace {

/// `ORN-` and twelve hexadecimal digits.
class OrderNumber final : public PatternMatcher {
 public:
  /// `whole`: no part of a longer word.
  explicit OrderNumber(bool whole) : whole_(whole) {}

  std::optional<Match> find(std::string_view text, std::size_t from) const override {
    for (std::size_t at = text.find("ORN-", from); at != std::string_view::npos; at = text.find("ORN-", at + 1)) {
      const std::string_view digits = text.substr(at + 4, 12);
      if (digits.size() < 12 || digits.find_first_not_of("0123456789ABCDEF") != std::string_view::npos) continue;
      const bool word = (at > 0 && reference::is_any_word(text[at - 1])) || (at + 16 < text.size() && reference::is_any_word(text[at + 16]));
      if (!whole_ || !word) return Match{at, at + 16};
    }
    return std::nullopt;
  }

 private:
  bool whole_;
};

MaskAction action(MaskAction::Type type) {
  MaskAction result;
  result.type = type;
  return result;
}

void set_action(PolicySpec& spec, Detector detector, MaskAction to) { spec.actions[static_cast<std::size_t>(detector)] = std::move(to); }

PolicySpec with_everything() {
  PolicySpec spec = *PolicySpec::profile("gulf-payments");
  for (int i = 1; i < kDetectorCount; ++i) spec.enabled.insert(static_cast<Detector>(i));
  spec.inherit = PolicySpec::Inherit::objects;
  spec.allow_test_cards = true;
  spec.skip_private_ips = true;
  spec.context_required = {Detector::card};
  MaskAction part = action(MaskAction::Type::partial);
  part.keep_last = 4;
  set_action(spec, Detector::phone, part);
  MaskAction card = action(MaskAction::Type::card_parts);
  card.bin = 8;
  card.keep_last = 4;
  set_action(spec, Detector::card, card);
  set_action(spec, Detector::email, action(MaskAction::Type::keep_domain));
  set_action(spec, Detector::ipv4, action(MaskAction::Type::ip_prefix));
  set_action(spec, Detector::ipv6, action(MaskAction::Type::ip_prefix));
  MaskAction label = action(MaskAction::Type::redact);
  label.label = "[{detector}]";
  set_action(spec, Detector::iban, label);
  label.label = "[MINE]";
  spec.custom.push_back({"orn", {"orn"}, std::make_shared<OrderNumber>(false), {}, label});
  spec.sensitive_keys = {{"note", Detector::person_name}, {"amount", Detector::generic}};
  spec.drop_keys = {"otp"};
  spec.safe_keys = {"detail"};
  return spec;
}

PolicySpec with_paths() {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.include = {"**"};
  spec.never_scan = {"**.id", "trace"};
  MaskAction label = action(MaskAction::Type::redact);
  label.label = "[BLOB]";
  spec.paths = {{"**.debug_blob", PathRule::Exempt::none, label},
                {"**.keep", PathRule::Exempt::keys},
                {"payload", PathRule::Exempt::all},
                {"payload.email", PathRule::Exempt::none},
                {"items[*]", PathRule::Exempt::detectors},
                {"items[1]", PathRule::Exempt::none, action(MaskAction::Type::drop)},
                {"items[2]", PathRule::Exempt::none},
                {"user.email", PathRule::Exempt::keys},
                {"tags[0]", PathRule::Exempt::all},
                {"customer", PathRule::Exempt::keys},
                {"customer.name", PathRule::Exempt::none},
                {"*.cookie", PathRule::Exempt::none, action(MaskAction::Type::token)}};
  spec.allow_values = {"fatima.ali@example.com", "ahmad"};
  spec.allow_domains = {"example.org"};
  return spec;
}

PolicySpec with_small_limits() {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.max_depth = 4;
  spec.max_leaf_bytes = 256;
  spec.max_line_bytes = 2048;
  spec.embedded_json_depth = 1;
  spec.include = {"message", "customer", "items[1]", "payload.**", "user.email"};
  spec.inherit = PolicySpec::Inherit::none;
  return spec;
}

PolicySpec with_encryption() {
  PolicySpec spec = *PolicySpec::profile("gulf-payments");
  const MaskAction encrypt = action(MaskAction::Type::encrypt);
  // All of them: in a broken line, which is masked until nothing changes, a value may hold a ciphertext, and its token would be
  // another every time.
  for (MaskAction& of : spec.actions) {
    if (of.type == MaskAction::Type::token) of = encrypt;
  }
  spec.custom.push_back({"orn", {"orn"}, std::make_shared<OrderNumber>(true), {}, encrypt});
  spec.paths = {{"**.debug_blob", PathRule::Exempt::none, encrypt}, {"items[*]", PathRule::Exempt::none, encrypt}};
  return spec;
}

// The fields that ciphertexts may be of.
std::vector<FieldType> all_fields() {
  std::set<std::string_view> names = {"orn"};
  for (int i = 1; i < kDetectorCount; ++i) names.insert(field_type_of(static_cast<Detector>(i)));
  std::vector<FieldType> fields;
  for (const std::string_view name : names) {
    if (auto field = FieldType::make(name)) fields.push_back(*std::move(field));
  }
  return fields;
}

// The field and plaintext of a ciphertext, empty where this keyset does not open it.
std::string opened(std::string_view ciphertext) {
  static const Protector protector(masking_provider(), test_environment());
  static const std::vector<FieldType> fields = all_fields();
  for (const FieldType& field : fields) {
    const auto plain = protector.reveal(field, ciphertext);
    if (plain) return "<" + std::string(field.name()) + "=" + std::string(plain->expose()) + ">";
  }
  return {};
}

}  // namespace

std::string revealed(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 0;
    std::string plain;
    // As far as one opens: where two were joined by '-' its end cannot be seen.
    if (text.substr(i).starts_with("penc:v1:rk1:")) {
      size = 12;
      while (i + size < text.size() && (reference::is_ascii_word(text[i + size]) || text[i + size] == '-')) ++size;
      while (size > 40 && (plain = opened(text.substr(i, size))).empty()) --size;
    }
    // What is found in a line that was masked before may hold ciphertexts itself.
    result += plain.empty() ? std::string(1, text[i]) : revealed(plain);
    i += plain.empty() ? 1 : size;
  }
  return result;
}

namespace {

std::shared_ptr<const MaskPolicy> compiled(PolicySpec spec) {
  auto policy = MaskPolicy::compile(std::move(spec));
  if (policy) return *std::move(policy);
  std::fputs(("the test's own policy does not compile: " + policy.error().message() + "\n").c_str(), stderr);
  std::abort();
}

MaskKeys keys(bool with_keys) {
  return with_keys ? MaskKeys{masking_provider(), test_environment(), true} : MaskKeys{};
}

// What both have counted since.
std::string difference(const MaskCounts& engine, const MaskCounts& engine_before, const MaskCounts& reference,
                       const MaskCounts& reference_before) {
  std::string result;
  const auto compare = [&](std::string_view what, auto count) {
    const std::uint64_t ours = count(engine) - count(engine_before), theirs = count(reference) - count(reference_before);
    if (ours != theirs) result += "\n  " + std::string(what) + ": " + std::to_string(ours) + ", reference " + std::to_string(theirs);
  };
  compare("events", [](const MaskCounts& of) { return of.events; });
  compare("bytes_in", [](const MaskCounts& of) { return of.bytes_in; });
  compare("bytes_out", [](const MaskCounts& of) { return of.bytes_out; });
  compare("not_json", [](const MaskCounts& of) { return of.not_json; });
  compare("too_long", [](const MaskCounts& of) { return of.too_long; });
  compare("failed", [](const MaskCounts& of) { return of.failed; });
  compare("redacted_without_key", [](const MaskCounts& of) { return of.redacted_without_key; });
  for (std::size_t i = 0; i < engine.found.size(); ++i) {
    compare(to_string(static_cast<Detector>(i)), [i](const MaskCounts& of) { return of.found[i]; });
  }
  return result;
}

}  // namespace

std::vector<RacePolicy> race_policies() {
  return {{"default", *PolicySpec::profile("default")},           {"gulf-payments", *PolicySpec::profile("gulf-payments")},
          {"pci-strict", *PolicySpec::profile("pci-strict")},     {"secrets-only", *PolicySpec::profile("secrets-only")},
          {"with_everything", with_everything()},                 {"with_paths", with_paths()},
          {"with_small_limits", with_small_limits()},             {"with_encryption", with_encryption()}};
}

std::string test_name(const RacePolicy& policy) {
  std::string name = policy.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

MaskRace::MaskRace(const RacePolicy& policy, bool with_keys)
    : policy_(policy), engine_(compiled(policy.spec), keys(with_keys)), reference_(policy.spec, keys(with_keys)) {}

std::string MaskRace::differs(std::string_view lines) {
  out_.clear();
  engine_.mask_lines(lines, out_);
  std::string expected = reference_.mask_lines(lines), ours = out_;
  if (ours != expected && policy_.name == "with_encryption") {
    ours = revealed(ours);
    expected = revealed(expected);
  }
  const std::string counts = difference(engine_.counts(), engine_before_, reference_.counts(), reference_before_);
  engine_before_ = engine_.counts();
  reference_before_ = reference_.counts();
  if (ours == expected && counts.empty()) return {};
  return policy_.name + ":\n  input     " + printable(lines) + "\n  engine    " + printable(ours) + "\n  reference " + printable(expected) + counts;
}

std::string printable(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) {
    char code[8];
    std::snprintf(code, sizeof code, "<%02X>", static_cast<unsigned char>(c));
    result += (c >= ' ' && c < 0x7F) || static_cast<unsigned char>(c) >= 0x80 ? std::string(1, c) : std::string(code);
  }
  return result;
}

}  // namespace pii::kit
