#include "ship/protocol.hpp"

namespace pii::ship {

namespace {

std::string_view text_of(Failure failure) noexcept {
  switch (failure) {
    case Failure::no_host: return "no such host";
    case Failure::no_connection: return "nobody answers there";
    case Failure::tls: return "no trusted TLS connection";
    case Failure::timeout: return "no answer in time";
    case Failure::broken: return "the connection broke";
    case Failure::cancelled: return "cancelled";
    case Failure::unusable: return "libcurl cannot be used";
    case Failure::none: break;
  }
  return "no failure";
}

}  // namespace

// Also what the operator can mend without us: addresses and credentials.
bool Protocol::retries(long status) const noexcept {
  return status == 401 || status == 403 || status == 404 || status == 408 || status == 425 || status == 429 ||
         (status >= 300 && status < 400) || (status >= 500 && status != 501 && status != 505);
}

Judgement judge(const Protocol& protocol, const Response& response, std::span<const Record> records) {
  if (response.failure != Failure::none) return {Verdict::retry, {}, std::string(text_of(response.failure))};
  if (response.status >= 200 && response.status < 300) {
    Judgement judgement = protocol.read(response, records);
    if (!judgement.each.empty()) judgement.each.resize(records.size(), Verdict::retry);
    return judgement;
  }
  std::string reason = "status " + std::to_string(response.status);
  if (response.status == 413) return {records.size() > 1 ? Verdict::split : Verdict::reject, {}, std::move(reason)};
  return {protocol.retries(response.status) ? Verdict::retry : Verdict::reject, {}, std::move(reason)};
}

}  // namespace pii::ship
