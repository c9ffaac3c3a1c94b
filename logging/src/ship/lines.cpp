// Receivers that take the lines as they are.
#include "ship/protocols.hpp"

namespace pii::ship {

namespace {

class JsonLines final : public PlainProtocol {
  void encode(std::span<const Record> records, std::string& body) const override {
    for (const Record& record : records) body += record.line;
  }
};

class JsonArray final : public PlainProtocol {
  void encode(std::span<const Record> records, std::string& body) const override {
    char before = '[';
    for (const Record& record : records) {
      body += before;
      body += record.json();
      before = ',';
    }
    body += ']';
  }
};

}  // namespace

std::unique_ptr<const Protocol> json_lines_protocol() { return std::make_unique<JsonLines>(); }
std::unique_ptr<const Protocol> json_array_protocol() { return std::make_unique<JsonArray>(); }

}  // namespace pii::ship
