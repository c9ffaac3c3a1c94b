#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "detect/characters.hpp"
#include "detect/context.hpp"
#include "detect/finding.hpp"
#include "detect/numbers.hpp"
#include "detect/scanner.hpp"

namespace pii::detect {

/// Which of its forms a detector looks for: those that prove themselves, or those that need context.
enum class Level : unsigned char { strong, context };

/// One text while detectors pass over it. A pass sees one window after the other, each a stretch that is
/// still free; what lies beside a window is a span, that is, a letter.
class Scan {
 public:
  Scan(std::string_view text, const Settings& settings, const Hints& hints, const Numbers& numbers, Spans& spans) noexcept
      : text_(text), settings_(settings), hints_(hints), numbers_(numbers), spans_(spans), end_(text.size()) {}

  std::string_view text() const noexcept { return text_; }
  const Settings& settings() const noexcept { return settings_; }
  const Hints& hints() const noexcept { return hints_; }
  /// The runs of digits from the window's begin to the text's end.
  std::span<const Number> numbers() const noexcept { return {number_, numbers_.end()}; }
  /// The text up to the window's end: what a search may go through.
  std::string_view free_text() const noexcept { return text_.substr(0, end_); }
  std::size_t begin() const noexcept { return begin_; }
  std::size_t end() const noexcept { return end_; }

  /// The byte at `i`, a letter where a span stands, NUL outside the text. `i` may be -1.
  char at(std::size_t i) const noexcept {
    if (i - begin_ < end_ - begin_) return text_[i];
    return i < text_.size() ? 'x' : '\0';
  }
  /// Whether a span stands at `i`.
  bool is_wall(std::size_t i) const noexcept { return i < text_.size() && i - begin_ >= end_ - begin_; }
  /// Whether what ends or begins beside `i` touches a word or a span.
  bool touches(std::size_t i) const noexcept { return is_word(at(i)); }
  std::string_view view(std::size_t begin, std::size_t end) const noexcept {
    return text_.substr(begin, end - begin);
  }

  /// Whether [begin, end), which begins and ends with a digit, stands free: touches no word, is not part of a
  /// dotted number nor of an identifier of pieces joined by '-'.
  bool stands_free(std::size_t begin, std::size_t end) noexcept;
  /// The same for one side only.
  bool free_before(std::size_t begin) noexcept;
  bool free_after(std::size_t end) noexcept;

  /// Lets candidates ask for context; the index is built when the first one does.
  void use(ContextIndex& index) noexcept { index_ = &index; }
  /// Whether a context word of the detector stands in the keys or before `offset`.
  bool has_context(Detector detector, std::size_t offset) {
    if (index_ != nullptr && !indexed_) {
      // Few candidates come as far as to ask. Nothing has been taken before one has asked.
      index_->build(text_, spans_);
      indexed_ = true;
    }
    if (hints_.context.contains(detector)) return true;
    return index_ != nullptr && index_->gives(detector) && index_->before(offset).contains(detector);
  }
  /// Whether it may, anywhere: true as long as nobody has asked.
  bool may_have_context(Detector detector) const noexcept { return !indexed_ || hints_.context.contains(detector) || index_->gives(detector); }
  /// Whether a candidate at `offset` that is dear to read is to be read. Context is dear to ask for, too, and few candidates that were
  /// read need it; where many are, it is asked for first.
  bool is_worth_reading(Level level, Detector detector, std::size_t offset) {
    constexpr std::size_t kReadUnasked = 4;
    return level == Level::strong || ++candidates_ <= kReadUnasked || has_context(detector, offset);
  }
  /// Whether a self-proving form that begins at `offset` counts at this level: the policy may ask for
  /// context.
  bool allows(Detector detector, Level level, std::size_t offset) {
    const bool asked = settings_.context_required.contains(detector);
    return level == Level::strong ? !asked : asked && has_context(detector, offset);
  }

  /// Some number reads as a card's, whether it was taken or not.
  void see_card() noexcept { saw_card_ = true; }
  bool saw_card() const noexcept { return saw_card_; }

  /// Adds a span in the window, unless something touches it; the window begins after it then.
  void take(std::size_t begin, std::size_t end, Detector detector) {
    if (touches(begin - 1) || touches(end)) return;
    spans_.put_aside({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), detector});
    begin_ = end;
    run_end_ = 0;
  }

  /// Whether one span is the whole text.
  bool is_taken() const noexcept { return spans_.is_whole(text_.size()); }

  /// Calls find(*this) for each window of `least` bytes or more, then adds what it took.
  template <typename Find>
  void pass(std::size_t least, Find find) {
    number_ = numbers_.begin();
    candidates_ = 0;
    if (spans_.empty()) {
      run_end_ = 0;
      if (end_ >= least) find(*this);
      spans_.merge();
      begin_ = 0;
      return;
    }
    const std::size_t count = spans_.size();
    std::size_t from = 0;
    for (std::size_t i = 0; i <= count; ++i) {
      begin_ = from;
      end_ = i < count ? spans_[i].begin : text_.size();
      if (i < count) from = spans_[i].end;
      if (end_ - begin_ < least) continue;
      run_end_ = 0;
      while (number_ != numbers_.end() && number_->begin < begin_) ++number_;
      find(*this);
    }
    spans_.merge();
    begin_ = 0;
    end_ = text_.size();
  }

 private:
  bool joined_to_letters(std::size_t offset) noexcept;

  std::string_view text_;
  const Settings& settings_;
  const Hints& hints_;
  const Numbers& numbers_;
  const Number* number_ = numbers_.begin();
  Spans& spans_;
  ContextIndex* index_ = nullptr;
  bool indexed_ = false;
  bool saw_card_ = false;
  std::size_t candidates_ = 0;  // of this pass
  std::size_t begin_ = 0;
  std::size_t end_;
  // The run of [A-Za-z0-9_-] looked at last.
  std::size_t run_begin_ = 0;
  std::size_t run_end_ = 0;
  bool run_is_identifier_ = false;
};

}  // namespace pii::detect
