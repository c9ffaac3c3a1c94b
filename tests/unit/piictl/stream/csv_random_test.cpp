// Random and broken csv against a slow reader that has the whole text before it and follows the rules of
// docs/cli.md one by one.
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "kit/effort.hpp"
#include "run_text.hpp"

namespace piictl::stream::test {
namespace {

using pii::ErrorCode;

constexpr std::size_t kNone = std::string::npos;

class Reference {
 public:
  Reference(std::string_view text, char delimiter, std::size_t max_line, std::size_t wanted, bool into)
      : text_(text), delimiter_(delimiter), max_line_(max_line), wanted_(wanted), into_(into) {}

  void read(std::size_t header_size, std::size_t header_cells, std::string_view written_header) {
    output = written_header;
    for (at_ = header_size; at_ < text_.size();) {
      ++rows;
      read_row(header_cells);
    }
  }

  std::string output;
  std::vector<FailedRow> failures;
  std::uint64_t rows = 0;

 private:
  struct Record {
    std::vector<std::string> cells;  // as written
    std::size_t size = 0;            // without terminator
    std::size_t terminator = 0;
    std::optional<std::size_t> broken;  // offset of the byte that is out of place
    std::string what;
    std::vector<std::size_t> quote_of;  // by offset: where the quote was opened that a byte is inside of
  };

  char byte(std::size_t i) const { return at_ + i < text_.size() ? text_[at_ + i] : '\0'; }
  bool ends(std::size_t i) const { return at_ + i >= text_.size(); }
  std::size_t terminator_at(std::size_t i) const {
    if (!ends(i) && byte(i) == '\n') return 1;
    return !ends(i + 1) && byte(i) == '\r' && byte(i + 1) == '\n' ? 2 : 0;
  }

  Record read_record() const {
    Record record;
    std::size_t i = 0;
    for (;;) {
      const std::size_t begin = i;
      if (!ends(i) && byte(i) == '"') {
        ++i;
        for (;; ++i) {
          if (ends(i)) {
            record.size = i;
            record.broken = kNone;
            record.what = "the quote at byte offset " + std::to_string(begin) + " is not closed";
            return record;
          }
          record.quote_of.resize(i, kNone);
          record.quote_of.push_back(begin);
          if (byte(i) != '"') continue;
          if (byte(i + 1) != '"' || ends(i + 1)) break;
          ++i;
        }
        ++i;
        if (!ends(i) && byte(i) != delimiter_ && terminator_at(i) == 0) {
          record.broken = i;
          record.what = "text after a closing quote at byte offset " + std::to_string(i);
          return record;
        }
      } else {
        while (!ends(i) && byte(i) != delimiter_ && terminator_at(i) == 0 && byte(i) != '"') ++i;
        if (!ends(i) && byte(i) == '"') {
          record.broken = i;
          record.what = "a quote inside of an unquoted cell at byte offset " + std::to_string(i);
          return record;
        }
      }
      record.cells.emplace_back(text_.substr(at_ + begin, i - begin));
      if (ends(i) || byte(i) != delimiter_) break;
      ++i;
    }
    record.size = i;
    record.terminator = terminator_at(i);
    return record;
  }

  void fail(ErrorCode code, std::string reason, std::size_t size) {
    failures.push_back({rows, code, std::move(reason), std::string(text_.substr(at_, size))});
  }

  void fail_first_line(ErrorCode code, std::string reason) {
    const std::size_t newline = text_.find('\n', at_);
    std::size_t size = (newline == kNone ? text_.size() : newline) - at_;
    if (newline != kNone && size > 0 && byte(size - 1) == '\r') --size;
    fail(code, std::move(reason), size);
    at_ = newline == kNone ? text_.size() : newline + 1;
  }

  void read_row(std::size_t header_cells) {
    const Record record = read_record();
    const bool never_closed = record.broken == kNone;
    const bool too_long =
        record.broken && !never_closed ? *record.broken >= max_line_ : record.size > max_line_;
    if (too_long) {
      const std::size_t opened = max_line_ < record.quote_of.size() ? record.quote_of[max_line_] : kNone;
      const bool newline_inside = text_.substr(at_, max_line_).find('\n') != kNone;
      if (opened != kNone && newline_inside) {
        fail_first_line(ErrorCode::malformed_csv,
                        "the quote at byte offset " + std::to_string(opened) + " is not closed");
      } else {
        fail_first_line(ErrorCode::too_large, "longer than " + std::to_string(max_line_) + " bytes");
      }
    } else if (record.broken) {
      fail_first_line(ErrorCode::malformed_csv, record.what);
    } else {
      write_row(record, header_cells);
      at_ += record.size + record.terminator;
    }
  }

  static std::string value_of(const std::string& cell) {
    if (cell.empty() || cell.front() != '"') return cell;
    std::string value;
    for (std::size_t i = 1; i + 1 < cell.size(); ++i) {
      value += cell[i];
      if (cell[i] == '"') ++i;
    }
    return value;
  }

  std::string cell_of(const std::string& value) const {
    if (value.find_first_of(std::string("\"\r\n") + delimiter_) == kNone) return value;
    std::string cell = "\"";
    for (const char c : value) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
    return cell + "\"";
  }

