#pragma once

#include <memory>
#include <string_view>

#include "kit/masking.hpp"

namespace pii::bench {

inline Masker masker(std::string_view profile) {
  return Masker(*MaskPolicy::compile(*PolicySpec::profile(profile)), {kit::masking_provider(), kit::test_environment(), false});
}

}  // namespace pii::bench
