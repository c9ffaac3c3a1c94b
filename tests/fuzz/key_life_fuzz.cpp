// The files that key life reads back: checkpoints, evidence, the store of subjects, audit logs. What is read is written as
// it was read, and reads the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "audit_chain.hpp"
#include "commands/checkpoint_file.hpp"
#include "commands/subject_rows.hpp"
#include "recorded.hpp"

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void check_checkpoint(std::string_view text) {
  const auto checkpoint = piictl::parse_checkpoint(text);
  if (!checkpoint) return;
  const std::string written = piictl::to_text(*checkpoint);
  const auto again = piictl::parse_checkpoint(written);
  must(again.has_value() && piictl::to_text(*again) == written);
  must(again->counts.rows == checkpoint->counts.rows && again->output_begin == checkpoint->output_begin);
  must(again->before.size() == checkpoint->before.size() && again->after.size() == checkpoint->after.size());
}

void check_recorded(std::string_view text) {
  const auto recorded = piictl::parse_recorded(pii::SecretBytes::copy_of(std::as_bytes(std::span(text))));
  if (!recorded) return;
  const bool scan = recorded->operation == "scan";
  must(scan || recorded->operation == "rewrap" || recorded->operation == "retokenize");
  must(!scan || recorded->to.empty());
  must(recorded->digest.size() == 64);
}

void check_subjects(std::string_view text) {
  const auto rows = piictl::parse_subject_rows(text);
  if (!rows) return;
  const std::string written = piictl::to_text(*rows);
  const auto again = piictl::parse_subject_rows(written);
  must(again.has_value() && *again == *rows);
}

void check_audit(std::string_view text) {
  piictl::AuditChain chain;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::uint64_t before = chain.lines();
    if (!chain.add(line)) {
      must(chain.lines() == before);
      return;
    }
    must(chain.lines() == before + 1 && chain.head() == piictl::audit_hash_of(line));
    must(!chain.add(line));  // its number is taken
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_checkpoint(text);
  check_recorded(text);
  check_subjects(text);
  check_audit(text);
  return 0;
}
