#include "mask/output_writer.hpp"

#include <algorithm>
#include <functional>

#include "base/utf8.hpp"

namespace pii::mask {
namespace {

constexpr std::string_view kRedacted = "[PII_REDACTED]";

void append_quote(std::string& out, std::uint8_t escapes) {
  // Each string around doubles the backslashes and adds one.
  out.append((std::size_t{1} << escapes) - 1, '\\');
  out += '"';
}

}  // namespace

OutputWriter::OutputWriter(const MaskPolicy& policy, const MaskKeys& keys)
    : policy_(policy.impl()), provider_(keys.provider), jobs_(policy.impl().fields.size()) {
  if (keys.provider == nullptr || !keys.environment) return;
  tokenizer_.emplace(keys.provider, *keys.environment);
  if (keys.full_access) protector_.emplace(keys.provider, *keys.environment);
}

void OutputWriter::begin(std::string& out, std::string_view input) {
  // Of so little hardly a field has enough tokens for lanes.
  constexpr std::size_t kFew = 512;
  out_ = &out;
  input_ = input;
  at_once_ = input.size() <= kFew;
  has_key_ = false;
  if (!tokenizer_) return;
  const auto token_size = tokenizer_->token_size();
  has_key_ = token_size.has_value();
  if (has_key_) token_size_ = *token_size;
}

void OutputWriter::write(std::string_view line, const std::vector<Edit>& edits, MaskCounts& counts) {
  std::size_t done = 0;
  line_begin_ = out_->size();
  const bool many = edits.size() > kMany;
  waiting_ = 0;
  for (const Edit& edit : edits) {
    if (many && waiting_ == kMany) {
      flush(counts);
      waiting_ = 0;
    }
    out_->append(line, done, edit.begin - done);
    done = edit.end;
    if (edit.quoted) append_quote(*out_, edit.escapes);
    switch (edit.kind) {
      case Edit::Kind::text: out_->append(edit.text); break;
      case Edit::Kind::token: append_token(edit, !many, counts); break;
      case Edit::Kind::cipher: append_cipher(edit, counts); break;
    }
    if (edit.quoted) append_quote(*out_, edit.escapes);
  }
  out_->append(line, done, std::string_view::npos);
  if (many) flush(counts);
}

void OutputWriter::append_room() {
  static constexpr char kRoom[kTokenV1Size] = {};
  if (token_size_ == sizeof kRoom) {
    out_->append(kRoom, sizeof kRoom);  // of a size that is known: no call
  } else {
    out_->append(token_size_, '\0');
  }
}

// `keep`: the value may not live until flush().
void OutputWriter::append_token(const Edit& edit, bool keep, MaskCounts& counts) {
  if (!has_key_) {
    ++counts.redacted_without_key;
    out_->append(kRedacted);
    return;
  }
  if (at_once_ && append_token_at_once(edit)) return;
  Jobs& jobs = jobs_[edit.field];
  if (!jobs.in_use) {
    fields_in_use_.push_back(edit.field);
    jobs.in_use = true;
  }
  const bool again = !jobs.offsets.empty() && jobs.offsets.back() >= line_begin_ && jobs.values.back() == edit.text;
  if (again) {
    jobs.copies.push_back({jobs.values.size() - 1, out_->size()});
  } else {
    jobs.offsets.push_back(out_->size());  // first, so that forget_from() finds what an exception left half done
    jobs.values.push_back(keep && !is_of_input(edit.text) ? values_.copy(edit.text) : edit.text);
    ++waiting_;
  }
  append_room();
  if (edit.suffix_size != 0) out_->append(edit.suffix());
}

bool OutputWriter::is_of_input(std::string_view value) const noexcept {
  const std::less<const char*> before;
  return !before(value.data(), input_.data()) && before(value.data(), input_.data() + input_.size());
}

// What hinders it flush() will say.
bool OutputWriter::append_token_at_once(const Edit& edit) {
  if (token_size_ != kTokenV1Size) return false;
  const std::size_t at = out_->size();
  out_->append(kTokenV1Size, ' ');
  if (tokenizer_->tokenize_into(policy_.fields[edit.field], edit.text, out_->data() + at) != ErrorCode::ok) {
    out_->resize(at);
    return false;
  }
  out_->append(edit.suffix());
  return true;
}

void OutputWriter::append_cipher(const Edit& edit, MaskCounts& counts) {
  if (protector_) {
    const auto sealed = protector_->protect(policy_.fields[edit.field], edit.text);
    if (sealed) {
      out_->append(*sealed);
      return;
    }
    ++counts.failed;
  } else {
    ++counts.redacted_without_key;
  }
  out_->append(kRedacted);
}

void OutputWriter::hash(std::uint16_t field) {
  Jobs& jobs = jobs_[field];
  const std::size_t count = jobs.values.size();
  places_.resize(count);
  codes_.assign(count, ErrorCode::internal);
  failed_.reserve(failed_.size() + count + jobs.copies.size());  // from the first one on nothing may throw
  for (std::size_t i = 0; i < count; ++i) places_[i] = out_->data() + jobs.offsets[i];
  auto done = token_size_ == kTokenV1Size ? tokenizer_->tokenize_batch(policy_.fields[field], jobs.values, places_, codes_)
                                          : hash_v2(field, jobs);
  if (!done && done.error().code() == ErrorCode::unsupported_version) done = hash_v2(field, jobs);
  for (std::size_t i = 0; i < count; ++i) {
    if (!done || codes_[i] != ErrorCode::ok) failed_.push_back(jobs.offsets[i]);
  }
  for (const Jobs::Copy& copy : jobs.copies) {
    if (!done || codes_[copy.job] != ErrorCode::ok) {
      failed_.push_back(copy.offset);
    } else {
      std::copy_n(places_[copy.job], token_size_, out_->data() + copy.offset);
    }
  }
  jobs.values.clear();
  jobs.offsets.clear();
  jobs.copies.clear();
}

// A keyset that was exchanged meanwhile may write tokens of another size, for which there is no room.
Result<std::size_t> OutputWriter::hash_v2(std::uint16_t field, const Jobs& jobs) {
  tokens_.resize(jobs.values.size());
  auto done = tokenizer_->tokenize_batch(policy_.fields[field], jobs.values, std::span(tokens_), codes_);
  if (!done) return done;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    const std::string_view text = tokens_[i].view();
    if (codes_[i] == ErrorCode::ok && text.size() != token_size_) codes_[i] = ErrorCode::conflict;
    if (codes_[i] == ErrorCode::ok) std::copy(text.begin(), text.end(), places_[i]);
  }
  return done;
}

