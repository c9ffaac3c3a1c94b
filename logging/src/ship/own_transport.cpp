#include <algorithm>
#include <atomic>
#include <mutex>

#include "ship/protocols.hpp"

namespace pii::ship {

BatchTransport::~BatchTransport() = default;

namespace {

using Line = SendResult::Line;

// An answer of ours: a letter a line, and behind a line end the reason.
constexpr std::string_view kLetters = "sdrx";

class OwnTransport final : public Transport {
 public:
  explicit OwnTransport(OwnMaker maker) : maker_(std::move(maker)) {}

  Response send(std::string_view body) override {
    lines_.clear();
    while (!body.empty()) {
      const std::size_t end = body.find('\n');
      lines_.push_back(body.substr(0, end));
      if (end == std::string_view::npos) break;
      body.remove_prefix(end + 1);
    }
    SendResult result;
    try {
      if (own_ == nullptr) make();
      if (own_ == nullptr) return {Failure::unusable, 0, {}, {}};
      result = own_->send(lines_);
    } catch (...) {
      result.failed = true;
    }
    // What was taken counts, though the end has come meanwhile.
    if (cancelled_ && result.failed) return {Failure::cancelled, 0, {}, {}};
    if (result.failed) return {Failure::broken, 0, {}, result.retry_after};
    if (result.too_large) return {Failure::none, 413, {}, {}};
    Response response{Failure::none, 200, {}, result.retry_after};
    for (const Line line : result.lines) response.body += kLetters[static_cast<std::size_t>(line)];
    response.body += '\n' + result.reason;
    return response;
  }

  void cancel() noexcept override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (own_ != nullptr) own_->cancel();
  }

 private:
  void make() {
    std::unique_ptr<BatchTransport> made = maker_();  // may take its time
    const std::lock_guard lock(mutex_);
    own_ = std::move(made);
    if (cancelled_ && own_ != nullptr) own_->cancel();
  }

  const OwnMaker maker_;
  std::mutex mutex_;  // the making and cancel()
  std::unique_ptr<BatchTransport> own_;
  std::vector<std::string_view> lines_;
  std::atomic<bool> cancelled_{false};
};

class OwnProtocol final : public Protocol {
  void encode(std::span<const Record> records, std::string& body) const override {
    for (const Record& record : records) body += record.line;
  }
  Judgement read(const Response& response, std::span<const Record>) const override {
    const std::size_t end = response.body.find('\n');
    Judgement judgement{Verdict::sent, {}, {}};
    for (const char letter : response.body.substr(0, end)) judgement.each.push_back(verdict(letter));
    const bool all = std::all_of(judgement.each.begin(), judgement.each.end(),
                                 [](Verdict one) { return one == Verdict::sent || one == Verdict::duplicate; });
    if (!all) judgement.reason = end + 1 < response.body.size() ? response.body.substr(end + 1) : "refused";
    return judgement;
  }
  static Verdict verdict(char letter) noexcept {
    constexpr Verdict kVerdicts[] = {Verdict::sent, Verdict::duplicate, Verdict::retry, Verdict::reject};
    return kVerdicts[kLetters.find(letter)];
  }
};

}  // namespace

std::unique_ptr<const Protocol> own_protocol() { return std::make_unique<OwnProtocol>(); }
std::unique_ptr<Transport> make_own_transport(OwnMaker maker) { return std::make_unique<OwnTransport>(std::move(maker)); }

}  // namespace pii::ship
