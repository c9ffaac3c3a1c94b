#include "mask/actions.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "detect/canonical.hpp"
#include "detect/card.hpp"
#include "mask/network.hpp"
#include "mask/text.hpp"
#include "pii/token.hpp"

namespace pii::mask {
namespace {

using Type = MaskAction::Type;

bool ends_with_domain(std::string_view address, const std::string& domain) noexcept {
  if (address.size() <= domain.size() || !address.ends_with(domain)) return false;
  const char before = address[address.size() - domain.size() - 1];
  return before == '@' || before == '.';
}

// As cards are written, with nothing beside.
bool is_number_alone(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_blank(c) || c == '-' || c == '.'; });
}

// Its digits, or nothing where there are more than cards have.
class CardDigits {
 public:
  explicit CardDigits(std::string_view text) noexcept {
    for (const char c : text) {
      if (!is_digit(c)) continue;
      if (size_ == kMost) {
        size_ = 0;
        return;
      }
      digits_[size_++] = c;
    }
  }
  std::string_view view() const noexcept { return {digits_, size_}; }

 private:
  static constexpr std::size_t kMost = 19;
  char digits_[kMost];
  std::size_t size_ = 0;
};

// Made where it stays: copied, it would wait for its own stores.
Edit& add(Work& work, Detector detector, const Layer& at, bool quoted) {
  ++work.counts.found[static_cast<std::size_t>(detector)];
  Edit& edit = work.edits.emplace_back();
  edit.begin = at.place(0);
  edit.end = at.place(at.text.size());
  edit.quoted = quoted;
  edit.escapes = at.escapes;
  return edit;
}

// The last characters of a value, where all of them may stand in any text.
std::string_view last_characters(std::string_view value, std::size_t count) noexcept {
  value = trim(value);
  // What would show more than half of a value shows nothing.
  if (value.size() < 2 * count) return {};
  const std::string_view last = value.substr(value.size() - count);
  return std::all_of(last.begin(), last.end(), [](char c) { return is_letter(c) || is_digit(c); }) ? last : std::string_view();
}

std::string_view label_of(const Work& work, const MaskAction& action, const Found& found) noexcept {
  if (action.label.empty()) return "[PII_REDACTED]";
  return action.label == "[{detector}]" ? work.impl.label(found.detector, found.custom) : std::string_view(action.label);
}

void set_text(Work& work, Edit& edit, std::string_view text) {
  edit.kind = Edit::Kind::text;
  edit.text = work.arena.copy(text);
}

void set_token(Work& work, Edit& edit, const Found& found) {
  edit.kind = Edit::Kind::token;
  edit.field = work.impl.field_index(found.detector, found.custom);
  edit.text = found.folded;
  if (detect::is_canonical(found.detector, found.folded)) return;
  work.scratch.clear();
  detect::append_canonical(found.detector, found.folded, work.impl.settings.regions, work.scratch);
  edit.text = work.arena.copy(work.scratch);
}

void set_token_and_domain(Work& work, Edit& edit, const Found& found) {
  set_token(work, edit, found);
  const std::size_t sign = found.folded.rfind('@');
  if (found.detector != Detector::email || sign == std::string_view::npos) return;
  const std::string domain = to_lower(trim(found.folded.substr(sign)));
  // Only what will be recognized behind a token; a domain beyond ASCII may need escapes where it goes.
  const std::string token = std::string(kTokenV1Prefix) + std::string(kTokenV1Size - kTokenV1Prefix.size(), 'A');
  if (domain.size() > UINT16_MAX || !detect::is_output(token + domain, work.grammar)) return;
  if (base::find_invalid_utf8(edit.text) != std::string_view::npos) return;  // of which no token is made: a label has no domain
  set_suffix(work, edit, domain);
}

void set_partial(Work& work, Edit& edit, const MaskAction& action, const Found& found) {
  work.scratch = "****";
  work.scratch += last_characters(found.folded, action.keep_last);
  set_text(work, edit, work.scratch);
}

// The first six or eight digits and the last four (PCI DSS 3.4.1); of what is no card, stars alone.
void set_card_parts(Work& work, Edit& edit, const MaskAction& action, const Found& found) {
  const CardDigits card(found.folded);
  const std::string_view digits = card.view();
  const std::size_t bin = action.bin == 8 && digits.size() < 16 ? 6 : action.bin;
  if (digits.size() < 12) return set_text(work, edit, "****");
  work.scratch = digits.substr(0, bin);
  work.scratch += bin == 0 ? "****" : "******";
  if (action.keep_last == 4) work.scratch += digits.substr(digits.size() - 4);
  set_text(work, edit, work.scratch);
}

}  // namespace

void set_suffix(Work& work, Edit& edit, std::string_view suffix) {
  const std::size_t size = edit.text.size();
  work.scratch.assign(edit.text);
  work.scratch += suffix;
  edit.text = work.arena.copy(work.scratch).substr(0, size);
  edit.suffix_size = static_cast<std::uint16_t>(suffix.size());
}

bool is_on_lists(const Work& work, const Found& found) {
  const PolicySpec& spec = work.policy.spec();
  if (found.detector == Detector::card && spec.allow_test_cards && is_number_alone(found.folded) && detect::is_published_test_card(CardDigits(found.folded).view())) {
    return true;
  }
  if (work.impl.allow_values.empty() && work.impl.allow_domains.empty() && spec.allow_patterns.empty()) return false;
  const std::string lower = to_lower(trim(found.folded));
  if (work.impl.allow_values.contains(lower)) return true;
  if (found.detector == Detector::email) {
    for (const std::string& domain : work.impl.allow_domains) {
      if (ends_with_domain(lower, domain)) return true;
    }
  }
  const std::string_view value = trim(found.folded);
  return std::any_of(spec.allow_patterns.begin(), spec.allow_patterns.end(), [&](const auto& pattern) {
    const auto match = pattern->find(value, 0);
    return match && match->begin == 0;
  });
}

void add_edit(Work& work, const MaskAction& action, const Found& found, const Layer& at, bool quoted) {
  Edit& edit = add(work, found.detector, at, quoted);
  switch (action.type) {
    case Type::token: set_token(work, edit, found); break;
    case Type::redact: edit.text = label_of(work, action, found); break;
    case Type::partial: set_partial(work, edit, action, found); break;
    case Type::card_parts: set_card_parts(work, edit, action, found); break;
    case Type::keep_domain: set_token_and_domain(work, edit, found); break;
    case Type::ip_prefix:
      work.scratch.clear();
      if (append_network(found.folded, action.v4_prefix, action.v6_prefix, work.scratch)) {
        set_text(work, edit, work.scratch);
      } else {
        set_token(work, edit, found);
      }
      break;
    case Type::encrypt:
      edit.kind = Edit::Kind::cipher;
      edit.field = work.impl.field_index(found.detector, found.custom);
      edit.text = work.arena.copy(found.plain);
      break;
    case Type::drop: edit.text = "[DROPPED]"; break;
  }
}

void add_edit(Work& work, const Found& found, const Layer& at, bool quoted) {
  const PolicySpec& spec = work.policy.spec();
  add_edit(work,
           found.detector == Detector::custom ? spec.custom[found.custom].action
                                              : spec.actions[static_cast<std::size_t>(found.detector)],
           found, at, quoted);
}

void add_token(Work& work, Detector detector, const Layer& value) {
  set_token(work, add(work, detector, value, false), {.detector = detector, .folded = value.text, .plain = value.text});
}

void add_text(Work& work, Detector detector, std::string_view text, const Layer& at, bool quoted) { add(work, detector, at, quoted).text = text; }

}  // namespace pii::mask
