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
#include <nlohmann/json.hpp>
#include <optional>

#include "clock.hpp"
#include "output.hpp"
#include "pii/digest.hpp"

namespace piictl {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using pii::Error;
using pii::ErrorCode;
using pii::Result;

constexpr std::size_t kMaxLine = 16 * 1024;
// What stands before the first line.
const std::string kNothing(64, '0');

std::string hash_of(std::string_view text) {
  return pii::digest_of(std::as_bytes(std::span(text.data(), text.size())));
}

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

// A line's own place in the chain.
struct Link {
  std::uint64_t sequence;
  std::string previous;
};

std::optional<Link> link_of(std::string_view line) {
  const json body = json::parse(line, nullptr, false);
  if (!body.is_object() || !body.contains("seq") || !body.contains("prev")) return std::nullopt;
  if (!body["seq"].is_number_unsigned() || !body["prev"].is_string()) return std::nullopt;
  return Link{body["seq"].get<std::uint64_t>(), body["prev"].get<std::string>()};
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
  previous_ = kNothing;
  struct stat status = {};
  if (::fstat(file_.get(), &status) != 0) return failure(path_, errno);
  if (status.st_size == 0) return {};
  const auto size = static_cast<std::size_t>(std::min<off_t>(status.st_size, kMaxLine));
  std::string end(size, '\0');
  const ssize_t got = ::pread(file_.get(), end.data(), size, status.st_size - static_cast<off_t>(size));
  if (got != static_cast<ssize_t>(size)) return failure(path_, errno);
  std::optional<Link> link;
  if (end.back() == '\n') {
    end.pop_back();
    const std::size_t begin = end.rfind('\n');
    const std::string line = begin == std::string::npos ? end : end.substr(begin + 1);
    link = link_of(line);
    previous_ = hash_of(line);
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
  ordered_json body;
  body["seq"] = sequence_ + 1;
  body["time"] = to_rfc3339(std::time(nullptr));
  body["user"] = user_name();
  body["uid"] = ::getuid();
  body["pid"] = ::getpid();
  for (const auto& [name, value] : members) body[name] = value;
  body["prev"] = previous_.empty() ? kNothing : previous_;
  const std::string line = to_json_line(body);
  const std::string_view text = std::string_view(line).substr(0, line.size() - 1);
  previous_ = hash_of(text);
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
  AuditSummary summary{0, kNothing};
  for (std::string line; std::getline(file, line);) {
    const auto link = link_of(line);
    if (!link || link->sequence != summary.lines + 1 || link->previous != summary.last_hash) {
      return Error(
          ErrorCode::findings,
          path + ": line " + std::to_string(summary.lines + 1) + " does not follow from those before it",
          "a line was changed, removed or put in between; compare with a copy kept elsewhere");
    }
    ++summary.lines;
    summary.last_hash = hash_of(line);
  }
  return summary;
}

}  // namespace piictl
