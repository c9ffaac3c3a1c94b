#include "stream/text_run.hpp"

#include <algorithm>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "stream/byte_order_mark.hpp"
#include "stream/document_scanner.hpp"
#include "stream/sink.hpp"
#include "stream/source.hpp"

namespace piictl::stream {
namespace {

/// Works off one chunk after the other with one transform. All its memory is reused.
class TextWorker {
 public:
  TextWorker(TextTransform& transform, Sink& sink, std::size_t kept)
      : transform_(transform), sink_(sink), kept_(kept) {}

  /// False when the run is over.
  bool process(const Chunk& chunk, bool documents) {
    out_.clear();
    rows_ = 0;
    std::string_view text = chunk.text;
    if (chunk.sequence == 0 && text.starts_with(kByteOrderMark) && chunk.defects.empty()) {
      out_ += kByteOrderMark;
      text.remove_prefix(kByteOrderMark.size());
    }
    std::size_t begin = 0;
    for (const Defect& defect : chunk.defects) {
      rewrite(text.substr(begin, defect.begin - begin), documents);
      if (!defect.more) {
        transform_.defect(defect, text.substr(defect.begin, defect.end - defect.begin), out_);
        out_ += text.substr(defect.end, defect.next - defect.end);
        ++rows_;
      }
      begin = defect.next;
    }
    rewrite(text.substr(begin), documents);
    if (!sink_.enter(chunk.sequence) || !sink_.take(out_, chunk.text.size(), rows_)) return false;
    // What a very long piece needed is given back before another worker may read the next one.
    if (out_.capacity() > kept_) out_ = {};
    sink_.leave();
    return true;
  }

 private:
  void rewrite(std::string_view text, bool documents) {
    if (text.empty()) return;
    if (!documents) {
      rows_ += transform_.lines(text, out_);
      return;
    }
    DocumentScanner scanner;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(scanner.find_end(text, begin), text.size());
      transform_.document(text.substr(begin, end - begin), out_);
      ++rows_;
      begin = end;
    }
  }

  TextTransform& transform_;
  Sink& sink_;
  std::size_t kept_;
  std::string out_;
  std::uint64_t rows_ = 0;
};

/// Like the batch's run: workers take the next chunk when they are free, and the sink puts the results in
/// order.
class TextRun {
 public:
  TextRun(std::unique_ptr<Splitter> splitter, const Options& options)
      : options_(options),
        source_(options, std::move(splitter), over_),
        sink_(options, source_.size(), over_) {}

  Outcome run(std::span<const std::unique_ptr<TextTransform>> transforms) {
    std::vector<TextWorker> workers;
    workers.reserve(transforms.size());
    for (const auto& transform : transforms) {
      workers.emplace_back(*transform, sink_, 8 * options_.chunk_size);
    }
    Chunk chunk;
    if (step(workers.front(), chunk) && !source_.ended()) {
      std::vector<std::thread> running;
      // Fewer threads than wished for do the same work.
      try {
        for (std::size_t i = 1; i < workers.size(); ++i) {
          running.emplace_back([this, &worker = workers[i]] { work(worker); });
        }
      } catch (const std::system_error&) {
      }
      work(workers.front());
      for (std::thread& thread : running) thread.join();
    }
    Outcome outcome = std::move(sink_.outcome());
    outcome.interrupted = source_.interrupted();
    if (!outcome.error && source_.error()) outcome.error = source_.error();
    if (!outcome.error && out_of_memory_) {
      outcome.error.emplace(pii::ErrorCode::internal, "out of memory", "free some, or use fewer --threads");
    }
    return outcome;
  }

 private:
  void work(TextWorker& worker) {
    Chunk chunk;
    while (step(worker, chunk)) {
    }
  }

  /// False when the run is over. Nothing may leave a thread but by here, so want of memory ends the run.
  bool step(TextWorker& worker, Chunk& chunk) {
    try {
      std::unique_lock reading(reading_);
      if (over_ || !source_.next(chunk)) return false;
      const bool documents = source_.splits_documents();
      if (documents && refuse(chunk)) return false;
      // While a worker is at a very long piece, no other is read, so that only one is held at a time.
      const bool huge = chunk.buffer.capacity() > 8 * options_.chunk_size;
      if (!huge) reading.unlock();
      if (!worker.process(chunk, documents)) return false;
      chunk.buffer.shrink(8 * options_.chunk_size);
      return true;
    } catch (const std::bad_alloc&) {
      out_of_memory_ = true;
      sink_.end_run();
      return false;
    }
  }

  bool refuse(const Chunk& chunk) {
    if (chunk.defects.empty()) return false;
    const Fault& fault = chunk.defects.front().fault;
    if (sink_.enter(chunk.sequence)) sink_.abort({fault.code, to_string(fault)});
    return true;
  }

  const Options& options_;
  std::atomic<bool> over_ = false;
  std::atomic<bool> out_of_memory_ = false;
  Source source_;  // guarded by reading_ while workers run
  std::mutex reading_;
  Sink sink_;
};

}  // namespace

Outcome rewrite_text(std::unique_ptr<Splitter> splitter,
                     std::span<const std::unique_ptr<TextTransform>> transforms, const Options& options) {
  return TextRun(std::move(splitter), options).run(transforms);
}

}  // namespace piictl::stream
