#include "ship/otlp.hpp"

#include "fields/json_reader.hpp"

namespace pii::ship {

namespace {

// Protobuf from a stranger: every read is checked, and what is odd ends it.
class ProtoReader {
 public:
  explicit ProtoReader(std::string_view bytes) : bytes_(bytes) {}

  // The next field; of a length-delimited one `block`, of a number `value`.
  bool next(std::uint64_t& field, std::uint64_t& value, std::string_view& block) {
    std::uint64_t tag = 0;
    if (bytes_.empty() || !varint(tag)) return false;
    field = tag >> 3;
    block = {};
    value = 0;
    switch (tag & 7) {
      case 0: return varint(value);
      case 1: return skip(8);
      case 2: {
        std::uint64_t size = 0;
        if (!varint(size) || size > bytes_.size()) return false;
        block = bytes_.substr(0, static_cast<std::size_t>(size));
        return skip(static_cast<std::size_t>(size));
      }
      case 5: return skip(4);
      default: return false;
    }
  }

 private:
  bool skip(std::size_t size) {
    if (size > bytes_.size()) return false;
    bytes_.remove_prefix(size);
    return true;
  }
  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  std::string_view bytes_;
};

std::uint64_t to_count(const log::Value& value) {
  if (const auto* const number = std::get_if<std::int64_t>(&value.data())) return *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
  std::uint64_t count = 0;
  if (const std::string* const text = value.text()) std::from_chars(text->data(), text->data() + text->size(), count);
  return count;
}

}  // namespace

std::uint64_t read_partial_success(std::string_view body, bool json, std::string_view rejected) {
  if (json) {
    const auto answer = log::read_json(body);
    const log::Value* const partial = answer && answer->object() != nullptr ? answer->object()->find("partialSuccess") : nullptr;
    const log::Value* const count = partial != nullptr && partial->object() != nullptr ? partial->object()->find(rejected) : nullptr;
    return count != nullptr ? to_count(*count) : 0;
  }
  std::uint64_t field = 0, value = 0, count = 0;
  std::string_view block;
  for (ProtoReader outer(body); outer.next(field, value, block);) {
    if (field != 1) continue;
    std::string_view inner_block;
    for (ProtoReader inner(block); inner.next(field, value, inner_block);) {
      if (field == 1) count = value > INT64_MAX ? 0 : value;
    }
  }
  return count;
}

Judgement OtlpProtocol::read(const Response& response, std::span<const Record> records) const {
  Judgement judgement{Verdict::sent, {}, {}};
  // Which records were refused is not said; they must not be sent again.
  judgement.refused = std::min<std::uint64_t>(read_partial_success(response.body, target_.json, rejected_), records.size());
  if (judgement.refused != 0) judgement.reason = "partial success: " + std::to_string(judgement.refused) + " refused";
  return judgement;
}

}  // namespace pii::ship
