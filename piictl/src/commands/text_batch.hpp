#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"
#include "commands/progress.hpp"
#include "descriptor.hpp"
#include "stream/batch.hpp"

namespace piictl {

/// A file of text, or standard input.
struct TextInput {
  std::string path;  // "-": standard input
  std::string name;  // as people may be shown it
  std::size_t index = 0;
  int fd = 0;
};

/// Works through files one after the other, with one progress bar for all of them.
class TextBatch {
 public:
  using ShownName = std::function<std::string(std::string_view)>;
  using RewriteOne = std::function<stream::Outcome(const TextInput& input, const stream::Options& options)>;

  /// `files` empty: standard input. `output` -1: nothing is written.
  TextBatch(const Session& session, const std::vector<std::string>& files, int output,
            const ShownName& shown);

  /// Errors: file_not_found, file_unreadable, usage (a file is the output); what ended a run, with how far it
  /// came.
  pii::Result<void> run(const RewriteOne& rewrite_one);

  const std::vector<TextInput>& inputs() const noexcept { return inputs_; }
  std::uint64_t bytes_in() const noexcept { return bytes_in_; }

 private:
  pii::Result<void> look_at_inputs();
  pii::Result<Descriptor> open(TextInput& input) const;
  pii::Result<void> conclude(const TextInput& input, const stream::Outcome& outcome) const;

  const Session& session_;
  int output_;
  std::vector<TextInput> inputs_;
  std::uint64_t bytes_total_ = 0;  // 0: unknown
  std::uint64_t bytes_in_ = 0;
  std::uint64_t rows_ = 0;
  ProgressBar progress_;
};

/// As many as the flags or the machine say.
std::size_t thread_count(const CommonFlags& flags);

}  // namespace piictl
