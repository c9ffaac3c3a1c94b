#include "stream/text_run.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <random>
#include <thread>

#include "run_text.hpp"
#include "stream/text_splitter.hpp"

namespace piictl::stream {
namespace {

using test::MemoryFile;

// Lines in <>, documents in [[]], what was too long as its size.
class Marks final : public TextTransform {
 public:
  std::uint64_t lines(std::string_view lines, std::string& out) override {
    std::uint64_t count = 0;
    while (!lines.empty()) {
      const std::size_t newline = std::min(lines.find('\n'), lines.size());
      out.append("<").append(lines.substr(0, newline)).append(">");
      if (newline < lines.size()) out += '\n';
      lines.remove_prefix(std::min(newline + 1, lines.size()));
      ++count;
    }
    return count;
  }
  void document(std::string_view document, std::string& out) override {
    out.append("[[").append(document).append("]]");
  }
  void defect(const Defect& defect, std::string_view, std::string& out) override {
    out += "too long: " + std::to_string(defect.fault.number);
  }
};

struct Ran {
  Outcome outcome;
  std::string output;
};

Ran run(std::string_view input, TextForm form, std::size_t chunk, std::size_t threads,
        std::size_t max_line = 64, std::size_t max_document = 1 << 20) {
  const MemoryFile in(input);
  const MemoryFile out;
  Options options;
  options.input = in.fd();
  options.output = out.fd();
  options.chunk_size = chunk;
  options.max_line = std::max(max_line, max_document);
  std::vector<std::unique_ptr<TextTransform>> transforms;
  for (std::size_t i = 0; i < threads; ++i) transforms.push_back(std::make_unique<Marks>());
  Ran ran;
  ran.outcome =
      rewrite_text(std::make_unique<TextSplitter>(form, max_line, max_document), transforms, options);
  ran.output = out.content();
  return ran;
}

void expect_however_run(std::string_view input, TextForm form, std::string_view output) {
  for (const std::size_t chunk : {1U, 3U, 16U, 100U, 100000U}) {
    for (const std::size_t threads : {1U, 3U}) {
      const Ran ran = run(input, form, chunk, threads);
      EXPECT_EQ(ran.output, output) << "chunk " << chunk << ", threads " << threads;
      EXPECT_EQ(ran.outcome.bytes_in, input.size());
      EXPECT_FALSE(ran.outcome.error);
    }
  }
}

TEST(RewriteText, gives_lines_in_order) {
  expect_however_run("", TextForm::detect, "");
  expect_however_run("a\nbc\n\nd", TextForm::detect, "<a>\n<bc>\n<>\n<d>");
  expect_however_run("\n\n{\"a\":1}\n{\"a\":2}\n", TextForm::detect, "<>\n<>\n<{\"a\":1}>\n<{\"a\":2}>\n");
  expect_however_run("{\"a\":1}", TextForm::detect, "<{\"a\":1}>");
}

TEST(RewriteText, gives_documents_whole) {
  const std::string_view two = "{\n \"a\": 1\n}\n[\n2 ]\n";
  expect_however_run(two, TextForm::detect, "[[{\n \"a\": 1\n}\n]][[[\n2 ]\n]]");
  expect_however_run(two, TextForm::lines, "<{>\n< \"a\": 1>\n<}>\n<[>\n<2 ]>\n");
  expect_however_run("{}\n[1]", TextForm::documents, "[[{}\n]][[[1]]]");
  expect_however_run("[INFO\n] x\n", TextForm::detect, "<[INFO>\n<] x>\n");
}

TEST(RewriteText, byte_order_mark_is_kept_outside) {
  const std::string bom = "\xEF\xBB\xBF";
  for (const std::size_t chunk : {16U, 1000U}) {
    EXPECT_EQ(run(bom + "a\n", TextForm::detect, chunk, 1).output, bom + "<a>\n");
    EXPECT_EQ(run(bom + "{\n}\n", TextForm::detect, chunk, 1).output, bom + "[[{\n}\n]]");
  }
}

TEST(RewriteText, a_line_too_long_to_be_held_is_told_once_with_its_size) {
  const std::string line(5000, 'x');
  for (const std::string_view end : {"\n", "\r\n"}) {
    for (const std::size_t chunk : {1U, 7U, 50U}) {
      const std::string input = "a\n" + line + std::string(end) + "b\n" + line;
      const Ran ran = run(input, TextForm::lines, chunk, 2, 64, 64);
      EXPECT_EQ(ran.output, "<a>\ntoo long: 5000" + std::string(end) + "<b>\ntoo long: 5000")
          << "chunk " << chunk;
      EXPECT_EQ(ran.outcome.rows, 4U);
    }
  }
}

TEST(RewriteText, a_document_too_long_ends_the_run) {
  const Ran ran = run("{\"a\":1}\n[" + std::string(5000, ' '), TextForm::documents, 16, 2, 64, 1000);
  EXPECT_EQ(ran.output, "[[{\"a\":1}\n]]");
  ASSERT_TRUE(ran.outcome.error);
  EXPECT_EQ(ran.outcome.error->code(), pii::ErrorCode::too_large);
}

TEST(RewriteText, random_text_comes_in_order) {
  std::mt19937_64 random(3);
  std::string input;
  std::string expected;
  for (int i = 0; i < 20000; ++i) {
    const std::string line(random() % 60, static_cast<char>('a' + i % 26));
    input += line + "\n";
    expected += "<" + line + ">\n";
  }
  EXPECT_EQ(run(input, TextForm::detect, 1000, 4).output, expected);
}

TEST(RewriteText, a_pipe_that_pauses_is_answered_line_by_line) {
  int in[2], out[2];
  ASSERT_EQ(pipe2(in, O_CLOEXEC), 0);
  ASSERT_EQ(pipe2(out, O_CLOEXEC), 0);
  std::thread running([&] {
    Options options;
    options.input = in[0];
    options.output = out[1];
    std::vector<std::unique_ptr<TextTransform>> transforms;
    transforms.push_back(std::make_unique<Marks>());
    transforms.push_back(std::make_unique<Marks>());
    (void)rewrite_text(std::make_unique<TextSplitter>(TextForm::detect, 1000), transforms, options);
  });
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(write(in[1], "abc\nd", 5), 5);
    char got[64];
    const ssize_t size = read(out[0], got, sizeof got);
    EXPECT_EQ(std::string_view(got, static_cast<std::size_t>(size)), i == 0 ? "<abc>\n" : "<dabc>\n");
  }
  close(in[1]);
  running.join();
  for (const int fd : {in[0], out[0], out[1]}) close(fd);
}

TEST(RewriteText, a_pipe_gets_whole_lines_in_every_write) {
  int out[2];
  ASSERT_EQ(pipe2(out, O_CLOEXEC | O_DIRECT), 0);  // keeps writes apart
  std::string input;
  for (int i = 0; i < 3000; ++i) input += std::string(static_cast<std::size_t>(i % 200), 'x') + "\n";
  const MemoryFile in(input);
  std::thread running([&] {
    Options options;
    options.input = in.fd();
    options.output = out[1];
    options.whole_lines = true;
    std::vector<std::unique_ptr<TextTransform>> transforms;
    transforms.push_back(std::make_unique<Marks>());
    (void)rewrite_text(std::make_unique<TextSplitter>(TextForm::lines, 1000), transforms, options);
    close(out[1]);
  });
  char got[PIPE_BUF];
  std::size_t lines = 0;
  for (ssize_t size; (size = read(out[0], got, sizeof got)) > 0;) {
    EXPECT_EQ(got[size - 1], '\n');
    lines += static_cast<std::size_t>(std::count(got, got + size, '\n'));
  }
  EXPECT_EQ(lines, 3000U);
  running.join();
  close(out[0]);
}

}  // namespace
}  // namespace piictl::stream
