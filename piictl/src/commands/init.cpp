#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "home.hpp"
#include "output.hpp"
#include "new_key.hpp"
#include "pii/names.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetUsage;
using pii::Result;
using pii::SecretBytes;

// Makes `folder` and what is missing above it, private.
Result<void> make_folders(const std::string& folder) {
  for (std::size_t slash = folder.find('/', 1);; slash = folder.find('/', slash + 1)) {
    const std::string part = folder.substr(0, slash);
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return Error(ErrorCode::output_failed, part + ": cannot make the folder: " + std::strerror(errno),
                   "choose another home with PIICTL_HOME");
    }
    if (slash == std::string::npos) return {};
  }
}

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

SecretBytes bytes_of(const std::string& text) { return SecretBytes::copy_of(std::as_bytes(std::span(text))); }

Result<void> write_new(const std::string& path, const Result<SecretBytes>& content) {
  if (!content) return content.error();
  const auto writer = FolderWriter::lock(path);
  return writer ? writer->create(*content) : Result<void>(writer.error());
}

class InitCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  Result<void> run(Session& session) override {
    auto home = find_home();
    if (!home) return std::move(home).error();
    const HomeConfig config{session.flags.env.empty() ? "dev" : session.flags.env,
                            session.flags.access.empty() ? "full" : session.flags.access};
    if (auto environment = pii::Environment::make(config.env); !environment)
      return std::move(environment).error();
    if (auto free = check_nothing_there(*home); !free) return free;
    if (session.flags.dry_run) {
      session.report.note("dry run: would make " + home->folder +
                          " with config.json, token.json and reveal.json");
      return {};
    }
    if (auto made = make(session, *home, config); !made) return made;
    session.report.note("made local keysets for environment \"" + config.env + "\" in " + home->folder);
    return tell(session, *home, config);
  }

 private:
  static Result<void> check_nothing_there(const Home& home) {
    std::string there;
    for (const auto& [name, path] : {std::pair{"config.json", home.config_path()},
                                     {"token.json", home.token_path()},
                                     {"reveal.json", home.reveal_path()}}) {
      struct stat status = {};
      if (::lstat(path.c_str(), &status) == 0) there += (there.empty() ? "" : ", ") + std::string(name);
    }
    if (there.empty()) return {};
    return Error(ErrorCode::already_exists,
                 home.folder + " has " + there + " already, and nothing is overwritten",
                 "use what is there, or set PIICTL_HOME to another folder");
  }

  // config.json comes last: a home without it was not made to the end.
  static Result<void> make(const Session& session, const Home& home, const HomeConfig& config) {
    if (auto made = make_folders(home.folder); !made) return made;
    struct stat status = {};
    if (::stat(home.folder.c_str(), &status) == 0 && (status.st_mode & 0077) != 0) {
      session.report.warning(home.folder + " is open to others; chmod 700 closes it");
    }
    std::string kid;
    auto written = write_new(home.token_path(), make_new_keyset({KeysetUsage::token, config.env}, kid));
    if (!written) return written;
    written = write_new(home.reveal_path(), make_new_keyset({KeysetUsage::reveal, config.env}, kid));
    if (written) written = write_new(home.config_path(), bytes_of(to_json(config)));
    if (!written) {
      // Nobody has used these keys yet, and half a home would stand in the way of the next try.
      (void)::unlink(home.reveal_path().c_str());
      (void)::unlink(home.token_path().c_str());
    }
    return written;
  }

  static Result<void> tell(const Session& session, const Home& home, const HomeConfig& config) {
    if (session.flags.json) {
      return write_to_standard_output(to_json_line({{"home", home.folder},
                                                    {"env", config.env},
                                                    {"access", config.access},
                                                    {"token_keyset", home.token_path()},
                                                    {"reveal_keyset", home.reveal_path()}}));
    }
    return write_to_standard_output("export PII_PROVIDER=file\nexport PII_ENV=" + shell_quoted(config.env) +
                                    "\nexport PII_ACCESS=" + config.access +
                                    "\nexport PII_TOKEN_KEYSET_PATH=" + shell_quoted(home.token_path()) +
                                    "\nexport PII_REVEAL_KEYSET_PATH=" + shell_quoted(home.reveal_path()) +
                                    "\n");
  }
};

}  // namespace

std::unique_ptr<Command> make_init() { return std::make_unique<InitCommand>(); }

}  // namespace piictl
