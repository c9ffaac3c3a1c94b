#pragma once

#include <array>
#include <span>
#include <string_view>

#include "detect/characters.hpp"
#include "detect/leaf_class.hpp"

// The interchangeable inner loops of leaf_class.cpp.
namespace pii::detect {

struct LeafImplementation {
  const char* name;
  LeafClass (*classify)(std::string_view text) noexcept;
};

/// Those that this processor can run; the portable one is the first, the fastest the last.
std::span<const LeafImplementation> leaf_implementations() noexcept;

}  // namespace pii::detect
