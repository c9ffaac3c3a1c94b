#include "commands/checkpoint_file.hpp"

#include <span>

#include "pii/secret_json.hpp"
#include "scan/kid_count_json.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using pii::SecretBytes;
using pii::SecretJson;
using Value = SecretJson::Value;

constexpr std::int64_t kFormat = 1;
constexpr std::size_t kMaxDepth = 4;

// Reads members, and remembers whether one of them was not what it must be.
class Members {
 public:
  explicit Members(Value object) : object_(object) {}

  void read(const char* name, std::string& out) {
    const auto value = find(name);
    if (value && value->is_string()) {
      out = value->plain_text();
    } else {
      good_ = false;
    }
  }
  void read(const char* name, bool& out) {
    const auto value = find(name);
    const auto text = value ? value->written() : SecretBytes();
    const std::string_view word(reinterpret_cast<const char*>(text.expose().data()), text.size());
    good_ = good_ && (word == "true" || word == "false");
    out = word == "true";
  }
  void read(const char* name, std::uint64_t& out) {
    const auto value = find(name);
    const auto number = value ? value->integer() : std::nullopt;
    good_ = good_ && number && *number >= 0;
    out = good_ ? static_cast<std::uint64_t>(*number) : 0;
  }
  void read(const char* name, std::vector<KidCount>& out) {
    auto counts = read_kid_counts(find(name));
    good_ = good_ && counts;
    if (good_) out = *std::move(counts);
  }
  bool good() const noexcept { return good_; }

 private:
  std::optional<Value> find(const char* name) const { return object_.find(name); }

  Value object_;
  bool good_ = true;
};

}  // namespace

std::string to_text(const CheckpointFile& checkpoint) {
  const stream::Counts& counts = checkpoint.counts;
  const Json body = {{"checkpoint", kFormat},
                     {"operation", checkpoint.operation},
                     {"to", checkpoint.to},
                     {"complete", checkpoint.complete()},
                     {"completed_at", checkpoint.complete() ? Json(checkpoint.updated_at) : Json()},
                     {"plan", checkpoint.plan},
                     {"started_at", checkpoint.started_at},
                     {"updated_at", checkpoint.updated_at},
                     {"done", checkpoint.done},
                     {"input", checkpoint.input},
                     {"rows", counts.rows},
                     {"values", counts.values},
                     {"failed", counts.failed},
                     {"first_failure", static_cast<std::uint16_t>(counts.first_failure)},
                     {"one_reason", counts.one_reason},
                     {"bytes_in", counts.bytes_in},
                     {"bytes_out", counts.bytes_out},
                     {"output_begin", checkpoint.output_begin},
                     {"rejects_bytes", checkpoint.rejects_bytes},
                     {"before", to_json(checkpoint.before)},
                     {"after", to_json(checkpoint.after)}};
  return body.text() + "\n";
}

Result<CheckpointFile> parse_checkpoint(std::string_view text) {
  const Error unreadable(ErrorCode::malformed_json, "the file of --checkpoint is none",
                         "name another file, or remove it to begin anew");
  const auto json = SecretJson::parse(SecretBytes::copy_of(std::as_bytes(std::span(text))), kMaxDepth);
  if (!json) return unreadable;
  CheckpointFile checkpoint;
  std::uint64_t format = 0;
  std::uint64_t first_failure = 0;
  Members members(json->root());
  members.read("checkpoint", format);
  members.read("operation", checkpoint.operation);
  members.read("to", checkpoint.to);
  members.read("plan", checkpoint.plan);
  members.read("started_at", checkpoint.started_at);
  members.read("updated_at", checkpoint.updated_at);
  members.read("done", checkpoint.done);
  members.read("input", checkpoint.input);
  members.read("rows", checkpoint.counts.rows);
  members.read("values", checkpoint.counts.values);
  members.read("failed", checkpoint.counts.failed);
  members.read("first_failure", first_failure);
  members.read("one_reason", checkpoint.counts.one_reason);
  members.read("bytes_in", checkpoint.counts.bytes_in);
  members.read("bytes_out", checkpoint.counts.bytes_out);
  members.read("output_begin", checkpoint.output_begin);
  members.read("rejects_bytes", checkpoint.rejects_bytes);
  members.read("before", checkpoint.before);
  members.read("after", checkpoint.after);
  if (!members.good() || format != kFormat || first_failure > UINT16_MAX) return unreadable;
  checkpoint.counts.first_failure = static_cast<ErrorCode>(first_failure);
  return checkpoint;
}

}  // namespace piictl
