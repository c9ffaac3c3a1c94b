// What takes a value's place in the reference masker: docs/masking.md sections 2 and 6, docs/policy.md "Actions".
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bitset>

#include "detect/canonical.hpp"
#include "detect/card.hpp"
#include "kit/reference_masker.hpp"

namespace pii::kit::reference {
namespace {

using Type = MaskAction::Type;

constexpr const char* kRedacted = "[PII_REDACTED]";

std::string capitals(std::string_view text) {
  std::string result;
  for (const char c : text) result += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return result;
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), is_ascii_digit);
  return digits;
}

bool is_alphanumeric(char c) { return is_ascii_digit(c) || is_ascii_letter(c); }

std::string partial(const std::string& folded, std::size_t keep) {
  const std::string value = trimmed(folded);
  const std::string last = value.size() < 2 * keep ? "" : value.substr(value.size() - keep);
  return "****" + (std::all_of(last.begin(), last.end(), is_alphanumeric) ? last : "");
}

std::string card_parts(const std::string& folded, const MaskAction& action) {
  const std::string digits = digits_of(folded);
  if (digits.size() < 12 || digits.size() > 19) return "****";
  const std::size_t bin = action.bin == 8 && digits.size() < 16 ? 6 : action.bin;
  return digits.substr(0, bin) + (bin == 0 ? "****" : "******") + (action.keep_last == 4 ? digits.substr(digits.size() - 4) : "");
}

// Bit by bit; empty where it is no address.
std::string network(const std::string& folded, const MaskAction& action) {
  const std::string address = folded.substr(0, folded.find_first_of("/%"));
  std::array<unsigned char, 16> bytes{};
  const bool v4 = inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  if (address.find('\0') != std::string::npos || (!v4 && inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1)) return {};
  const std::size_t prefix = v4 ? action.v4_prefix : action.v6_prefix;
  for (std::size_t bit = prefix; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] & ~(0x80U >> bit % 8));
  }
  char text[INET6_ADDRSTRLEN];
  inet_ntop(v4 ? AF_INET : AF_INET6, bytes.data(), text, sizeof text);
  return std::string(text) + "/" + std::to_string(prefix);
}

}  // namespace

ReferenceMasker::ReferenceMasker(PolicySpec spec, MaskKeys keys) : spec_(std::move(spec)), keys_(spec_) {
  settings_.enabled = spec_.enabled;
  settings_.context_required = spec_.context_required;
  settings_.regions = *detect::Regions::make(spec_.regions);
  settings_.extra_iins = *detect::ExtraIins::make(spec_.extra_iins);
  settings_.skip_private_ips = spec_.skip_private_ips;
  labels_ = {kRedacted, "[DROPPED]", "[COOKIE]"};
  for (int i = 0; i < kDetectorCount; ++i) {
    const auto detector = static_cast<Detector>(i);
    const MaskAction& action = spec_.actions[static_cast<std::size_t>(i)];
    labels_.push_back("[" + capitals(to_string(detector)) + "]");
    if (action.type == Type::redact) labels_.push_back(action.label);
    if (action.type == Type::ip_prefix && detector == Detector::ipv4) grammar_.v4_prefix = action.v4_prefix;
    if (action.type == Type::ip_prefix && detector == Detector::ipv6) grammar_.v6_prefix = action.v6_prefix;
  }
  for (const CustomDetector& custom : spec_.custom) {
    labels_.push_back("[" + capitals(custom.id) + "]");
    labels_.push_back(custom.action.label);
  }
  for (const PathRule& rule : spec_.paths) {
    if (rule.action) labels_.push_back(rule.action->label);
  }
  std::erase_if(labels_, [](const std::string& label) { return label.empty() || label == "[{detector}]"; });
  grammar_.labels = labels_;
  if (keys.provider == nullptr || !keys.environment) return;
  tokenizer_.emplace(keys.provider, *keys.environment);
  if (keys.full_access) protector_.emplace(keys.provider, *keys.environment);
}

