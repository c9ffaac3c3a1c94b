#pragma once

#include <cstddef>
#include <memory>

#include "pii/names.hpp"
#include "pii/provider.hpp"
#include "pii/result.hpp"

namespace piictl {

/// How fast one thread masks events of logs, beside a mere copy of them.
struct MaskSpeed {
  std::size_t event_bytes = 0;  // on average
  std::size_t found = 0;        // in the events it is measured with
  double bytes_per_second = 0;
  double copied_per_second = 0;
};

/// Takes about half a second. Errors: interrupted, internal.
pii::Result<MaskSpeed> measure_mask(std::shared_ptr<pii::KeysetProvider> provider,
                                    const pii::Environment& environment);

}  // namespace piictl
