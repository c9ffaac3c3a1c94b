#include "stream/value_batch.hpp"

namespace piictl::stream {

std::span<char* const> ValueBatch::make_fixed_results(std::size_t size) {
  fixed_size_ = size;
  fixed_.resize(inputs_.size());
  char* next = arena_.allocate(size * fixed_.size());
  for (char*& result : fixed_) {
    result = next;
    next += size;
  }
  return fixed_;
}

ValueBatch::ValueResult& ValueBatch::result(std::size_t i) {
  if (results_.size() < inputs_.size()) results_.resize(inputs_.size());
  return results_[i];
}

void ValueBatch::set(std::size_t i, std::string_view text) {
  ValueResult& set = result(i);
  set.text = arena_.keep(text);
  set.kind = Kind::text;
}

void ValueBatch::set_list(std::size_t i, std::span<const std::string_view> texts) {
  ValueResult& list = result(i);
  list.first_part = static_cast<std::uint32_t>(parts_.size());
  list.part_count = static_cast<std::uint32_t>(texts.size());
  list.kind = Kind::list;
  for (const std::string_view text : texts) parts_.push_back(arena_.keep(text));
}

void ValueBatch::note(std::size_t i, std::uint32_t seen, std::uint32_t made) {
  if (notes_.size() < inputs_.size()) notes_.resize(inputs_.size());
  notes_[i] = {seen, made};
}

void ValueBatch::fail(std::size_t i, pii::ErrorCode code, std::string_view reason) {
  codes_[i] = code;
  ValueResult& failed = result(i);
  failed.text = arena_.keep(reason);
  failed.kind = Kind::reason;
}

std::string_view ValueBatch::reason(std::size_t i) const noexcept {
  return kind(i) == Kind::reason ? results_[i].text : reason_for(codes_[i]);
}

void ValueBatch::clear() noexcept {
  inputs_.clear();
  records_.clear();
  codes_.clear();
  fixed_.clear();
  results_.clear();
  notes_.clear();
  parts_.clear();
  arena_.clear();
}

std::string_view reason_for(pii::ErrorCode code) noexcept {
  switch (code) {
    case pii::ErrorCode::invalid_utf8:
      return "not valid UTF-8";
    case pii::ErrorCode::malformed_token:
      return "not a token";
    case pii::ErrorCode::malformed_ciphertext:
      return "not a ciphertext";
    case pii::ErrorCode::malformed_base64:
      return "not base64url";
    case pii::ErrorCode::unsupported_version:
      return "of a version that this program, or the keyset, does not read";
    case pii::ErrorCode::reveal_failed:
      return "cannot be revealed: unknown or wrong key, other context, or damaged";
    case pii::ErrorCode::malformed_value:
      return "no international phone number";
    case pii::ErrorCode::too_large:
      return "too long";
    case pii::ErrorCode::malformed_csv:
      return "not valid csv";
    case pii::ErrorCode::malformed_json:
      return "not valid JSON, or no text or number at the path";
    case pii::ErrorCode::missing_column:
      return "a cell is missing";
    case pii::ErrorCode::guard_refused:
      return "the result does not fit into the format";
    default:
      return pii::to_string(code);
  }
}

}  // namespace piictl::stream
