#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "options.hpp"
#include "passphrase.hpp"
#include "pii/result.hpp"

namespace pii {
class KeysetProvider;
}

namespace piictl {

class Report;

/// Flags that every command takes.
struct CommonFlags {
  std::string token_keyset;
  std::string reveal_keyset;
  std::string env;
  std::string access;
  std::string provider;
  std::string audit_log;
  Passphrase passphrase;
  std::uint64_t threads = 0;  // 0: as many as there are processors
  bool json = false;
  bool quiet = false;
  bool no_color = false;
  bool dry_run = false;
  bool yes = false;
  bool help = false;

  void declare(OptionList& options);
};

/// What a running command is given.
struct Session {
  const CommonFlags& flags;
  const Report& report;
  std::string_view command = {};
  std::vector<std::pair<std::string, std::string>> audit = {};  // what the audit log is told beside it
  /// Those that the command has opened, for what its keys were used for; null: nobody asks.
  std::shared_ptr<std::vector<std::shared_ptr<pii::KeysetProvider>>> keysets = {};
  bool opens_again = false;  // a token of the environment must outlive the first use of it
};

/// One command: declares its options, then runs with them filled in.
class Command {
 public:
  virtual ~Command() = default;
  virtual void declare(OptionList& options) = 0;
  /// The error's class becomes the exit code.
  virtual pii::Result<void> run(Session& session) = 0;
};

/// A row of the command table.
struct CommandEntry {
  std::string_view path;         // "keyset create"
  std::string_view group;        // heading in help
  std::string_view summary;      // one line
  std::string_view description;  // for `COMMAND --help` and the man page
  std::unique_ptr<Command> (*make)();
};

/// Every command of this build, in the order of help (commands/table.cpp).
std::span<const CommandEntry> command_table() noexcept;

/// The environment variables and files that commands heed, as help and the man page tell them.
struct Topic {
  std::string_view name;
  std::string_view text;
};
std::span<const Topic> environment_topics() noexcept;
std::span<const Topic> exit_code_topics() noexcept;

}  // namespace piictl
