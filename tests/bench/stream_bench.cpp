// The batch engine from file to file, with an operation that costs next to nothing: what the engine itself
// takes. The floor is read(2) and write(2) of as many bytes by as many threads, in the same run.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "stream/batch.hpp"

namespace {

namespace stream = piictl::stream;

constexpr std::size_t kRows = 2'000'000;
constexpr std::string_view kToken = "ptok:v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

class ConstantToken final : public stream::ValueOperation {
 public:
  pii::Result<void> apply(stream::ValueBatch& values) override {
    for (char* result : values.make_fixed_results(kToken.size())) kToken.copy(result, kToken.size());
    return {};
  }
};

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stream_bench_XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  int open(const char* name) const {
    return ::open((path_ / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  }

 private:
  std::filesystem::path path_;
};

std::string email(std::size_t i) {
  std::array<char, 32> text{};
  return {text.data(), static_cast<std::size_t>(
                           std::snprintf(text.data(), text.size(), "user%06zu@example.com", i % 1'000'000))};
}

std::string lines() {
  std::string text;
  for (std::size_t i = 0; i < kRows; ++i) text += email(i) + "\n";
  return text;
}

std::string csv() {
  std::string text = "id,name,email,city,score\n";
  for (std::size_t i = 0; i < kRows; ++i) {
    text += std::to_string(i) + ",Given Family," + email(i) +
            (i % 4 == 0 ? ",\"Paris, France\"," : ",Berlin,") + "42\n";
  }
  return text;
}

std::string ndjson() {
  std::string text;
  for (std::size_t i = 0; i < kRows; ++i) {
    text += R"({"id":)" + std::to_string(i) + R"(,"email":")" + email(i) + R"(","tags":["a","b"]})" + "\n";
  }
  return text;
}

void write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written <= 0) std::abort();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void run_format(benchmark::State& state, const stream::Format& format, const std::string& text) {
  const Folder folder;
  const int input = folder.open("in");
  const int output = folder.open("out");
  write_whole(input, text);
  stream::Options options;
  options.input = input;
  options.output = output;
  options.threads = static_cast<std::size_t>(state.range(0));
  std::uint64_t bytes_out = 0;
  for (auto _ : state) {
    lseek(input, 0, SEEK_SET);
    if (lseek(output, 0, SEEK_SET) != 0 || ftruncate(output, 0) != 0) std::abort();
    const stream::Outcome outcome = stream::run(
        format, [] { return std::make_unique<ConstantToken>(); }, options);
    if (outcome.code() != pii::ErrorCode::ok || outcome.values != kRows)
      state.SkipWithError("the run failed");
    bytes_out = outcome.bytes_out;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kRows));
  state.counters["bytes_out"] = static_cast<double>(bytes_out);
  close(input);
  close(output);
}

void BM_Lines(benchmark::State& state) { run_format(state, stream::Lines{}, lines()); }
void BM_Csv(benchmark::State& state) { run_format(state, stream::Csv{.columns = {"email"}}, csv()); }
void BM_Ndjson(benchmark::State& state) { run_format(state, stream::Ndjson{.paths = {"email"}}, ndjson()); }

// What the lines benchmark reads and writes, without doing anything with it.
void BM_FloorOfLines(benchmark::State& state) {
  const Folder folder;
  const int input = folder.open("in");
  const int output = folder.open("out");
  write_whole(input, lines());
  const auto threads = static_cast<std::size_t>(state.range(0));
  const std::size_t bytes_out = kRows * (kToken.size() + 1);
  for (auto _ : state) {
    if (ftruncate(output, 0) != 0) std::abort();
    lseek(input, 0, SEEK_SET);
    std::vector<std::thread> running;
    for (std::size_t i = 0; i < threads; ++i) {
      running.emplace_back([&, i] {
        std::vector<char> buffer(std::size_t{640} << 10, 'x');
        while (read(input, buffer.data(), std::size_t{256} << 10) > 0) {
        }
        std::size_t offset = bytes_out / threads * i;
        const std::size_t end = bytes_out / threads * (i + 1);
        while (offset < end) {
          const ssize_t written = pwrite(output, buffer.data(), std::min(buffer.size(), end - offset),
                                         static_cast<off_t>(offset));
          if (written <= 0) std::abort();
          offset += static_cast<std::size_t>(written);
        }
      });
    }
    for (std::thread& thread : running) thread.join();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kRows));
  close(input);
  close(output);
}

BENCHMARK(BM_FloorOfLines)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Lines)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Csv)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Ndjson)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
