#include "mask/ecsctx_phone_pattern.hpp"
#include "mask/ecsctx_phones.hpp"
#include "mask/ecsctx_rules.hpp"

namespace pii::mask::ecsctx {
namespace {

/// Whether a phone could begin with the last digits of a token and end in the text behind it, from `at` on.
/// Tokens have digits and hyphens, but end with no hyphen: the last character of 43 encodes two zero bits.
bool may_continue_token(std::string_view text, std::size_t at, std::size_t to) noexcept {
  constexpr int kRunDigits[] = {3, 3, 6};
  const PhoneText phone(text.substr(0, to));
  if (at == to) return false;
  switch (phone.at(at).unit) {
    case PhoneUnit::digit:
    case PhoneUnit::separator:
    case PhoneUnit::close:
      break;
    default:
      return false;
  }
  for (int run = 0; run < 3; ++run) {
    for (int done = 1; done <= kRunDigits[run]; ++done) {
      const std::size_t end = match_number_from(phone, at, run, done);
      if (end != PhoneText::kNone && end > at) return true;
    }
  }
  return false;
}

/// Adds the phones of text[from, to), which lies between e-mails or the ends of the text.
void plan_between(std::string_view text, std::size_t from, std::size_t to, bool fixed, ScrubPlan& plan) {
  const std::size_t first = plan.pieces.size();
  find_phones_between(text, from, to, fixed, plan.pieces);
  const bool at_start = from != 0 && plan.pieces.size() > first && plan.pieces[first].begin == from;
  const bool at_end = to != text.size() && plan.pieces.size() > first && plan.pieces.back().end == to;
  if (!fixed) {
    plan.depends_on_tokens |= at_start || at_end || (from != 0 && may_continue_token(text, from, to));
    return;
  }
  // An e-mail counts as a letter: what touches it is no phone.
  if (at_end) plan.pieces.pop_back();
  if (at_start && plan.pieces.size() > first) {
    plan.pieces.erase(plan.pieces.begin() + static_cast<std::ptrdiff_t>(first));
  }
}

void append_replaced(std::string_view text, const std::vector<Replacement>& pieces,
                     const AppendToken& append_token, std::string& out) {
  std::size_t done = 0;
  for (const Replacement& piece : pieces) {
    out += text.substr(done, piece.begin - done);
    append_token(piece.kind, text.substr(piece.begin, piece.end - piece.begin), out);
    done = piece.end;
  }
  out += text.substr(done);
}

}  // namespace

void plan_scrub(std::string_view text, bool fixed, ScrubPlan& plan) {
  plan.pieces.clear();
  plan.emails.clear();
  plan.depends_on_tokens = false;
  find_emails(text, plan.emails);
  std::size_t done = 0;
  for (const Replacement& email : plan.emails) {
    plan_between(text, done, email.begin, fixed, plan);
    plan.pieces.push_back(email);
    done = email.end;
  }
  plan_between(text, done, text.size(), fixed, plan);
}

bool holds_phone(std::string_view token) {
  std::vector<Replacement> found;
  find_phones(token, false, found);
  return !found.empty();
}

void scrub_exactly(std::string_view text, bool fixed, const AppendToken& append_token, std::string& out) {
  if (fixed) {
    ScrubPlan plan;
    plan_scrub(text, fixed, plan);
    append_replaced(text, plan.pieces, append_token, out);
    return;
  }
  std::vector<Replacement> found;
  find_emails(text, found);
  if (found.empty()) {
    find_phones(text, fixed, found);
    append_replaced(text, found, append_token, out);
    return;
  }
  std::string replaced;
  append_replaced(text, found, append_token, replaced);
  found.clear();
  find_phones(replaced, fixed, found);
  append_replaced(replaced, found, append_token, out);
}

}  // namespace pii::mask::ecsctx
