#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "stream/batch.hpp"

namespace stream_fuzz {

namespace stream = piictl::stream;

/// Puts < and > around a value; one that contains an x fails.
class Bracket final : public stream::ValueOperation {
 public:
  pii::Result<void> apply(stream::ValueBatch& values) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::string_view input = values.inputs()[i];
      if (input.find('x') != std::string_view::npos) {
        values.codes()[i] = pii::ErrorCode::invalid_utf8;
      } else {
        values.set(i, "<" + std::string(input) + ">");
      }
    }
    return {};
  }
};

struct Ran {
  stream::Outcome outcome;
  std::string output;
  std::string failures;  // all of them, one behind the other
};

inline void require(bool condition) {
  if (!condition) std::abort();
}

/// Runs from and to files in memory, which are made once.
template <class OnFailure>
Ran run(const stream::Format& format, std::string_view text, stream::Options options, OnFailure on_failure) {
  static const int input = memfd_create("fuzz_input", MFD_CLOEXEC);
  static const int output = memfd_create("fuzz_output", MFD_CLOEXEC);
  require(ftruncate(input, 0) == 0 && ftruncate(output, 0) == 0);
  require(pwrite(input, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  lseek(input, 0, SEEK_SET);
  lseek(output, 0, SEEK_SET);
  options.input = input;
  options.output = output;
  options.threads = 1;
  Ran ran;
  bool more = false;
  options.on_failure = [&](const stream::Failure& failure) -> pii::Result<void> {
    require(failure.continued == more);
    more = failure.more;
    if (!failure.continued) {
      ran.failures += "\n" + std::to_string(failure.row) + " " + std::string(failure.reason) + ": ";
    }
    ran.failures += failure.original;
    on_failure(failure);
    return {};
  };
  ran.outcome = stream::run(
      format, [] { return std::make_unique<Bracket>(); }, options);
  require(!more);
  ran.output.resize(static_cast<std::size_t>(ran.outcome.bytes_out));
  require(pread(output, ran.output.data(), ran.output.size(), 0) == static_cast<ssize_t>(ran.output.size()));
  return ran;
}

/// What every input must keep to: chunks make no difference, all bytes are accounted for, and what is written
/// is good input in which no row fails for its form. Returns the run.
template <class OnFailure>
Ran check(const stream::Format& format, std::string_view text, const stream::Options& options,
          OnFailure on_failure) {
  Ran large = run(format, text, options, on_failure);
  stream::Options small_chunks = options;
  constexpr std::size_t kSizes[] = {1, 2, 3, 16, 63, 64, 65, 100};
  small_chunks.chunk_size = kSizes[text.size() % 8];
  const Ran small = run(format, text, small_chunks, [](const stream::Failure&) {});
  require(small.output == large.output);
  require(small.failures == large.failures);
  require(small.outcome.code() == large.outcome.code());
  require(small.outcome.rows == large.outcome.rows && small.outcome.values == large.outcome.values);
  if (large.outcome.error) {
    require(large.output.empty());
    return large;
  }
  require(large.outcome.bytes_in == text.size());

  stream::Options unlimited = options;
  unlimited.max_line = 2 * text.size() + 1024;
  stream::Format over = format;
  auto* csv = std::get_if<stream::Csv>(&over);
  if (csv != nullptr) csv->into.clear();
  const Ran again = run(over, large.output, unlimited, [](const stream::Failure&) {});
  require(again.outcome.failed == 0 && !again.outcome.error);
  require(again.outcome.rows == large.outcome.rows - large.outcome.failed);
  require(again.outcome.values == large.outcome.values);
  return large;
}

}  // namespace stream_fuzz
