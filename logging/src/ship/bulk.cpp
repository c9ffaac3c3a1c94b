// Elasticsearch's bulk interface.
#include "encode/json_writer.hpp"
#include "fields/json_reader.hpp"
#include "ship/protocols.hpp"

namespace pii::ship {

namespace {

Verdict verdict_of(std::int64_t status) noexcept {
  if (status >= 200 && status < 300) return Verdict::sent;
  if (status == 409) return Verdict::duplicate;  // an earlier attempt had made it
  if (status == 429 || status == 408 || status >= 500) return Verdict::retry;
  return Verdict::reject;
}

class Bulk final : public Protocol {
 public:
  explicit Bulk(const std::string& stream) {
    head_ = R"({"create":{"_index":)";
    log::write_string(stream, head_);
    head_ += R"(,"_id":")";
  }

  void encode(std::span<const Record> records, std::string& body) const override {
    for (const Record& record : records) body.append(head_).append(record.id.text()).append("\"}}\n").append(record.line);
  }

  Judgement read(const Response& response, std::span<const Record> records) const override {
    Judgement judgement;
    const auto answer = log::read_json(response.body, kMaxAnswer);
    const log::Object* const members = answer ? answer->object() : nullptr;
    const log::Value* const errors = members != nullptr ? members->find("errors") : nullptr;
    const log::Value* const items = members != nullptr ? members->find("items") : nullptr;
    const auto* const list = items != nullptr ? std::get_if<log::Array>(&items->data()) : nullptr;
    const auto* const any = errors != nullptr ? std::get_if<bool>(&errors->data()) : nullptr;
    if (any != nullptr && !*any) return {Verdict::sent, {}, {}};
    if (list == nullptr || list->size() != records.size()) return {Verdict::retry, {}, "an answer that is none of a bulk request"};
    for (const log::Value& item : *list) judgement.each.push_back(read_item(item, judgement.reason));
    return judgement;
  }

 private:
  static constexpr std::size_t kMaxAnswer = 16 << 20;

  // Of a failed item only its status and the error's type: a reason may quote values.
  static Verdict read_item(const log::Value& item, std::string& reason) {
    const log::Object* const outer = item.object();
    const log::Object* const inner = outer != nullptr && !outer->empty() ? outer->members().front().second.object() : nullptr;
    const log::Value* const status = inner != nullptr ? inner->find("status") : nullptr;
    const auto* const number = status != nullptr ? std::get_if<std::int64_t>(&status->data()) : nullptr;
    if (number == nullptr) return Verdict::retry;
    const Verdict verdict = verdict_of(*number);
    if (verdict == Verdict::sent || verdict == Verdict::duplicate) return verdict;
    reason = "item status " + std::to_string(*number);
    const log::Value* const error = inner->find("error");
    const log::Value* const type = error != nullptr && error->object() != nullptr ? error->object()->find("type") : nullptr;
    if (type != nullptr && type->text() != nullptr) reason += " " + type->text()->substr(0, 100);
    return verdict;
  }

  std::string head_;
};

}  // namespace

std::unique_ptr<const Protocol> bulk_protocol(std::string stream) { return std::make_unique<Bulk>(stream); }

}  // namespace pii::ship
