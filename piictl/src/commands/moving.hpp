#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "commands/batch.hpp"
#include "commands/binding_flags.hpp"
#include "commands/kid_table.hpp"

// What rewrap and retokenize share: they move stored data from one key to another and must not lose a row.
namespace piictl {

void declare_checkpoint(OptionList& options, std::string& path);

/// Whether an error of protecting, revealing or moving is of one row and not of the run.
bool is_of_the_row(pii::ErrorCode code) noexcept;

/// What a run was told to do, as one number: a checkpoint is good for the same only.
std::string plan_text(const BatchFlags& flags, const BindingFlags& binding, const std::vector<std::string_view>& more);

/// Which command runs, under which checkpoint (may be empty) and plan, and to which key it moves.
struct Moving {
  std::string command;
  std::string checkpoint;
  std::string plan;
  std::string to;
};
/// run_batch() that counts key ids and keeps a checkpoint.
pii::Result<void> run_moving(const Session& session, const Moving& moving, const BatchFlags& flags,
                             const stream::Format& format, KidTable& kids,
                             const stream::OperationFactory& make_operation);

}  // namespace piictl
