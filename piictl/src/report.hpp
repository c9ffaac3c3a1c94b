#pragma once

#include <string>
#include <string_view>

#include "pii/error.hpp"

namespace piictl {

/// Speaks to people on standard error: `error: …` and `hint: …`, or with --json one object with the same
/// parts. Control characters in what it is given are shown as '?', so that no path can steer a terminal.
class Report {
 public:
  Report(bool json, bool quiet, bool color) noexcept : json_(json), quiet_(quiet), color_(color) {}

  /// One error line and one hint line; an error without a hint gets its code's general one.
  void error(const pii::Error& error) const;
  /// Something worth knowing that is no error. Silent with --quiet.
  void note(std::string_view text) const;
  void warning(std::string_view text) const;

  bool json() const noexcept { return json_; }
  bool quiet() const noexcept { return quiet_; }

 private:
  void line(std::string_view color, std::string_view label, std::string_view text) const;

  bool json_;
  bool quiet_;
  bool color_;
};

/// `text` as a terminal may be given it: display_text.
std::string printable(std::string_view text);

}  // namespace piictl