  void write_row(const Record& record, std::size_t header_cells) {
    const std::string terminator(text_.substr(at_ + record.size, record.terminator));
    if (record.size == 0 && header_cells > 1) {
      output += terminator;
      return;
    }
    if (record.cells.size() != header_cells) {
      const ErrorCode code =
          record.cells.size() <= wanted_ ? ErrorCode::missing_column : ErrorCode::malformed_csv;
      fail(
          code,
          std::to_string(record.cells.size()) + " cells where the header has " + std::to_string(header_cells),
          record.size);
      return;
    }
    const std::string value = value_of(record.cells[wanted_]);
    if (value.find("bad") != kNone) {
      fail(ErrorCode::invalid_utf8, "b: not valid UTF-8", record.size);
      return;
    }
    const std::string result = value.empty() ? "" : cell_of("<" + value + ">");
    for (std::size_t i = 0; i < record.cells.size(); ++i) {
      if (i != 0) output += delimiter_;
      output += i == wanted_ && !into_ && !value.empty() ? result : record.cells[i];
    }
    if (into_) output += delimiter_ + result;
    output += terminator;
  }

  std::string_view text_;
  char delimiter_;
  std::size_t max_line_;
  std::size_t wanted_;
  bool into_;
  std::size_t at_ = 0;
};

class CsvRandomTest : public ::testing::Test {
 protected:
  std::size_t below(std::size_t n) { return random_() % n; }

  std::string noise() {
    std::string text;
    for (std::size_t i = below(300); i > 0; --i) text += "a,\"\n\r"[below(5)];
    return text;
  }

  /// Rows that are mostly in order.
  std::string rows() {
    std::string text;
    for (std::size_t row = below(12); row > 0; --row) {
      const std::size_t cells = below(15) == 0 ? below(6) : 3;
      for (std::size_t i = 0; i < cells; ++i) {
        if (i != 0) text += ',';
        text += cell();
      }
      text += below(3) == 0 ? "\r\n" : "\n";
    }
    for (std::size_t edits = below(3); edits > 0 && !text.empty(); --edits) {
      const std::size_t at = below(text.size());
      if (below(2) == 0) {
        text.erase(at, 1);
      } else {
        text.insert(at, 1, "a,\"\n\r"[below(5)]);
      }
    }
    return text;
  }

  std::string cell() {
    switch (below(6)) {
      case 0:
        return "";
      case 1:
        return std::string(below(40), 'x');
      case 2:
        return "bad";
      case 3:
        return "\"quoted, " + std::string(below(70), 'y') + "\"";
      case 4:
        return "\"two\nlines\r\nand \"\"quotes\"\"\"";
      default:
        return "plain";
    }
  }

  void compare(const std::string& rows, bool bom, bool into) {
    const std::size_t limits[] = {8, 20, 63, 64, 65, 100, 1'000'000};
    compare(rows, bom, into, limits[below(std::size(limits))],
            {std::size_t{1} << 16, 1 + below(20), 50 + below(100)});
  }

  void compare(const std::string& rows, bool bom, bool into, std::size_t max_line,
               const std::vector<std::size_t>& chunk_sizes) {
    const std::string header = (bom ? "\xEF\xBB\xBF" : "") + std::string("a,b,c");
    const std::string text = header + "\n" + rows;
    Reference reference(text, ',', max_line, 1, into);
    reference.read(header.size() + 1, 3, header + (into ? ",new" : "") + "\n");

    const Csv csv = {.columns = {"b"},
                     .into = into ? std::vector<std::string>{"new"} : std::vector<std::string>{}};
    for (const std::size_t chunk_size : chunk_sizes) {
      const std::size_t threads = below(4) == 0 ? 2 : 1;
      SCOPED_TRACE("chunk size " + std::to_string(chunk_size) + ", longest row " + std::to_string(max_line));
      const Ran ran =
          run_text(csv, text, {.threads = threads, .max_line = max_line, .chunk_size = chunk_size});
      const std::string_view shown = std::string_view(text).substr(0, 1000);
      ASSERT_TRUE(ran.output == reference.output) << shown << "\n--- gives\n" << ran.output.substr(0, 1000);
      ASSERT_EQ(ran.failures, reference.failures) << shown;
      ASSERT_EQ(ran.outcome.rows, reference.rows) << shown;
    }
  }

  std::mt19937 random_{7};
};

TEST_F(CsvRandomTest, noise_is_read_as_the_reference_reads_it) {
  for (int round = 0; round < 4000 && !HasFatalFailure(); ++round)
    compare(noise(), below(4) == 0, below(4) == 0);
}

TEST_F(CsvRandomTest, slightly_broken_rows_are_read_as_the_reference_reads_them) {
  for (int round = 0; round < 4000 && !HasFatalFailure(); ++round)
    compare(rows(), below(4) == 0, below(4) == 0);
}

// A quote that opens and finds no end makes the reader go back over all that it took for its cell.
TEST_F(CsvRandomTest, stray_quotes_with_much_behind_them) {
  for (int round = 0; round < pii::kit::rounds(10) && !HasFatalFailure(); ++round) {
    std::string text;
    while (text.size() < 1'500'000) {
      text += "1,plain,3\n";
      if (below(40'000) == 0) text += below(2) == 0 ? "2,\"stray,3\n" : "2,st\"ray,3\r\n";
    }
    compare(text, false, false, below(2) == 0 ? 300'000 : 1'000'000, {std::size_t{1} << 18, 5000, 700'000});
  }
}

}  // namespace
}  // namespace piictl::stream::test
