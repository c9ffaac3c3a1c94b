#pragma once

#include <optional>
#include <string>
#include <vector>

#include "command.hpp"
#include "input.hpp"
#include "pii/names.hpp"
#include "stream/batch.hpp"

namespace piictl {

/// The flags of commands that work on many values.
struct BatchFlags {
  InputFlags input;
  std::string field;
  std::string format = "lines";
  std::vector<std::string> columns;
  std::vector<std::string> into;
  std::string delimiter;
  std::vector<std::string> paths;
  std::string rejects;
  std::uint64_t max_line = stream::kDefaultMaxLine;
  bool tokenize_empty = false;
  std::string record_column;
  std::string record_path;

  /// For commands that bind ciphertexts to rows.
  void declare_records(OptionList& options);
  void declare(OptionList& options);
  /// Only those that make sense for plain lines without a field type.
  void declare_lines(OptionList& options);
};

/// What the flags ask for: the format, and the field type of each of its targets.
struct BatchPlan {
  stream::Format format;
  std::vector<pii::FieldType> fields;
};
/// Errors: usage, invalid_name.
pii::Result<BatchPlan> plan_batch(const BatchFlags& flags);

/// Keeps track of a batch that can be gone on with after it was stopped (commands/checkpoint.hpp).
class BatchWatcher {
 public:
  virtual ~BatchWatcher() = default;
  /// Once input and output are open: where to begin, or nothing when all was done before.
  virtual pii::Result<std::optional<stream::Counts>> begin(int input, int output) = 0;
  /// How much of the rejects' file belongs to what was done before.
  virtual std::uint64_t rejects_to_keep() const = 0;
  /// Whether it is time for save().
  virtual bool is_due() = 0;
  /// So much was written, and the rejects' file, when there is one, is so long.
  virtual pii::Result<void> save(const stream::Counts& counts, std::uint64_t rejects_size, bool done) = 0;
};

/// Whether revealed text may go to standard output. Errors: guard_refused for a terminal without --tty-ok.
pii::Result<void> check_shown(const Session& session, bool tty_ok);

/// Runs the batch from the flags' input to standard output; failed rows are told on standard error and kept
/// in --rejects. The audit log is told the kind of value and the counts. Errors: what stream::Outcome::code says, with
/// how far it came.
pii::Result<void> run_batch(Session& session, const BatchFlags& flags, const stream::Format& format,
                            const stream::OperationFactory& make_operation, BatchWatcher* watcher = nullptr);

}  // namespace piictl
