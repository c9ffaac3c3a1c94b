#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ship/record.hpp"
#include "ship/transport.hpp"

namespace pii::ship {

/// What becomes of a record after one request.
enum class Verdict : std::uint8_t { sent, duplicate, retry, reject, split };

struct Judgement {
  Verdict whole = Verdict::retry;
  std::vector<Verdict> each = {};  // one a record, instead of `whole`
  std::string reason = {};         // of what was not sent; never a value
  std::uint64_t refused = 0;       // of `whole` sent: so many were refused, nobody says which
};

/// What one kind of receiver understands. Immutable: it is used while its shipper's lock is free.
class Protocol {
 public:
  virtual ~Protocol() = default;
  virtual void encode(std::span<const Record> records, std::string& body) const = 0;
  /// Reads an answer with a status of 2xx.
  virtual Judgement read(const Response& response, std::span<const Record> records) const = 0;
  /// Which other statuses mean that the same request may succeed later.
  virtual bool retries(long status) const noexcept;
};

/// The verdict on a whole answer: failures are tried again, 413 splits, other statuses are the protocol's.
Judgement judge(const Protocol& protocol, const Response& response, std::span<const Record> records);

}  // namespace pii::ship
