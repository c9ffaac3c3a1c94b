#include "ship/delivery.hpp"

#include <iterator>

namespace pii::ship {

void Delivery::load(std::vector<Record> batch, Steady now) {
  pieces_.push_back(std::move(batch));
  next_piece(now);
}

std::size_t Delivery::records() const noexcept {
  std::size_t all = 0;
  for (const auto& piece : pieces_) all += piece.size();
  return all;
}

std::uint64_t Delivery::first_sequence() const noexcept { return pieces_.front().front().sequence; }

void Delivery::hurry(Steady now) noexcept {
  if (!asked_) due_ = std::min(due_, now);
}

void Delivery::next_piece(Steady now) {
  attempts_ = 0;
  started_ = now;
  due_ = now;
  asked_ = false;
}

Delivery::Outcome Delivery::apply(const Judgement& judgement, const Response& response, Steady now) {
  Outcome outcome;
  auto& piece = pieces_.front();
  if (judgement.each.empty() && judgement.whole == Verdict::split && piece.size() > 1) {
    const auto middle = piece.begin() + static_cast<std::ptrdiff_t>(piece.size() / 2);
    std::vector<Record> rest(std::make_move_iterator(middle), std::make_move_iterator(piece.end()));
    piece.erase(middle, piece.end());
    pieces_.insert(pieces_.begin() + 1, std::move(rest));
    next_piece(now);
    return outcome;
  }
  outcome.attempts = ++attempts_;
  const auto wait = backoff(policy_, attempts_, response.retry_after, chance_);
  const bool exhausted = !never_gives_up_ && ((policy_.max_attempts != 0 && attempts_ >= policy_.max_attempts) ||
                                              now + wait - started_ > policy_.max_elapsed);
  std::vector<Record> again;
  for (std::size_t i = 0; i < piece.size(); ++i) {
    const Verdict verdict = judgement.each.empty() ? judgement.whole : judgement.each[i];
    switch (verdict) {
      case Verdict::duplicate: ++outcome.duplicates; [[fallthrough]];
      case Verdict::sent: ++outcome.sent; break;
      case Verdict::split:
      case Verdict::reject: outcome.refused.push_back({std::move(piece[i]), false}); break;
      case Verdict::retry:
        if (exhausted) {
          outcome.refused.push_back({std::move(piece[i]), true});
        } else {
          again.push_back(std::move(piece[i]));
        }
    }
  }
  outcome.unnamed = std::min(judgement.refused, outcome.sent);
  outcome.sent -= outcome.unnamed;
  if (again.empty()) {
    pieces_.pop_front();
    next_piece(now);
    return outcome;
  }
  outcome.retried = again.size();
  piece = std::move(again);
  due_ = now + wait;
  asked_ = policy_.honour_retry_after && response.retry_after.has_value();
  return outcome;
}

}  // namespace pii::ship
