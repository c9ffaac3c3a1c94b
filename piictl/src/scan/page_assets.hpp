#pragma once

#include <string_view>

namespace piictl {

/// A file of scan/page/, as it is put into reports, and its SHA-256 in hexadecimal.
struct PageAsset {
  std::string_view text;
  std::string_view sha256;
};

extern const PageAsset kPageStyle;
extern const PageAsset kPageScript;

}  // namespace piictl
