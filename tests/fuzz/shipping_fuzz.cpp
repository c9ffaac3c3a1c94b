// What comes back to a shipper, or lies on its disk: answers of receivers, segments and ledgers of the spool, dead letters, dates and
// waits of headers, times of lines, Cloud IDs, and what proxies say of addresses. The first byte chooses.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fields/json_reader.hpp"
#include "pii/logging/receivers.hpp"
#include "pii/logging/request.hpp"
#include "pii/logging/traced.hpp"
#include "ship/iso_time.hpp"
#include "ship/otlp.hpp"
#include "ship/protocols.hpp"
#include "ship/spool_format.hpp"

namespace {

using namespace pii::ship;

void check(bool good) {
  if (!good) std::abort();
}

// However damaged: it ends, and what is whole is written again as it stands.
void segment(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::string_view rest = bytes.substr(at);
    const RecordView view = read_record(rest);
    if (view.state == RecordView::State::whole) {
      std::string again;
      write_record(view.sequence, view.id, view.line, again);
      check(again == rest.substr(0, view.size));
      at += view.size;
    } else {
      const std::size_t skip = skip_damaged(rest);
      check(skip > 0 && skip <= rest.size());
      at += skip;
    }
  }
  std::uint64_t settled = 0;
  if (read_ledger(bytes, settled)) check(write_ledger(settled) == bytes);
}

void answer(const Protocol& protocol, std::string_view body) {
  const Record records[3] = {{1, {}, "{}\n"}, {2, {}, "{}\n"}, {3, {}, "{}\n"}};
  const Judgement judgement = judge(protocol, {Failure::none, 200, std::string(body), {}}, records);
  check(judgement.each.empty() || judgement.each.size() == 3);
  check(judgement.refused <= 3);
}

// Any line can be encoded; JSON stays JSON. A statement has no quote left.
void line(std::string_view text) {
  check(pii::trace::without_literals(text).find_first_of("'\"`") == std::string::npos);
  Record record{1, {}, std::string(text) + "\n"};
  for (char& c : record.line) c = c == '\n' ? ' ' : c;
  record.line.back() = '\n';
  const auto opens = std::count_if(text.begin(), text.end(), [](char c) { return c == '[' || c == '{'; });
  const bool deep = opens > 12;  // grows deeper than the reader reads
  Otlp json;
  json.json = true;
  for (const auto& protocol : {otlp_logs_protocol(json), otlp_traces_protocol(json), logiscout_protocol()}) {
    std::string body;
    protocol->encode({&record, 1}, body);
    check(deep || pii::log::read_json(body, SIZE_MAX).has_value());
  }
  std::string body;
  otlp_logs_protocol({})->encode({&record, 1}, body);
  otlp_traces_protocol({})->encode({&record, 1}, body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  switch (data[0] % 8) {
    case 0: segment(text); break;
    case 1: answer(*bulk_protocol("x"), text); break;
    case 2: answer(*otlp_logs_protocol({}), text); break;
    case 3: line(text); break;
    case 4: {
      const Wall now{};
      if (const auto wait = parse_retry_after(text, now)) check(wait->count() >= 0 && wait->count() <= 86'400'000);
      static_cast<void>(parse_iso_nanoseconds(text));
      break;
    }
    case 5:
      if (const auto url = parse_cloud_id(text)) check(url->starts_with("https://") && url->find_first_of(" \r\n/@?#", 8) == std::string::npos);
      break;
    case 6: {
      const std::string address = pii::log::client_address("10.0.0.1", {{"X-Forwarded-For", std::string(text)}, {"Forwarded", std::string(text)}},
                                                           {"10.0.0.0/8", std::string(text.substr(0, 20))});
      check(address.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos);
      break;
    }
    default: {
      Otlp json;
      json.json = true;
      answer(*otlp_traces_protocol(json), text);
    }
  }
  return 0;
}