std::string ReferenceMasker::label_of(Detector detector, std::size_t custom) const {
  return "[" + capitals(detector == Detector::custom ? std::string_view(spec_.custom[custom].id) : to_string(detector)) + "]";
}

const MaskAction& ReferenceMasker::action_for(const Found& found) const {
  return found.detector == Detector::custom ? spec_.custom[found.custom].action
                                            : spec_.actions[static_cast<std::size_t>(found.detector)];
}

bool ReferenceMasker::is_allowed(const Found& found) const {
  const bool alone = found.folded.find_first_not_of("0123456789 -.\t\r\n") == std::string::npos;
  if (found.detector == Detector::card && spec_.allow_test_cards && alone && detect::is_published_test_card(digits_of(found.folded))) {
    return true;
  }
  const std::string value = trimmed(found.folded);
  for (const std::string& allowed : spec_.allow_values) {
    if (lower(allowed) == lower(value)) return true;
  }
  for (const std::string& domain : spec_.allow_domains) {
    if (found.detector != Detector::email) break;
    if (lower(value).ends_with("@" + lower(domain)) || lower(value).ends_with("." + lower(domain))) return true;
  }
  return std::any_of(spec_.allow_patterns.begin(), spec_.allow_patterns.end(), [&](const auto& pattern) {
    const auto match = pattern->find(value, 0);
    return match && match->begin == 0;
  });
}

FieldType ReferenceMasker::field_of(const Found& found) const {
  return *FieldType::make(found.detector == Detector::custom ? std::string_view(spec_.custom[found.custom].id)
                                                             : field_type_of(found.detector));
}

std::string ReferenceMasker::ciphertext_of(const Found& found) {
  const auto sealed = protector_ ? protector_->protect(field_of(found), found.plain)
                                 : Result<std::string>(Error(ErrorCode::not_configured, "no keyset"));
  if (sealed) return *sealed;
  ++(protector_ ? counts_.failed : counts_.redacted_without_key);
  return kRedacted;
}

std::string ReferenceMasker::token_of(const Found& found, const std::string& suffix) {
  std::string canonical;
  detect::append_canonical(found.detector, found.folded, settings_.regions, canonical);
  const auto token = tokenizer_ ? tokenizer_->tokenize(field_of(found), canonical)
                                : Result<Token>(Error(ErrorCode::not_configured, "no keyset"));
  if (token) return std::string(token->view()) + suffix;
  ++(token.error().code() == ErrorCode::invalid_utf8 ? counts_.failed : counts_.redacted_without_key);
  return kRedacted;
}

std::string ReferenceMasker::header_for(const Found& found) {
  const MaskAction& action = action_for(found);
  return action.type == Type::partial ? authorization(found.plain) : output_for(action, found);
}

std::string ReferenceMasker::output_for(const MaskAction& action, const Found& found) {
  switch (action.type) {
    case Type::token: return token_of(found);
    case Type::redact:
      if (action.label == "[{detector}]") return label_of(found.detector, found.custom);
      return action.label.empty() ? kRedacted : action.label;
    case Type::partial: return partial(found.folded, action.keep_last);
    case Type::card_parts: return card_parts(found.folded, action);
    case Type::keep_domain: {
      const std::size_t at = found.folded.rfind('@');
      if (found.detector != Detector::email || at == std::string::npos) return token_of(found);
      const std::string suffix = lower(trimmed(std::string_view(found.folded).substr(at)));
      const std::string shown = "ptok:v1:" + std::string(43, 'A') + suffix;
      return token_of(found, detect::is_output(shown, grammar_) ? suffix : "");
    }
    case Type::ip_prefix: {
      const std::string shortened = network(found.folded, action);
      return shortened.empty() ? token_of(found) : shortened;
    }
    case Type::encrypt: return ciphertext_of(found);
    case Type::drop: return "[DROPPED]";
  }
  return kRedacted;
}

}  // namespace pii::kit::reference
