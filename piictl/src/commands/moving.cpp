#include "commands/moving.hpp"

#include <array>
#include <cstdio>

#include "commands/checkpoint.hpp"
#include "commands/each_value.hpp"
#include "pii/ciphertext.hpp"

namespace piictl {
namespace {

using pii::ErrorCode;
using pii::Result;

// Without a checkpoint: counts only.
class Counting final : public BatchWatcher {
 public:
  Counting(const Session& session, const KidTable& kids) : session_(session), kids_(kids) {}
  Result<std::optional<stream::Counts>> begin(int, int) override { return std::optional<stream::Counts>(std::in_place); }
  std::uint64_t rejects_to_keep() const override { return 0; }
  bool is_due() override { return false; }
  Result<void> save(const stream::Counts& counts, std::uint64_t, bool done) override {
    tell_kids(session_, kids_, counts, done);
    return {};
  }

 private:
  const Session& session_;
  const KidTable& kids_;
};

// What a run was told to do, as one number: a checkpoint is good for the same only.
std::string plan_text(const BatchFlags& flags, const BindingFlags& binding,
                      const std::vector<std::string_view>& more) {
  std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a: tells mistakes apart, and hides a record's id
  const auto add = [&hash](std::string_view text) {
    for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3;
    hash = (hash ^ 0x100U) * 0x100000001B3;
  };
  for (const std::string_view text : {std::string_view(flags.field), std::string_view(flags.format),
                                      std::string_view(flags.delimiter), std::string_view(binding.tenant),
                                      std::string_view(binding.record), std::string_view(binding.normalizer)}) {
    add(text);
  }
  for (const auto* list : {&flags.columns, &flags.into, &flags.paths}) {
    for (const std::string& text : *list) add(text);
    add("|");
  }
  add(flags.record_column);
  add(flags.record_path);
  add(flags.tokenize_empty ? "1" : "0");
  add(std::to_string(flags.max_line));
  for (const std::string_view text : more) add(text);
  std::array<char, 17> digits;
  (void)std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(hash));
  return digits.data();
}

}  // namespace

Result<void> MovingOperation::apply(stream::ValueBatch& values) {
  const pii::FieldType& field = work_.fields[values.target()];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string_view old = values.inputs()[i];
    const auto parts = pii::parse_ciphertext(old);
    const auto made = move(field, old, bound_to_row(work_.binding, values, i), values);
    if (!made && !is_of_the_row(made.error().code())) return made.error();
    if (made) {
      values.set(i, made->text);
    } else {
      values.codes()[i] = made.error().code();
    }
    if (!parts) continue;
    values.note(i, kids_.seen_slot(parts->version, parts->kid),
                made ? kids_.made_slot(made->kind, made->version, made->kid) : stream::ValueBatch::kNoSlot);
  }
  return {};
}

void MovingCommand::declare(OptionList& options) {
  flags_.declare(options);
  binding_.declare_ciphertext(options, flags_);
  declare_more(options, binding_);
  options.add_file("--checkpoint", checkpoint_, "FILE",
                   "keep there how far it is, and go on from there after a stop; the output is then a file, >> OUT");
}

Result<void> MovingCommand::run(Session& session) {
  auto plan = plan_batch(flags_);
  if (!plan) return std::move(plan).error();
  const auto binding = binding_.binding(flags_);
  if (!binding) return binding.error();
  auto keysets = open(session);
  if (!keysets) return std::move(keysets).error();
  KidTable kids;
  const MovingOperation::Work work{plan->fields, {binding->tenant, binding->record, {}, {}}, kids};
  const Moving moving{std::string(name()), checkpoint_, plan_text(flags_, binding_, {keysets->environment.name()}),
                      target(*keysets->provider)};
  session.audit = {{"to", moving.to}};
  const stream::OperationFactory make_operation = operations(*keysets, *binding, work);
  if (checkpoint_.empty()) {
    Counting counting(session, kids);
    return run_batch(session, flags_, plan->format, make_operation, &counting);
  }
  Checkpoint checkpoint(session, moving, kids);
  return run_batch(session, flags_, plan->format, make_operation, &checkpoint);
}

}  // namespace piictl
