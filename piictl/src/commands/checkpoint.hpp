#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "command.hpp"
#include "commands/batch.hpp"
#include "commands/kid_table.hpp"
#include "commands/moving.hpp"

namespace piictl {

/// The file of --checkpoint: how far a batch has come, made anew every second, once what it tells of is safely
/// written. A run that finds one goes on from there, at most a second's work before where the last one was killed;
/// the output is cut to what the file tells of. Holds counts and key ids, no values (docs/cli.md, "rewrap").
class Checkpoint final : public BatchWatcher {
 public:
  /// A file of another plan is refused.
  Checkpoint(const Session& session, const Moving& moving, KidTable& kids);

  pii::Result<std::optional<stream::Counts>> begin(int input, int output) override;
  std::uint64_t rejects_to_keep() const override { return rejects_size_; }
  bool is_due() override;
  pii::Result<void> save(const stream::Counts& counts, std::uint64_t rejects_size, bool done) override;

 private:
  pii::Result<bool> load(stream::Counts& counts);
  pii::Result<void> look_at_files(int input, int output);
  pii::Result<void> cut_output(const stream::Counts& counts) const;

  const Session& session_;
  const Moving& moving_;
  KidTable& kids_;
  std::string input_;  // which file the input is; empty for a pipe
  int output_ = -1;
  std::uint64_t output_begin_ = 0;  // where in its file the output begins
  std::uint64_t rejects_size_ = 0;
  std::string started_at_;
  bool was_done_ = false;
  std::chrono::steady_clock::time_point next_;
};

/// Tells of a finished or stopped run on standard error: how often each key id was read and written.
void tell_kids(const Session& session, const KidTable& kids, const stream::Counts& counts, bool done);

}  // namespace piictl
