#include "pii/logging/capture.hpp"

#include <algorithm>
#include <memory>
#include <streambuf>
#include <string>
#include <utility>
#include <vector>

#include "pii/logging/logger.hpp"
#include "pii/logging/masking.hpp"

namespace pii::log {

namespace {

constexpr std::size_t kLongestLine = 65536;

// A line belongs to the thread that writes it, as threads write to one stream piece by piece; and what a sink writes while a line is
// logged is another line.
struct Pending {
  std::weak_ptr<const void> stream;  // not its address, which the next one may have
  bool nested;
  bool cut;
  std::string line;
};
thread_local constinit bool thread_ended = false;
struct PendingLines {
  std::vector<Pending> all;
  ~PendingLines() { thread_ended = true; }
};
thread_local PendingLines pending;
thread_local constinit bool logging = false;

}  // namespace

class CapturedStream::Lines final : public std::streambuf {
 public:
  Lines(std::streambuf* before, std::string_view logger, Level level) : before_(before), log_(get_logger(logger)), level_(level) {}

  void finish() {
    if (Pending* const rest = mine(); rest != nullptr) tell(*rest);
  }

 protected:
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    take({text, static_cast<std::size_t>(size)});
    return size;
  }
  int overflow(int c) override {
    if (c == traits_type::eof()) return traits_type::not_eof(c);
    const char one = traits_type::to_char_type(c);
    take({&one, 1});
    return c;
  }
  int sync() override { return 0; }  // cerr asks after every piece; a line is what ends with a line end

 private:
  Pending* mine() {
    if (thread_ended) return nullptr;
    for (Pending& one : pending.all) {
      if (one.nested == logging && !one.stream.owner_before(self_) && !self_.owner_before(one.stream)) return &one;
    }
    std::erase_if(pending.all, [](const Pending& one) { return one.stream.expired(); });
    return &pending.all.emplace_back(Pending{self_, logging, false, {}});
  }

  void take(std::string_view text) {
    while (!text.empty()) {
      Pending* const open = mine();
      if (open == nullptr) return;  // the thread ends: there is nothing to keep a line in
      const std::size_t end = text.find('\n');
      const std::string_view piece = text.substr(0, end);
      const std::size_t room = kLongestLine - open->line.size();
      open->line.append(piece.substr(0, room));
      open->cut |= piece.size() > room;
      if (end == std::string_view::npos) return;
      tell(*open);
      text.remove_prefix(end + 1);
    }
  }

  void tell(Pending& done) {
    std::string line = std::exchange(done.line, {});
    const bool cut = std::exchange(done.cut, false);
    // Not in the middle of a word: half an address is not seen as one.
    if (cut) line.replace(std::min(line.find_last_of(" \t") + 1, line.size()), std::string::npos, "[cut]");
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) return;
    if (done.nested) {
      // A sink speaks of its own: there is no event for it, and it is shown to no one unmasked.
      const std::string shown = masked(line) + "\n";
      if (before_ != nullptr) before_->sputn(shown.data(), static_cast<std::streamsize>(shown.size()));
      return;
    }
    logging = true;
    log_.log(level_, runtime_event(line));
    logging = false;
  }

  const std::shared_ptr<const void> self_ = std::make_shared<char>();  // what its lines know it by
  std::streambuf* const before_;
  const Logger log_;
  const Level level_;
};

CapturedStream::CapturedStream(std::ostream& stream, std::string_view logger, Level level)
    : stream_(stream), before_(stream.rdbuf()), lines_(std::make_unique<Lines>(before_, logger, level)) {
  stream_.rdbuf(lines_.get());
}

CapturedStream::~CapturedStream() {
  stream_.rdbuf(before_);
  lines_->finish();
}

}  // namespace pii::log
