#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "stream/document_scanner.hpp"
#include "stream/splitter.hpp"

namespace piictl::stream {

/// What a text consists of.
enum class TextForm {
  detect,     ///< Documents when its first line opens a JSON text that goes on behind it, else lines.
  lines,      ///< A line is a piece: NDJSON, logs.
  documents,  ///< JSON texts that may span lines, one behind the other.
};

/// Parts for rewrite_text: whole lines or whole documents. A line that is too long is passed on in pieces to
/// be thrown away, the last of which says in its fault's number how many bytes the line had. A document that
/// is too long is a defect that is no row's: `fault` says so, and there is no way on.
class TextSplitter final : public Splitter {
 public:
  static constexpr std::size_t kMaxDocument = std::size_t{64} << 20;

  TextSplitter(TextForm form, std::size_t max_line, std::size_t max_document = kMaxDocument) noexcept
      : form_(form), max_line_(max_line), max_document_(max_document) {}

  std::size_t split(std::string_view text, bool at_end, std::vector<Defect>& defects) override;
  bool splits_documents() const noexcept override { return form_ == TextForm::documents; }

 private:
  /// False when more of the first line must be seen.
  bool detect(std::string_view text, bool at_end);
  std::size_t split_lines(std::string_view text, bool at_end, std::vector<Defect>& defects);
  std::size_t split_documents(std::string_view text, bool at_end, std::vector<Defect>& defects);
  /// Goes on with a line that is too long from `begin`; returns where what follows begins.
  std::size_t skip(std::string_view text, std::size_t begin, bool at_end, std::vector<Defect>& defects);

  TextForm form_;
  std::size_t max_line_;
  std::size_t max_document_;
  std::size_t searched_ = 0;  // no newline before this offset
  bool skipping_ = false;
  std::uint64_t skipped_ = 0;
  DocumentScanner scanner_;
};

}  // namespace piictl::stream