// Closes the room of tokens that could not be made.
std::size_t OutputWriter::redact_failed(MaskCounts& counts, std::size_t mark) {
  std::sort(failed_.begin(), failed_.end());
  const auto before = std::lower_bound(failed_.begin(), failed_.end(), mark) - failed_.begin();
  mark -= static_cast<std::size_t>(before) * (token_size_ - kRedacted.size());
  std::size_t to = failed_.front(), from = to;
  for (std::size_t i = 0; i < failed_.size(); ++i) {
    const std::size_t next = i + 1 < failed_.size() ? failed_[i + 1] : out_->size();
    out_->replace(to, kRedacted.size(), kRedacted);  // never longer than the room
    to += kRedacted.size();
    from = failed_[i] + token_size_;
    std::copy(out_->begin() + static_cast<std::ptrdiff_t>(from), out_->begin() + static_cast<std::ptrdiff_t>(next),
              out_->begin() + static_cast<std::ptrdiff_t>(to));
    to += next - from;
  }
  out_->resize(to);
  counts.failed += failed_.size();
  failed_.clear();
  return mark;
}

void OutputWriter::forget_from(std::size_t offset) noexcept {
  for (const std::uint16_t field : fields_in_use_) {
    Jobs& jobs = jobs_[field];
    while (!jobs.offsets.empty() && jobs.offsets.back() >= offset) jobs.offsets.pop_back();
    jobs.values.resize(std::min(jobs.values.size(), jobs.offsets.size()));
    while (!jobs.copies.empty() && jobs.copies.back().offset >= offset) jobs.copies.pop_back();
  }
  std::erase_if(failed_, [offset](std::size_t at) { return at >= offset; });
}

void OutputWriter::give_back() noexcept {
  values_.give_back();
  fields_in_use_.clear();
  for (Jobs& jobs : jobs_) jobs = {};
  std::vector<char*>().swap(places_);
  std::vector<ErrorCode>().swap(codes_);
  std::vector<Token>().swap(tokens_);
  std::vector<std::size_t>().swap(failed_);
}

void OutputWriter::append_token_now(std::string_view field, std::string_view value, std::string& out) {
  if (has_key_) {
    const auto type = FieldType::make(field);
    const auto token = type ? tokenizer_->tokenize(*type, value) : Result<Token>(type.error());
    if (token) {
      out += token->view();
      return;
    }
  }
  out += kRedacted;
}

std::size_t OutputWriter::flush(MaskCounts& counts, std::size_t mark) {
  for (const std::uint16_t field : fields_in_use_) {
    hash(field);
    jobs_[field].in_use = false;
  }
  fields_in_use_.clear();
  values_.reset();
  return failed_.empty() ? mark : redact_failed(counts, mark);
}

}  // namespace pii::mask
