#include "commands/checkpoint.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>

#include "clock.hpp"
#include "commands/checkpoint_file.hpp"
#include "output.hpp"
#include "private_file.hpp"
#include "report.hpp"
#include "scan/kid_count_json.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;
using stream::Counts;

constexpr std::chrono::seconds kInterval{1};

Error refuse(std::string message, std::string hint) {
  return Error(ErrorCode::guard_refused, std::move(message), std::move(hint));
}

void add_notes(const std::vector<KidCount>& rows, KidTable& kids, bool made, std::vector<std::uint64_t>& notes) {
  for (const KidCount& row : rows) {
    const std::uint32_t number = kids.number(row.kind, row.version, row.kid);
    const std::size_t slot = made ? KidTable::made_slot(number) : KidTable::seen_slot(number);
    if (notes.size() <= slot) notes.resize(slot + 1);
    notes[slot] += row.count;
  }
}

std::string now() { return to_rfc3339(std::time(nullptr)); }

}  // namespace

Checkpoint::Checkpoint(const Session& session, const Moving& moving, KidTable& kids)
    : session_(session), moving_(moving), kids_(kids), next_(std::chrono::steady_clock::now() + kInterval) {}

Result<std::optional<Counts>> Checkpoint::begin(int input, int output) {
  if (auto looked = look_at_files(input, output); !looked) return looked.error();
  Counts counts;
  started_at_ = now();
  const auto found = load(counts);
  if (!found) return found.error();
  if (was_done_) {
    session_.report.note("all is done already, says the checkpoint");
    tell_kids(session_, kids_, counts, true);
    if (counts.failed != 0) {
      return Error(ErrorCode::partial_batch, std::to_string(counts.failed) + " of its rows failed",
                   "a checkpoint of another name begins anew");
    }
    return std::optional<Counts>();
  }
  if (*found) {
    if (auto cut = cut_output(counts); !cut) return cut.error();
    session_.report.note("going on after row " + std::to_string(counts.rows));
  } else {
    // Before the first row, so that a plan and an output that do not fit together show at once.
    if (auto saved = save(counts, 0, false); !saved) return saved.error();
  }
  return std::optional<Counts>(std::move(counts));
}

Result<void> Checkpoint::look_at_files(int input, int output) {
  struct stat status = {};
  output_ = output;
  if (::fstat(output, &status) != 0 || !S_ISREG(status.st_mode)) {
    return Error(ErrorCode::usage, "with --checkpoint the output must be a file",
                 "append to one: piictl " + moving_.command + " ... >> FILE");
  }
  if (::flock(output, LOCK_EX | LOCK_NB) != 0) {
    return Error(ErrorCode::conflict, "another run is writing to this output", "wait for it to end");
  }
  const int flags = ::fcntl(output, F_GETFL);
  const off_t at = (flags & O_APPEND) != 0 ? status.st_size : ::lseek(output, 0, SEEK_CUR);
  output_begin_ = at < 0 ? 0 : static_cast<std::uint64_t>(at);
  if (::fstat(input, &status) == 0 && S_ISREG(status.st_mode)) {
    const off_t from = ::lseek(input, 0, SEEK_CUR);
    input_ = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) + ":" +
             std::to_string(status.st_size) + ":" + std::to_string(status.st_mtim.tv_sec) + "." +
             std::to_string(status.st_mtim.tv_nsec) + ":" + std::to_string(from);
  }
  return {};
}

Result<bool> Checkpoint::load(Counts& counts) {
  std::ifstream file(moving_.checkpoint);
  if (!file) {
    if (::access(moving_.checkpoint.c_str(), F_OK) != 0 && errno == ENOENT) return false;
    return Error(ErrorCode::file_unreadable, std::string("cannot read the file of --checkpoint: ") + std::strerror(errno),
                 "check who may read it");
  }
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto saved = parse_checkpoint(text);
  if (!saved) return saved.error();
  if (saved->operation != moving_.command || saved->plan != moving_.plan) {
    return refuse("the checkpoint is of a run with other flags", "give the same flags, or name another file");
  }
  if (saved->to != moving_.to) {
    return refuse("the checkpoint is of a run to another key: the keyset was rotated since",
                  "name another file, and begin anew");
  }
  if (saved->input != input_) {
    return refuse("the checkpoint is of another input, or the input was changed since",
                  "go on with the input as it was, or name another file to begin anew");
  }
  started_at_ = saved->started_at;
  was_done_ = saved->done;
  output_begin_ = saved->output_begin;
  rejects_size_ = saved->rejects_bytes;
  counts = saved->counts;
  add_notes(saved->before, kids_, false, counts.notes);
  add_notes(saved->after, kids_, true, counts.notes);
  return true;
}

// What was written behind the checkpoint is written again.
Result<void> Checkpoint::cut_output(const Counts& counts) const {
  struct stat status = {};
  const auto end = static_cast<off_t>(output_begin_ + counts.bytes_out);
  if (::fstat(output_, &status) == 0 && status.st_size < end) {
    return refuse("the output is shorter than the checkpoint says: a part of it is lost",
                  "append to the file of the earlier run, >> FILE; to begin anew remove the checkpoint");
  }
  if (::ftruncate(output_, end) == 0 && ::lseek(output_, end, SEEK_SET) == end) return {};
  return Error(ErrorCode::output_failed, std::string("the output cannot be cut to the checkpoint: ") + std::strerror(errno));
}

bool Checkpoint::is_due() {
  const auto time = std::chrono::steady_clock::now();
  if (time < next_) return false;
  next_ = time + kInterval;
  return true;
}

Result<void> Checkpoint::save(const Counts& counts, std::uint64_t rejects_size, bool done) {
  if (::fdatasync(output_) != 0 && errno != EINVAL) {
    return Error(ErrorCode::output_failed, std::string("the output cannot be written: ") + std::strerror(errno));
  }
  const CheckpointFile file{moving_.command, moving_.to, moving_.plan, started_at_, now(), done, input_, counts, output_begin_,
                            rejects_size, kids_.counts(counts.notes, false), kids_.counts(counts.notes, true)};
  if (auto written = write_private_file("--checkpoint", moving_.checkpoint, to_text(file)); !written) return written;
  if (done) tell_kids(session_, kids_, counts, true);
  return {};
}

void tell_kids(const Session& session, const KidTable& kids, const Counts& counts, bool done) {
  const auto before = kids.counts(counts.notes, false);
  const auto after = kids.counts(counts.notes, true);
  if (session.flags.json) {
    write_to_standard_error(to_json_line({{"done", done},
                                          {"rows", counts.rows},
                                          {"values", counts.values},
                                          {"failed", counts.failed},
                                          {"before", to_json(before)},
                                          {"after", to_json(after)}}));
    return;
  }
  const auto list = [](const std::vector<KidCount>& all) {
    std::string text;
    for (const KidCount& count : all) {
      text += (text.empty() ? "" : ", ") + count.kind + " v" + std::to_string(count.version) +
              (count.kid.empty() ? "" : " " + count.kid) + " " + std::to_string(count.count);
    }
    return text.empty() ? std::string("none") : text;
  };
  session.report.note("read: " + list(before));
  session.report.note("written: " + list(after));
}

}  // namespace piictl
