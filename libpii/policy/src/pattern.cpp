#include "pattern.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace pii::policy {
namespace {

constexpr int kMaxCapture = 9;

re2::RE2::Options options() {
  re2::RE2::Options result;
  result.set_log_errors(false);
  result.set_max_mem(kPatternMemory);
  return result;
}

class Pattern final : public PatternMatcher {
 public:
  Pattern(const std::string& expression, int capture)
      : expression_(expression, options()), capture_(capture) {}

  const re2::RE2& expression() const { return expression_; }

  std::optional<Match> find(std::string_view text, std::size_t from) const override {
    const re2::StringPiece piece(text.data(), text.size());
    std::array<re2::StringPiece, kMaxCapture + 1> groups;
    while (from < text.size()) {
      if (!expression_.Match(piece, from, piece.size(), re2::RE2::UNANCHORED, groups.data(), capture_ + 1))
        break;
      const re2::StringPiece& found = groups[static_cast<std::size_t>(capture_)];
      if (found.data() != nullptr && !found.empty()) {
        const auto begin = static_cast<std::size_t>(found.data() - text.data());
        return Match{begin, begin + found.size()};
      }
      // The group took no part: on behind the match, which may itself be empty.
      const auto end = static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size();
      from = std::max(end, from + 1);
    }
    return std::nullopt;
  }

 private:
  re2::RE2 expression_;
  int capture_;
};

Error refuse(std::string why, std::string hint = {}) {
  return Error(ErrorCode::invalid_setting, std::move(why), std::move(hint));
}

}  // namespace

Result<std::shared_ptr<const PatternMatcher>> make_pattern(const std::string& expression, int capture) {
  if (expression.empty()) return refuse("an empty pattern");
  if (expression.size() > kMaxPatternSize)
    return refuse("longer than " + std::to_string(kMaxPatternSize) + " bytes");
  auto pattern = std::make_shared<const Pattern>(expression, capture);
  const re2::RE2& compiled = pattern->expression();
  if (!compiled.ok())
    return refuse("not a regular expression of RE2", "https://github.com/google/re2/wiki/Syntax");
  if (compiled.ProgramSize() > kMaxProgramSize)
    return refuse("too large once compiled", "smaller repetition counts");
  if (capture < 0 || capture > kMaxCapture || capture > compiled.NumberOfCapturingGroups())
    return refuse("has no such group");
  if (re2::RE2::PartialMatch("", compiled)) return refuse("matches the empty text, so it matches everywhere");
  return std::shared_ptr<const PatternMatcher>(std::move(pattern));
}

}  // namespace pii::policy
