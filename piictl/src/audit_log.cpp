#include "audit_log.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <optional>

#include "audit_chain.hpp"
#include "clock.hpp"
#include "output.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

constexpr std::size_t kMaxLine = 16 * 1024;
std::string user_name() {
  const uid_t uid = ::geteuid();
  const passwd* entry = ::getpwuid(uid);
  return entry != nullptr ? std::string(entry->pw_name) : std::to_string(uid);
}

Error failure(const std::string& path, int error_number) {
  return Error(ErrorCode::output_failed,
               path + ": the audit log cannot be written: " + std::strerror(error_number),
               "make room, or name another file");
}

}  // namespace

Result<AuditLog> AuditLog::open(const std::string& target) {
  if (target == "-") return AuditLog(Kind::standard_error, target, {});
  if (target == "syslog") {
    ::openlog("piictl", LOG_PID, LOG_AUTHPRIV);
    return AuditLog(Kind::syslog, target, {});
  }
  Descriptor file(
      ::open(target.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600));
  struct stat status = {};
  if (!file || ::fstat(file.get(), &status) != 0) return failure(target, errno);
  if (!S_ISREG(status.st_mode)) return failure(target, EINVAL);
  AuditLog log(Kind::file, target, std::move(file));
  if (auto found = log.find_end(); !found) return found.error();
  return log;
}

// The last line says where the chain goes on. One that was cut by a crash stays, and breaks the chain where
// verification can see it.
Result<void> AuditLog::find_end() {
  previous_ = kAuditBegin;
  struct stat status = {};
  if (::fstat(file_.get(), &status) != 0) return failure(path_, errno);
  if (status.st_size == 0) return {};
  const auto size = static_cast<std::size_t>(std::min<off_t>(status.st_size, kMaxLine));
  std::string end(size, '\0');
  const ssize_t got = ::pread(file_.get(), end.data(), size, status.st_size - static_cast<off_t>(size));
  if (got != static_cast<ssize_t>(size)) return failure(path_, errno);
  std::optional<AuditLink> link;
  if (end.back() == '\n') {
    end.pop_back();
    const std::size_t begin = end.rfind('\n');
    const std::string line = begin == std::string::npos ? end : end.substr(begin + 1);
    link = parse_audit_link(line);
    previous_ = audit_hash_of(line);
  }
  if (!link) {
    return Error(ErrorCode::malformed_json, path_ + ": its last line is none of an audit log",
                 "name another file, and look into what happened to this one: piictl audit verify FILE");
  }
  sequence_ = link->sequence;
  return {};
}

Result<void> AuditLog::append(const Members& members) {
  if (kind_ == Kind::file) {
    while (::flock(file_.get(), LOCK_EX) != 0) {
      if (errno != EINTR) return failure(path_, errno);
    }
    if (auto found = find_end(); !found) return found;  // others write as well
  }
  Json body = {{"seq", sequence_ + 1},
               {"time", to_rfc3339(std::time(nullptr))},
               {"user", user_name()},
               {"uid", ::getuid()},
               {"pid", ::getpid()}};
  for (const auto& [name, value] : members) body.add(name, value);
  body.add("prev", previous_.empty() ? kAuditBegin : previous_);
  const std::string line = to_json_line(body);
  const std::string_view text = std::string_view(line).substr(0, line.size() - 1);
  previous_ = audit_hash_of(text);
  ++sequence_;
  if (kind_ == Kind::standard_error) {
    write_to_standard_error(line);
    return {};
  }
  if (kind_ == Kind::syslog) {
    ::syslog(LOG_AUTHPRIV | LOG_NOTICE, "%.*s", static_cast<int>(text.size()), text.data());
    return {};
  }
  int failed = write_fully(file_.get(), line);
  if (failed == 0 && ::fsync(file_.get()) != 0) failed = errno;
  (void)::flock(file_.get(), LOCK_UN);
  if (failed != 0) return failure(path_, failed);
  return {};
}

Result<AuditSummary> verify_audit_log(const std::string& path) {
  std::ifstream file(path);
  if (!file) return Error(ErrorCode::file_not_found, path + ": " + std::strerror(errno));
  AuditChain chain;
  for (std::string line; std::getline(file, line);) {
    if (chain.add(line)) continue;
    return Error(
        ErrorCode::findings,
        path + ": line " + std::to_string(chain.lines() + 1) + " does not follow from those before it",
        "a line was changed, removed or put in between; compare with a copy kept elsewhere");
  }
  return AuditSummary{chain.lines(), chain.head()};
}

}  // namespace piictl
