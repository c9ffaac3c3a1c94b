#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace piictl::stream {

/// Finds where JSON texts end that may span lines and stand one behind the other. It follows brackets and
/// strings alone: whether a text is well formed is for its reader to say. What opens no bracket ends with its
/// line.
class DocumentScanner {
 public:
  /// Offset behind the text that begins at `begin`, its line end included; npos when it goes on beyond
  /// `text`. Called again with the same text and more behind it, it goes on where it was.
  std::size_t find_end(std::string_view text, std::size_t begin) noexcept;
  /// Forgets the text that did not end.
  void restart() noexcept { *this = {}; }

 private:
  enum class Place : std::uint8_t { before, inside, behind, line };

  std::size_t skip_inside(std::string_view text, std::size_t at) noexcept;

  Place place_ = Place::before;
  bool in_string_ = false;
  bool escaped_ = false;
  std::uint64_t depth_ = 0;
  std::size_t scanned_ = 0;  // from where the text begins
};

/// Whether a JSON text may begin with this line and go on behind it: brackets are open at its end, and
/// everything before is as JSON has it.
bool opens_document(std::string_view line);

}  // namespace piictl::stream
