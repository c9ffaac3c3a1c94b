#include "file/keyset_file.hpp"

#include <utility>

#include "keyset_trust.hpp"
#include "pii/keyset_seal.hpp"

namespace pii::providers {
namespace {

// On a first load there is no last good keyset to fall back on, and a program that starts should not sleep: a
// file whose ctime is this old has been quiet for longer than kSettleTime.
constexpr std::chrono::seconds kQuietTime{2};
// A file that changes for longer than this is reported.
constexpr std::chrono::seconds kPatience{2};

// Of opening a sealed keyset: what opens it may be there at the next look.
bool may_pass(const Error& error) { return error_class(error.code()) == 5 || error.code() == ErrorCode::crypto_failure; }

bool is_equal(const Error& a, const Error& b) { return a.code() == b.code() && a.message() == b.message(); }

}  // namespace

KeysetFile::KeysetFile(KeysetUsage usage, std::string path, const FileProviderOptions& options, KeysetCell& cell)
    : usage_(usage), path_(std::move(path)), cell_(cell), options_(options) {}

KeysetFile::Look KeysetFile::look(Clock::time_point now) {
  Result<FileReading> reading = read_file(path_);
  {
    const std::lock_guard lock(mutex_);
    checked_at_ = std::chrono::system_clock::now();
  }
  if (reading) check_permissions(reading->attributes);
  if (!candidate_ || !is_same(*candidate_, reading)) {
    candidate_ = make_candidate(std::move(reading), now);
  } else if (candidate_->sealed && candidate_->error && may_pass(*candidate_->error)) {
    candidate_ = make_candidate(std::move(reading), candidate_->since);
  }

  const auto current = cell_.share();
  const bool unchanged = candidate_->keyset != nullptr && current != nullptr &&
                         candidate_->keyset->fingerprint() == current->fingerprint();
  if (!unchanged && !is_believable(*candidate_, now)) return wait(now);

  unsettled_since_.reset();
  if (candidate_->keyset == nullptr) {
    fail(*candidate_->error);  // the candidate stays, so that the same bad file is not judged anew
  } else {
    accept(unchanged ? current : candidate_->keyset);
    // What is in the clear is not kept; what is sealed stays known, so that it is not opened at every look.
    if (!candidate_->sealed) candidate_.reset();
  }
  return Look::settled;
}

KeysetHealth KeysetFile::health() const {
  KeysetHealth health;
  health.configured = true;
  health.source = path_;
  if (const auto current = cell_.share()) {
    health.in_force = true;
    health.primary_kid = current->primary_kid();
    health.fingerprint = current->fingerprint();
  }
  const std::lock_guard lock(mutex_);
  health.loaded_at = loaded_at_;
  health.checked_at = checked_at_;
  health.last_error = last_error_;
  health.warning = warning_;
  return health;
}

std::optional<Error> KeysetFile::last_error() const {
  const std::lock_guard lock(mutex_);
  return last_error_;
}

Result<std::shared_ptr<const Keyset>> KeysetFile::read_keyset(const Candidate& candidate) const {
  const auto current = cell_.share();
  const SecretBytes& content = candidate.reading->content;
  if (!candidate.sealed) return accept_keyset(content, usage_, options_.verify_key, current.get());
  const auto document = options_.unseal(content);
  if (!document) return document.error();
  return accept_keyset(*document, usage_, options_.verify_key, current.get());
}

KeysetFile::Candidate KeysetFile::make_candidate(Result<FileReading> reading, Clock::time_point now) const {
  Candidate candidate{now, std::nullopt, nullptr, std::nullopt, false};
  if (!reading) {
    candidate.error = std::move(reading).error();
    return candidate;
  }
  candidate.reading = std::move(*reading);
  candidate.sealed = options_.unseal && is_sealed_document(candidate.reading->content);
  auto keyset = read_keyset(candidate);
  if (keyset) {
    candidate.keyset = std::move(*keyset);
  } else {
    candidate.error =
        Error(keyset.error().code(), path_ + ": " + keyset.error().message(), keyset.error().hint());
  }
  return candidate;
}

bool KeysetFile::is_same(const Candidate& candidate, const Result<FileReading>& reading) {
  if (!reading) return !candidate.reading && is_equal(*candidate.error, reading.error());
  return candidate.reading && candidate.reading->attributes == reading->attributes &&
         candidate.reading->content == reading->content;
}

bool KeysetFile::is_believable(const Candidate& candidate, Clock::time_point now) const {
  if (candidate.error && candidate.error->code() == ErrorCode::file_unstable) return false;
  if (now - candidate.since >= kSettleTime) return true;
  if (in_force()) return false;
  return !candidate.reading || is_quiet(candidate.reading->attributes, kQuietTime);
}

KeysetFile::Look KeysetFile::wait(Clock::time_point now) {
  if (!unsettled_since_) unsettled_since_ = now;
  if (now - *unsettled_since_ < kPatience) return Look::unsettled;
  fail(Error(ErrorCode::file_unstable, path_ + ": keeps changing",
             "replace the file in one step, by rename(2)"));
  return Look::settled;
}

void KeysetFile::accept(std::shared_ptr<const Keyset> keyset) {
  const bool is_new = cell_.share() != keyset;
  if (is_new) cell_.replace(std::move(keyset));
  bool recovered = false;
  {
    const std::lock_guard lock(mutex_);
    recovered = last_error_.has_value();
    last_error_.reset();
    if (is_new || !loaded_at_) loaded_at_ = std::chrono::system_clock::now();
  }
  if (is_new || recovered) notify(ProviderEvent::Kind::loaded, nullptr);
}

void KeysetFile::fail(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    if (last_error_ && is_equal(*last_error_, error)) return;
    last_error_ = error;
  }
  notify(in_force() ? ProviderEvent::Kind::reload_failed : ProviderEvent::Kind::load_failed, &error);
}

void KeysetFile::check_permissions(const FileAttributes& attributes) {
  std::string reasons = describe_foreign_writers(attributes);
  {
    const std::lock_guard lock(mutex_);
    if (reasons == warning_) return;
    warning_ = reasons;
  }
  if (reasons.empty()) return;
  const Error error(ErrorCode::file_permission, path_ + ": " + reasons,
                    "chmod go-w, and give it to root or to this user");
  notify(ProviderEvent::Kind::permissions_too_wide, &error);
}

void KeysetFile::notify(ProviderEvent::Kind kind, const Error* error) const {
  if (options_.observer == nullptr) return;
  const auto current = cell_.share();
  options_.observer->on_event(
      {kind, usage_, path_, current != nullptr ? std::string_view(current->primary_kid()) : "", error});
}

}  // namespace pii::providers
