#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <vector>

#include "pii/error.hpp"
#include "ship/spool.hpp"

namespace pii::ship {

/// What became of records of a spool whose lines were to be opened.
struct Opening {
  std::size_t opened = 0;  // the first of them, in their order; what is behind these cannot be opened now
  std::size_t lost = 0;    // can never be opened, and are not among them any more
  std::optional<Error> why = {};  // there are such behind; absent where `stop` ended it
};

/// Opens lines in their places. Keys may take their time, so that no lock should be held; `stop` ends it.
Opening open_lines(std::vector<Record>& stored, const Spool& spool, const std::atomic<bool>& stop) noexcept;

}  // namespace pii::ship
