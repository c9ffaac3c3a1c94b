#include "run_text.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <ostream>

namespace piictl::stream::test {

std::ostream& operator<<(std::ostream& out, const FailedRow& failed) {
  return out << "row " << failed.row << ": " << pii::to_string(failed.code) << ": " << failed.reason
             << " in \"" << failed.original << '"';
}

MemoryFile::MemoryFile(std::string_view content) : fd_(memfd_create("stream_test", MFD_CLOEXEC)) {
  if (fd_ < 0) std::abort();
  while (!content.empty()) {
    const ssize_t written = write(fd_, content.data(), content.size());
    if (written <= 0) std::abort();
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  lseek(fd_, 0, SEEK_SET);
}

MemoryFile::~MemoryFile() { close(fd_); }

std::string MemoryFile::content() const {
  std::string content(static_cast<std::size_t>(lseek(fd_, 0, SEEK_END)), '\0');
  if (pread(fd_, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size())) std::abort();
  return content;
}

pii::Result<void> Bracket::apply(ValueBatch& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string_view input = values.inputs()[i];
    if (input.find("bad") != std::string_view::npos) {
      values.codes()[i] = pii::ErrorCode::invalid_utf8;
    } else if (input.find("worse") != std::string_view::npos) {
      values.fail(i, pii::ErrorCode::reveal_failed, "it is worse");
    } else {
      const std::string text = "<" + std::string(input) + ">";
      const std::string target = std::to_string(values.target());
      if (list_) {
        values.set_list(i, std::array<std::string_view, 2>{text, target});
      } else {
        values.set(i, text);
      }
    }
  }
  return {};
}

pii::Result<void> Replace::apply(ValueBatch& values) {
  for (std::size_t i = 0; i < values.size(); ++i) values.set(i, replace_(values.inputs()[i]));
  return {};
}

OperationFactory bracket() {
  return [] { return std::make_unique<Bracket>(); };
}

OperationFactory bracket_list() {
  return [] { return std::make_unique<Bracket>(true); };
}

OperationFactory replace_by(std::function<std::string(std::string_view)> replace) {
  return [replace] { return std::make_unique<Replace>(replace); };
}

Ran run_text(const Format& format, std::string_view input, Options options,
             const OperationFactory& make_operation) {
  const MemoryFile in(input);
  const MemoryFile out;
  options.input = in.fd();
  options.output = out.fd();
  Ran ran;
  bool more = false;
  options.on_failure = [&](const Failure& failure) -> pii::Result<void> {
    EXPECT_EQ(failure.continued, more);
    if (failure.continued) {
      EXPECT_EQ(failure.row, ran.failures.back().row);
      EXPECT_EQ(failure.reason, "");
      ran.failures.back().original += failure.original;
    } else {
      ran.failures.push_back(
          {failure.row, failure.code, std::string(failure.reason), std::string(failure.original)});
    }
    more = failure.more;
    return {};
  };
  ran.outcome = run(format, make_operation, options);
  EXPECT_FALSE(more);
  ran.output = out.content();
  EXPECT_EQ(ran.outcome.bytes_out, ran.output.size());
  EXPECT_EQ(ran.outcome.failed, ran.failures.size());
  if (!ran.outcome.error) {
    EXPECT_EQ(ran.outcome.bytes_in, input.size());
  }
  return ran;
}

void expect_same_however_run(const Format& format, std::string_view input, const Options& options,
                             const Ran& expected, const OperationFactory& make_operation) {
  for (const std::size_t chunk_size : {1u, 2u, 3u, 5u, 16u, 63u, 64u, 65u, 130u, 1000u}) {
    for (const std::size_t threads : {1u, 3u}) {
      SCOPED_TRACE("chunk size " + std::to_string(chunk_size) + ", threads " + std::to_string(threads));
      Options changed = options;
      changed.chunk_size = chunk_size;
      changed.threads = threads;
      const Ran ran = run_text(format, input, changed, make_operation);
      EXPECT_EQ(ran.output, expected.output);
      EXPECT_EQ(ran.failures, expected.failures);
      EXPECT_EQ(ran.outcome.rows, expected.outcome.rows);
      EXPECT_EQ(ran.outcome.values, expected.outcome.values);
      EXPECT_EQ(ran.outcome.code(), expected.outcome.code());
    }
  }
}

Ran run_every_way(const Format& format, std::string_view input, Options options,
                  const OperationFactory& make_operation) {
  Ran ran = run_text(format, input, options, make_operation);
  expect_same_however_run(format, input, options, ran, make_operation);
  return ran;
}

}  // namespace piictl::stream::test
