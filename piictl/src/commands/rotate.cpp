#include <nlohmann/json.hpp>
#include <optional>

#include "clock.hpp"
#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "keyset_file.hpp"
#include "output.hpp"
#include "pii/keyset_document.hpp"
#include "pii/names.hpp"
#include "report.hpp"
#include "vault_access.hpp"

namespace piictl {
namespace {

using nlohmann::ordered_json;
using pii::Error;
using pii::ErrorCode;
using pii::Keyset;
using pii::KeysetUsage;
using pii::Result;

bool has_key(const Keyset& keyset, std::string_view kid) {
  for (const pii::KeyInfo& key : keyset.keys()) {
    if (key.kid == kid) return true;
  }
  return false;
}

// The primary's id with its number raised: tk1 -> tk2, key -> key2. Ids that are taken are passed over.
Result<std::string> next_kid(const Keyset& keyset) {
  constexpr std::size_t kMostDigits = 9;
  const std::string& primary = keyset.primary_kid();
  const std::size_t last_other = primary.find_last_not_of("0123456789");
  std::size_t digits_at = last_other == std::string::npos ? 0 : last_other + 1;
  if (primary.size() - digits_at > kMostDigits) digits_at = primary.size() - kMostDigits;
  const std::string stem = primary.substr(0, digits_at);
  unsigned long number = digits_at == primary.size() ? 1 : std::stoul(primary.substr(digits_at));
  for (std::size_t tries = 0; tries <= keyset.keys().size(); ++tries) {
    std::string digits = std::to_string(++number);
    if (const std::size_t width = primary.size() - digits_at; digits.size() < width) {
      digits.insert(0, width - digits.size(), '0');
    }
    if (pii::is_valid_kid(stem + digits) && !has_key(keyset, stem + digits)) return stem + digits;
  }
  return Error(ErrorCode::usage, "no id for the new key follows from " + primary,
               "choose one with --kid KID");
}

Error readers_are_not_asked() {
  return Error(ErrorCode::guard_refused,
               "other readers of this keyset would not know the new key until they reload it",
               "--yes says that there are none");
}

ordered_json next_after(const Keyset& before) {
  const bool token = before.usage() == KeysetUsage::token;
  const std::string why =
      token ? "stored tokens were made with " + before.primary_kid() +
                  " and do not say so: look values up with tokenize --all until they are made anew"
            : "ciphertexts of " + before.primary_kid() + " stay readable until they are protected anew";
  return {{"step", token ? "retokenize" : "rewrap"}, {"not_before", nullptr}, {"why", why}};
}

class RotateCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& file = options.add_text("FILE", file_, "", "the keyset file, or vault:PATH");
    file.required = true;
    file.is_file = true;
    options.add_switch("--now", now_,
                       "stage and promote at once, for a keyset with no other readers; needs --yes");
    options.add_switch("--plan", plan_, "say what would be done, and do nothing");
    options.add_text("--kid", kid_, "KID",
                     "id of the new key (default: the primary's with its number raised)");
  }

  Result<void> run(Session& session) override {
    if (!now_ && !plan_) {
      return Error(ErrorCode::usage, "rotation in steps is not in this version",
                   "--now stages and promotes at once, for a keyset with no other readers; --plan says what "
                   "it would do");
    }
    const bool only_plan = plan_ || session.flags.dry_run;
    if (is_in_vault(file_)) {
      const auto vault = open_vault(session);
      if (!vault) return vault.error();
      const auto seen = read_vault_keyset(*vault->client, file_);
      if (!seen) return seen.error();
      if (only_plan) return say_plan(session, *seen->keyset);
      if (!session.flags.yes) return readers_are_not_asked();
      return rotate_in_vault(session, *vault->client, *seen);
    }
    auto seen = load_keyset_file(file_);
    if (!seen) return std::move(seen).error();
    if (only_plan) return say_plan(session, *seen->keyset);
    if (!session.flags.yes) return readers_are_not_asked();
    const auto writer = FolderWriter::lock(file_);
    if (!writer) return writer.error();
    return rotate(session, *writer);
  }

