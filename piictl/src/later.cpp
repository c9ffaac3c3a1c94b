#include "later.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace piictl {
namespace {

// Names of docs/cli.md, "Not in this version". They are refused by name, so that a script written for a later
// version learns why it fails.
constexpr std::array<std::string_view, 14> kCommands = {
    "rewrap",        "retokenize",  "index",          "subject",       "key",           "keyset diff", "keyset upgrade", "keyset export", "keyset seal",   "keyset unseal",
    "keyset sign",   "keyset verify", "keyset backup", "keyset restore"};
constexpr std::array<std::string_view, 5> kFlags = {"--record", "--audit-log", "--passphrase-file",
                                                    "--passphrase-fd", "--checkpoint"};

pii::Error not_in_this_version(std::string_view what) {
  return pii::Error(pii::ErrorCode::usage, std::string(what) + " is not in this version",
                    "piictl --help lists what this version has");
}

}  // namespace

std::optional<pii::Error> later_command(std::string_view name) {
  if (std::ranges::find(kCommands, name) == kCommands.end()) return std::nullopt;
  return not_in_this_version("the command '" + std::string(name) + "'");
}

std::optional<pii::Error> later_flag(std::string_view name) {
  if (std::ranges::find(kFlags, name) == kFlags.end()) return std::nullopt;
  return not_in_this_version("the flag " + std::string(name));
}

}  // namespace piictl
