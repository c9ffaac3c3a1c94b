#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/batch.hpp"

namespace piictl::stream::test {

struct FailedRow {
  std::uint64_t row = 0;
  pii::ErrorCode code = pii::ErrorCode::ok;
  std::string reason;
  std::string original;

  friend bool operator==(const FailedRow&, const FailedRow&) = default;
};
/// For messages of failed expectations.
std::ostream& operator<<(std::ostream& out, const FailedRow& failed);

struct Ran {
  Outcome outcome;
  std::string output;
  std::vector<FailedRow> failures;  // pieces of one row put together
};

/// A file in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content = {});
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  int fd() const { return fd_; }
  std::string content() const;

 private:
  int fd_;
};

/// Puts < and > around a value. A value that contains "bad" fails with invalid_utf8 and the default reason;
/// one that contains "worse" fails with reveal_failed and the reason "it is worse". With a list, results are
/// <value> and the target's number.
class Bracket : public ValueOperation {
 public:
  explicit Bracket(bool list = false) : list_(list) {}
  pii::Result<void> apply(ValueBatch& values) override;

 private:
  bool list_;
};

/// Gives each value's result by a function.
class Replace final : public ValueOperation {
 public:
  explicit Replace(std::function<std::string(std::string_view)> replace) : replace_(std::move(replace)) {}
  pii::Result<void> apply(ValueBatch& values) override;

 private:
  std::function<std::string(std::string_view)> replace_;
};

OperationFactory bracket();
OperationFactory bracket_list();
OperationFactory replace_by(std::function<std::string(std::string_view)> replace);

/// Runs from and to files in memory; options.input, output and on_failure are set here.
Ran run_text(const Format& format, std::string_view input, Options options = {.threads = 1},
             const OperationFactory& make_operation = bracket());
/// Fails the test unless all ways of running give what `expected` has: small and odd chunk sizes, one and
/// several workers.
void expect_same_however_run(const Format& format, std::string_view input, const Options& options,
                             const Ran& expected, const OperationFactory& make_operation = bracket());
/// run_text with large chunks, checked against all other ways of running.
Ran run_every_way(const Format& format, std::string_view input, Options options = {.threads = 1},
                  const OperationFactory& make_operation = bracket());

}  // namespace piictl::stream::test