 private:
  Result<std::string> choose_kid(const Keyset& keyset) const {
    if (kid_.empty()) return next_kid(keyset);
    return kid_;
  }

  Result<void> say_plan(Session& session, const Keyset& keyset) const {
    auto kid = choose_kid(keyset);
    if (!kid) return std::move(kid).error();
    const std::string why =
        "rotate --now would make " + *kid + " the primary key and keep " + keyset.primary_kid();
    if (!session.flags.json) return write_to_standard_output(why + "\n");
    return write_to_standard_output(
        to_json_line({{"did", nullptr},
                      {"kid", *kid},
                      {"revision", nullptr},
                      {"next", {{"step", "stage and promote"}, {"not_before", nullptr}, {"why", why}}}}));
  }

  // Under the lock: what was seen before may have changed.
  Result<void> rotate(Session& session, const FolderWriter& writer) const {
    const auto before = load_keyset_file(writer.path());
    if (!before) return before.error();
    std::string kid;
    const auto next = make_next(*before->keyset, before->document, kid);
    if (!next) return next.error();
    if (auto replaced = writer.replace(before->document, *next); !replaced) return replaced;

    if ((before->mode & 0077) != 0) {
      session.report.warning("others could read " + writer.path() + "; now only its owner can");
    }
    return tell(session, *before->keyset, kid, "the file as it was is kept at " + writer.previous_path(),
                nullptr);
  }

  // Check-and-set instead of a lock: who reads an older version than is there now writes nothing.
  Result<void> rotate_in_vault(const Session& session, pii::providers::VaultClient& client,
                               const VaultKeyset& before) const {
    if (!before.version) {
      return Error(ErrorCode::guard_refused,
                   file_ + ": version 1 of KV cannot check-and-set, so two writers could lose keys",
                   "move the keyset to a KV engine of version 2");
    }
    std::string kid;
    const auto next = make_next(*before.keyset, before.document, kid);
    if (!next) return next.error();
    const auto version = write_vault_keyset(session, client, file_, *next, *before.version);
    if (!version) return version.error();
    return tell(session, *before.keyset, kid, "it is version " + std::to_string(*version) + " of " + file_,
                *version);
  }

  Result<pii::SecretBytes> make_next(const Keyset& keyset, const pii::SecretBytes& document,
                                     std::string& kid) const {
    auto chosen = choose_kid(keyset);
    if (!chosen) return std::move(chosen).error();
    kid = *std::move(chosen);
    auto next = pii::rotate_keyset_document(document, {kid, to_rfc3339(std::time(nullptr))});
    if (next) return next;
    const ErrorCode code = next.error().code();
    const bool about_kid = code == ErrorCode::invalid_name || code == ErrorCode::already_exists;
    return about_kid ? next.error() : at_path(file_, next.error());
  }

  static Result<void> tell(const Session& session, const Keyset& before, const std::string& kid,
                           const std::string& where, const ordered_json& revision) {
    const ordered_json after = next_after(before);
    session.report.note(kid + " is the primary key now, " + before.primary_kid() + " is kept");
    session.report.note(where);
    session.report.note("next: " + after["why"].get<std::string>());
    if (!session.flags.json) return {};
    auto told = write_to_standard_output(
        to_json_line({{"did", "stage and promote"}, {"kid", kid}, {"revision", revision}, {"next", after}}));
    if (told) return told;
    return Error(told.error().code(), kid + " is the primary key now, but: " + told.error().message(),
                 told.error().hint());
  }

  std::string file_;
  std::string kid_;
  bool now_ = false;
  bool plan_ = false;
};

}  // namespace

std::unique_ptr<Command> make_rotate() { return std::make_unique<RotateCommand>(); }

}  // namespace piictl
