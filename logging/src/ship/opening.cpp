#include "ship/opening.hpp"

namespace pii::ship {

Opening open_lines(std::vector<Record>& stored, const Spool& spool, const std::atomic<bool>& stop) noexcept {
  Opening opening;
  std::size_t done = 0;
  try {
    for (; done < stored.size() && !stop; ++done) {
      Record& record = stored[done];
      if (Spool::is_sealed(record)) {
        auto line = spool.opened(record.line);
        if (!line) {
          opening.why = line.error();
          break;
        }
        if (!*line) {
          ++opening.lost;
          continue;
        }
        record.line = **std::move(line);
      }
      if (opening.opened != done) stored[opening.opened] = std::move(record);
      ++opening.opened;
    }
  } catch (...) {
    opening.why = Error(ErrorCode::internal, {});  // no memory
  }
  const auto at = [&](std::size_t i) { return stored.begin() + static_cast<std::ptrdiff_t>(i); };
  stored.erase(at(opening.opened), at(done));
  return opening;
}

}  // namespace pii::ship
