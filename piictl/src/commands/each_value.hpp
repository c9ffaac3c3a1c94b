#pragma once

#include <cstddef>

#include "pii/error.hpp"
#include "pii/result.hpp"
#include "stream/value_batch.hpp"

namespace piictl {

/// Whether an error of making, revealing or moving a value is of its row and not of the run.
bool is_of_the_row(pii::ErrorCode code) noexcept;

/// Calls `make(i)`, which sets the result of value i or says what is wrong, for every value of the batch. An error of the
/// row fails that row alone, any other one ends the run.
template <class Make>
pii::Result<void> each_value(stream::ValueBatch& values, Make&& make) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const pii::Result<void> made = make(i);
    if (made) continue;
    if (!is_of_the_row(made.error().code())) return made;
    values.codes()[i] = made.error().code();
  }
  return {};
}

}  // namespace piictl
