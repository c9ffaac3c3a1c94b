// subject create, shred, rewrap: what changes the store.
#include <ctime>

#include "clock.hpp"
#include "commands/binding_flags.hpp"
#include "commands/commands.hpp"
#include "commands/subject_store.hpp"
#include "output.hpp"
#include "report.hpp"
#include "settings.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

class StoreCommand : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_file("--store", store_, "FILE", "the file that keeps the wrapped keys").required = true;
  }

 protected:
  std::string store_;
};

class SubjectCreate final : public StoreCommand {
 public:
  void declare(OptionList& options) override {
    StoreCommand::declare(options);
    OptionSpec& count = options.add_number("--count", count_, "N", "how many; default 1");
    count.minimum = 1;
    count.maximum = 1000000;
    options.add_text("--tenant", binding_.tenant, "NAME", "whose person it is");
  }

  Result<void> run(Session& session) override {
    const auto binding = binding_.binding();
    if (!binding) return binding.error();
    auto keyset = open_keyset(pii::KeysetUsage::reveal, session);
    if (!keyset) return std::move(keyset).error();
    auto store = SubjectStore::open_for_change(store_, true);
    if (!store) return std::move(store).error();
    const pii::SubjectKeys keys(keyset->provider, keyset->environment);
    std::string ids;
    for (std::uint64_t i = 0; i < count_; ++i) {
      auto created = keys.create(binding->tenant);
      if (!created) return std::move(created).error();
      ids += session.flags.json ? to_json_line({{"subject", created->id.text()}}) : created->id.text() + "\n";
      store->put(created->id, std::move(created->wrapped));
    }
    if (session.flags.dry_run) {
      session.report.note("dry run: would make " + std::to_string(count_) + (count_ == 1 ? " subject" : " subjects") + "; the ids would be others");
      return {};
    }
    // An id that is told has its key on disk.
    if (auto written = store->write(); !written) return written;
    return write_to_standard_output(ids);
  }

 private:
  BindingFlags binding_;
  std::uint64_t count_ = 1;
};

class SubjectShred final : public StoreCommand {
 public:
  void declare(OptionList& options) override {
    StoreCommand::declare(options);
    options.add_text("--id", id_, "ID", "the subject").required = true;
  }

  Result<void> run(Session& session) override {
    const auto id = pii::SubjectId::parse(id_);
    if (!id) return id.error();
    if (!session.flags.yes && !session.flags.dry_run) {
      return Error(ErrorCode::guard_refused, "what is protected for this subject will be lost for good",
                   "--yes says that it shall; backups of the store must be erased as well");
    }
    auto store = SubjectStore::open_for_change(store_);
    if (!store) return std::move(store).error();
    const std::string* wrapped = store->find(id->text());
    if (wrapped == nullptr) {
      return Error(ErrorCode::no_match, "the store has no such subject", "it was shredded already, or is in another store");
    }
    const std::string kid(pii::parse_wrapped_key(*wrapped)->kid);
    if (session.flags.dry_run) {
      session.report.note("dry run: would shred " + id->text() + ", whose key " + kid + " wraps");
      return {};
    }
    store->remove(id->text());
    if (auto written = store->write(); !written) return written;
    return write_to_standard_output(to_json_line(
        {{"did", "shred"},
         {"subject", id->text()},
         {"kid", kid},
         {"shredded_at", to_rfc3339(std::time(nullptr))},
         {"subjects_left", store->all().size()},
         {"remains",
          Json::array({"backups and copies of the store", "tokens and blind indexes of the person", "revealed values"})}}));
  }

 private:
  std::string id_;
};

class SubjectRewrap final : public StoreCommand {
 public:
  void declare(OptionList& options) override {
    StoreCommand::declare(options);
    options.add_text("--tenant", binding_.tenant, "NAME", "whose people they are");
  }

  Result<void> run(Session& session) override {
    const auto binding = binding_.binding();
    if (!binding) return binding.error();
    auto keyset = open_keyset(pii::KeysetUsage::reveal, session);
    if (!keyset) return std::move(keyset).error();
    auto store = SubjectStore::open_for_change(store_);
    if (!store) return std::move(store).error();
    const pii::SubjectKeys keys(keyset->provider, keyset->environment);
    const auto before = store->all();
    for (const auto& [text, wrapped] : before) {
      const auto id = pii::SubjectId::parse(text);
      auto rewrapped = keys.rewrap(*id, wrapped, binding->tenant);
      if (!rewrapped) {
        return Error(rewrapped.error().code(), "subject " + text + ": " + rewrapped.error().message(),
                     "nothing was changed; the reveal keyset, --env and --tenant must be those of piictl subject create");
      }
      store->put(*id, *std::move(rewrapped));
    }
    const std::string count = std::to_string(before.size()) + (before.size() == 1 ? " key" : " keys");
    if (session.flags.dry_run) {
      session.report.note("dry run: would wrap " + count + " anew");
      return {};
    }
    if (auto written = store->write(); !written) return written;
    session.report.note("wrapped " + count + " anew");
    return {};
  }

 private:
  BindingFlags binding_;
};

}  // namespace

std::unique_ptr<Command> make_subject_create() { return std::make_unique<SubjectCreate>(); }
std::unique_ptr<Command> make_subject_shred() { return std::make_unique<SubjectShred>(); }
std::unique_ptr<Command> make_subject_rewrap() { return std::make_unique<SubjectRewrap>(); }

}  // namespace piictl
