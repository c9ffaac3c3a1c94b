#pragma once

#include <memory>

#include "pii/logging/receivers.hpp"
#include "ship/protocol.hpp"

namespace pii::ship {

std::unique_ptr<const Protocol> bulk_protocol(std::string stream);
std::unique_ptr<const Protocol> json_lines_protocol();
std::unique_ptr<const Protocol> json_array_protocol();
std::unique_ptr<const Protocol> logiscout_protocol();
std::unique_ptr<const Protocol> otlp_logs_protocol(const Otlp& target);
std::unique_ptr<const Protocol> otlp_traces_protocol(const Otlp& target);

// The two halves of own_transport(): their bodies are lines, their answers one verdict a byte.
std::unique_ptr<const Protocol> own_protocol();
using OwnMaker = std::function<std::unique_ptr<BatchTransport>()>;
std::unique_ptr<Transport> make_own_transport(OwnMaker maker);

/// A receiver whose answer says nothing of single records.
class PlainProtocol : public Protocol {
 public:
  Judgement read(const Response&, std::span<const Record>) const override { return {Verdict::sent, {}, {}}; }
};

}  // namespace pii::ship
