#include "stream/text_splitter.hpp"

#include <algorithm>

#include "stream/byte_order_mark.hpp"

namespace piictl::stream {

std::size_t TextSplitter::split(std::string_view text, bool at_end, std::vector<Defect>& defects) {
  if (form_ == TextForm::detect && !detect(text, at_end)) return 0;
  return form_ == TextForm::documents ? split_documents(text, at_end, defects)
                                      : split_lines(text, at_end, defects);
}

bool TextSplitter::detect(std::string_view text, bool at_end) {
  const std::size_t bom = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const std::size_t first = text.find_first_not_of(" \t\r\n", bom);
  const bool may_open = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  const std::size_t newline = may_open ? text.find('\n', first) : std::string_view::npos;
  if (newline == std::string_view::npos) {
    // Lines can be answered at once, also where only blank ones have come so far.
    const bool undecided = may_open || (first == std::string_view::npos && text.find('\n') != 0);
    if (undecided && !at_end && text.size() <= max_line_) return false;
    form_ = TextForm::lines;
    return true;
  }
  form_ = opens_document(text.substr(first, newline - first)) ? TextForm::documents : TextForm::lines;
  return true;
}

std::size_t TextSplitter::skip(std::string_view text, std::size_t begin, bool at_end,
                               std::vector<Defect>& defects) {
  Defect defect = {.begin = begin, .end = 0, .next = 0, .fault = {}, .continued = skipped_ != 0};
  const std::size_t newline = text.find('\n', begin);
  skipping_ = newline == std::string_view::npos && !at_end;
  if (newline != std::string_view::npos) {
    defect.next = newline + 1;
    defect.end = newline > begin && text[newline - 1] == '\r' ? newline - 1 : newline;
  } else {
    // A CR at the end may be half of a terminator, so it waits for the next part.
    const bool hold = skipping_ && text.ends_with('\r') && text.size() > begin;
    defect.end = defect.next = text.size() - (hold ? 1 : 0);
    defect.more = skipping_;
    if (defect.end == begin && skipping_) return begin;
  }
  skipped_ += defect.end - begin;
  if (!skipping_) {
    defect.fault = {pii::ErrorCode::too_large, {}, static_cast<std::size_t>(skipped_), " bytes"};
    skipped_ = 0;
  }
  defects.push_back(defect);
  return defect.next;
}

std::size_t TextSplitter::split_lines(std::string_view text, bool at_end, std::vector<Defect>& defects) {
  std::size_t cut = 0;
  if (skipping_) {
    cut = skip(text, 0, at_end, defects);
    if (skipping_) return cut;
  }
  const std::size_t from = std::max(cut, std::min(searched_, text.size()));
  const std::size_t newline = text.substr(from).rfind('\n');
  if (newline != std::string_view::npos) cut = from + newline + 1;
  if (at_end) {
    cut = text.size();
  } else if (text.size() - cut > max_line_ + 1) {
    cut = skip(text, cut, at_end, defects);
  }
  searched_ = text.size() - cut;
  return cut;
}

std::size_t TextSplitter::split_documents(std::string_view text, bool at_end, std::vector<Defect>& defects) {
  std::size_t cut = 0;
  for (std::size_t end; (end = scanner_.find_end(text, cut)) != std::string_view::npos;) cut = end;
  if (at_end) return text.size();
  if (cut != 0) {
    scanner_.restart();  // what follows may be shown in part only
  } else if (text.size() > max_document_) {
    defects.push_back({.begin = 0,
                       .end = 0,
                       .next = 0,
                       .fault = {pii::ErrorCode::too_large, "a JSON text goes on for more than ",
                                 max_document_ >> 20, " MiB"}});
  }
  return cut;
}

}  // namespace piictl::stream
