#include "pii/providers/file_provider.hpp"

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "kit/effort.hpp"
#include "kit/recording_observer.hpp"
#include "kit/static_provider.hpp"
#include "kit/temporary_folder.hpp"
#include "pii/pii.hpp"

namespace pii::providers {
namespace {

using Kind = ProviderEvent::Kind;
using std::chrono::milliseconds;

constexpr milliseconds kNever{0};  // no background thread: the test looks itself
constexpr milliseconds kSoon{20};

std::string with_primary(std::string_view document, const std::string& kid) {
  std::string text(document);
  const std::size_t at = text.find("\"primary_kid\":\"") + 15;
  return text.replace(at, 3, kid);
}

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

class FileProviderTest : public testing::Test {
 protected:
  std::shared_ptr<FileProvider> make(milliseconds interval, bool with_reveal = false) {
    return FileProvider::make({token_, with_reveal ? reveal_ : "", interval, observer_});
  }
  // A fresh file is believed after two readings; this makes the test's first load an ordinary one.
  std::shared_ptr<FileProvider> make_loaded(milliseconds interval = kNever) {
    kit::write_file(token_, kit::kTokenDocument);
    auto provider = make(interval);
    EXPECT_TRUE(provider->load(KeysetUsage::token));
    EXPECT_EQ(primary(*provider), "tk2");
    EXPECT_EQ(observer_->take().size(), 1u);
    return provider;
  }
  static std::string primary(const FileProvider& provider, KeysetUsage usage = KeysetUsage::token) {
    const auto keyset = provider.cell(usage).share();
    return keyset != nullptr ? keyset->primary_kid() : "";
  }

  kit::TemporaryFolder folder_;
  std::string token_ = folder_ / "token.json";
  std::string reveal_ = folder_ / "reveal.json";
  std::shared_ptr<kit::RecordingObserver> observer_ = std::make_shared<kit::RecordingObserver>();
};

TEST_F(FileProviderTest, LoadsOnFirstUseAndSaysSo) {
  kit::write_file(token_, kit::kTokenDocument);
  const auto provider = make(kNever);
  EXPECT_FALSE(provider->health().token.in_force);
  ASSERT_TRUE(provider->load(KeysetUsage::token));
  EXPECT_EQ(primary(*provider), "tk2");

  const ProviderHealth health = provider->health();
  EXPECT_TRUE(health.token.configured);
  EXPECT_TRUE(health.token.in_force);
  EXPECT_EQ(health.token.source, token_);
  EXPECT_EQ(health.token.primary_kid, "tk2");
  EXPECT_EQ(health.token.fingerprint, provider->cell(KeysetUsage::token).share()->fingerprint());
  EXPECT_TRUE(health.token.loaded_at && health.token.checked_at);
  EXPECT_FALSE(health.token.last_error);
  EXPECT_EQ(health.token.warning, "");
  EXPECT_FALSE(health.reveal.configured);

  const auto events = observer_->take();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Kind::loaded);
  EXPECT_EQ(events[0].usage, KeysetUsage::token);
  EXPECT_EQ(events[0].source, token_);
  EXPECT_EQ(events[0].primary_kid, "tk2");
}

TEST_F(FileProviderTest, ServesATokenizerWithoutBeingAsked) {
  kit::write_file(token_, kit::kTokenDocument);
  const Pii pii(make(kNever), Environment::make("test").value());
  EXPECT_TRUE(pii.tokenize("email", "ada@example.com"));
}

TEST_F(FileProviderTest, NoticesAReplacedFile) {
  const auto provider = make_loaded();
  kit::replace_file(token_, with_primary(kit::kTokenDocument, "tk3"));
  provider->check_now();
  EXPECT_EQ(primary(*provider), "tk3");
  const auto events = observer_->take();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Kind::loaded);
  EXPECT_EQ(events[0].primary_kid, "tk3");
}

TEST_F(FileProviderTest, LooksByItselfInTheBackground) {
  const auto provider = make_loaded(kSoon);
  kit::replace_file(token_, with_primary(kit::kTokenDocument, "tk3"));
  EXPECT_TRUE(eventually([&] { return primary(*provider) == "tk3"; }));
}

TEST_F(FileProviderTest, NoticesARewriteOfTheSameSizeWithTheSameTimes) {
  const auto provider = make_loaded();
  struct stat status {};
  ASSERT_EQ(::stat(token_.c_str(), &status), 0);
  kit::write_file(token_, with_primary(kit::kTokenDocument, "tk1"));
  const timespec times[2] = {status.st_atim, status.st_mtim};
  ASSERT_EQ(::utimensat(AT_FDCWD, token_.c_str(), times, 0), 0);
  provider->check_now();
  EXPECT_EQ(primary(*provider), "tk1");
}

TEST_F(FileProviderTest, FollowsASwappedSymlinkOfAFolder) {
  const auto put = [this](const std::string& name, const std::string& kid) {
    std::filesystem::create_directory(folder_ / name);
    kit::write_file((folder_ / name) + "/token.json", with_primary(kit::kTokenDocument, kid));
    std::filesystem::create_directory_symlink(name, folder_ / "..data_tmp");
    std::filesystem::rename(folder_ / "..data_tmp", folder_ / "..data");
  };
  put("..1", "tk1");
  std::filesystem::create_symlink("..data/token.json", token_);
  const auto provider = make(kNever);
  ASSERT_TRUE(provider->load(KeysetUsage::token));
  EXPECT_EQ(primary(*provider), "tk1");
  put("..2", "tk3");
  std::filesystem::remove_all(folder_ / "..1");
  provider->check_now();
  EXPECT_EQ(primary(*provider), "tk3");
}

TEST_F(FileProviderTest, DoesNotSwapAKeysetForItself) {
  const auto provider = make_loaded();
  const auto before = provider->cell(KeysetUsage::token).share();
  kit::replace_file(token_, kit::kTokenDocument);
  provider->check_now();
  EXPECT_EQ(provider->cell(KeysetUsage::token).share(), before);
  EXPECT_TRUE(observer_->take().empty());
}

TEST_F(FileProviderTest, ABadFileLeavesTheLastGoodKeysetInForceAndIsReportedOnce) {
  const auto provider = make_loaded();
  const auto before = provider->cell(KeysetUsage::token).share();
  const auto loaded_at = provider->health().token.loaded_at;

  kit::write_file(token_, "{\"canary\"");
  for (int i = 0; i < 3; ++i) provider->check_now();
  EXPECT_EQ(provider->cell(KeysetUsage::token).share(), before);
  EXPECT_TRUE(provider->load(KeysetUsage::token));
  auto events = observer_->take();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Kind::reload_failed);
  EXPECT_EQ(events[0].code, ErrorCode::malformed_json);
  EXPECT_EQ(events[0].primary_kid, "tk2");
  EXPECT_EQ(events[0].message.find(token_), 0u) << events[0].message;
  EXPECT_EQ(events[0].message.find("canary"), std::string::npos);
  ASSERT_TRUE(provider->health().token.last_error);
  EXPECT_EQ(provider->health().token.last_error->code(), ErrorCode::malformed_json);
  EXPECT_TRUE(provider->health().token.in_force);

  std::filesystem::remove(token_);
  for (int i = 0; i < 3; ++i) provider->check_now();
  events = observer_->take();
  ASSERT_EQ(events.size(), 1u) << "another reason is another event";
  EXPECT_EQ(events[0].code, ErrorCode::file_not_found);

  kit::write_file(token_, kit::kTokenDocument);
  provider->check_now();
  events = observer_->take();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Kind::loaded);
  EXPECT_FALSE(provider->health().token.last_error);
  EXPECT_EQ(provider->cell(KeysetUsage::token).share(), before);
  EXPECT_EQ(provider->health().token.loaded_at, loaded_at);
}

TEST_F(FileProviderTest, RefusesAKeysetOfTheOtherUsage) {
  kit::write_file(token_, kit::kRevealDocument);
  const auto provider = make(kNever);
  EXPECT_EQ(provider->load(KeysetUsage::token).error().code(), ErrorCode::invalid_keyset);
  EXPECT_FALSE(provider->health().token.in_force);
  EXPECT_EQ(observer_->take().at(0).kind, Kind::load_failed);
}

TEST_F(FileProviderTest, AMissingFileIsAnErrorThatCanBeMended) {
  const auto provider = make(kNever);
  const auto missing = provider->load(KeysetUsage::token);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code(), ErrorCode::file_not_found);
  EXPECT_NE(missing.error().message().find(token_), std::string::npos);

  // The answer is remembered for a moment, then the file is looked at again.
  kit::write_file(token_, kit::kTokenDocument);
  EXPECT_EQ(provider->load(KeysetUsage::token).error().code(), ErrorCode::file_not_found);
  EXPECT_TRUE(eventually([&] { return provider->load(KeysetUsage::token).has_value(); }));
  EXPECT_EQ(observer_->take().size(), 2u);
}

TEST_F(FileProviderTest, AFileThatComesLateIsFoundInTheBackground) {
  const auto provider = make(kSoon);
  EXPECT_EQ(observer_->take().at(0).kind, Kind::load_failed);
  EXPECT_TRUE(provider->health().token.last_error);
  kit::write_file(token_, kit::kTokenDocument);
  EXPECT_TRUE(eventually([&] { return provider->health().token.in_force; }));
  EXPECT_FALSE(provider->health().token.last_error);
}

TEST_F(FileProviderTest, TokenAndRevealDoNotNeedEachOther) {
  kit::write_file(token_, kit::kTokenDocument);
  const auto provider = make(kNever, true);
  EXPECT_TRUE(provider->load(KeysetUsage::token));
  EXPECT_EQ(provider->load(KeysetUsage::reveal).error().code(), ErrorCode::file_not_found);
  kit::write_file(reveal_, kit::kRevealDocument);
  provider->check_now();
  std::filesystem::remove(token_);
  provider->check_now();
  EXPECT_TRUE(provider->load(KeysetUsage::token));
  EXPECT_TRUE(provider->load(KeysetUsage::reveal));
  const ProviderHealth health = provider->health();
  EXPECT_TRUE(health.token.last_error);
  EXPECT_FALSE(health.reveal.last_error);
}

TEST_F(FileProviderTest, SaysWhatIsNotConfigured) {
  const auto provider = FileProvider::make({"", "", kNever, observer_});
  EXPECT_EQ(provider->load(KeysetUsage::token).error().code(), ErrorCode::not_configured);
  EXPECT_EQ(provider->load(KeysetUsage::reveal).error().code(), ErrorCode::access_denied);
  EXPECT_FALSE(provider->load(KeysetUsage::reveal).error().hint().empty());
  EXPECT_FALSE(provider->health().token.configured);
}

TEST_F(FileProviderTest, RefusesWhatIsNoKeysetFileWithoutHanging) {
  ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
  kit::write_file(folder_ / "large", std::string(kMaxKeysetSize + 1, ' '));
  kit::write_file(folder_ / "empty", "");
  std::filesystem::create_symlink("loop", folder_ / "loop");
  const auto code_of = [](const std::string& path) {
    const auto loaded = FileProvider::make({path, "", kNever, nullptr})->load(KeysetUsage::token);
    return loaded ? ErrorCode::ok : loaded.error().code();
  };
  EXPECT_EQ(code_of(folder_ / "fifo"), ErrorCode::file_unreadable);
  EXPECT_EQ(code_of(folder_ / "."), ErrorCode::file_unreadable);
  EXPECT_EQ(code_of(folder_ / "large"), ErrorCode::too_large);
  EXPECT_EQ(code_of(folder_ / "empty"), ErrorCode::malformed_json);
  EXPECT_EQ(code_of(folder_ / "loop"), ErrorCode::file_unreadable);
  EXPECT_EQ(code_of("/dev/null"), ErrorCode::file_unreadable);
  EXPECT_EQ(code_of((folder_ / "empty") + "/below"), ErrorCode::file_not_found);
}

TEST_F(FileProviderTest, SaysWhenItMayNotRead) {
  kit::write_file(token_, kit::kTokenDocument, 0000);
  if (::geteuid() == 0) {
    const pid_t child = ::fork();
    if (child == 0) {  // root reads everything, so another user tries
      std::filesystem::permissions(folder_ / ".", std::filesystem::perms::all);
      if (::setuid(65534) != 0) ::_exit(1);
      const auto loaded = FileProvider::make({token_, "", kNever, nullptr})->load(KeysetUsage::token);
      ::_exit(!loaded && loaded.error().code() == ErrorCode::file_unreadable && !loaded.error().hint().empty()
                  ? 0
                  : 2);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  } else {
    EXPECT_EQ(make(kNever)->load(KeysetUsage::token).error().code(), ErrorCode::file_unreadable);
  }
}

TEST_F(FileProviderTest, ReportsWhenOthersMayWriteTheFile) {
  const auto provider = make_loaded();
  ASSERT_EQ(::chmod(token_.c_str(), 0620), 0);
  for (int i = 0; i < 3; ++i) provider->check_now();
  auto events = observer_->take();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Kind::permissions_too_wide);
  EXPECT_EQ(events[0].code, ErrorCode::file_permission);
  EXPECT_NE(provider->health().token.warning.find("group"), std::string::npos);

  ASSERT_EQ(::chmod(token_.c_str(), 0622), 0);
  provider->check_now();
  EXPECT_EQ(observer_->take().size(), 1u) << "other permissions are another event";
  EXPECT_NE(provider->health().token.warning.find("everyone"), std::string::npos);

  ASSERT_EQ(::chmod(token_.c_str(), 0644), 0);
  provider->check_now();
  EXPECT_TRUE(observer_->take().empty());
  EXPECT_EQ(provider->health().token.warning, "");
  EXPECT_TRUE(provider->load(KeysetUsage::token));
}

TEST_F(FileProviderTest, ReportsAForeignOwner) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  kit::write_file(token_, kit::kTokenDocument);
  ASSERT_EQ(::chown(token_.c_str(), 65534, 65534), 0);
  const auto provider = make(kNever);
  ASSERT_TRUE(provider->load(KeysetUsage::token));
  EXPECT_NE(provider->health().token.warning.find("user"), std::string::npos);
}

// The second half of a keyset comes late: the first half alone never counts.
TEST_F(FileProviderTest, WaitsForASlowWriter) {
  const auto provider = make_loaded(milliseconds(5));
  const std::string next = with_primary(kit::kTokenDocument, "tk3");
  kit::write_file(token_, next.substr(0, next.size() / 2));
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_EQ(primary(*provider), "tk2");
  kit::write_file(token_, next);
  EXPECT_TRUE(eventually([&] { return primary(*provider) == "tk3"; }));
}

std::size_t count_open_files() {
  std::size_t count = 0;
  DIR* folder = ::opendir("/proc/self/fd");
  while (::readdir(folder) != nullptr) ++count;
  ::closedir(folder);
  return count;
}

TEST_F(FileProviderTest, KeepsNoFileOpenAndEndsItsThread) {
  kit::write_file(token_, kit::kTokenDocument);
  const std::size_t before = count_open_files();
  for (int i = 0; i < 5; ++i) {
    const auto provider = make(milliseconds(1), true);
    EXPECT_TRUE(provider->load(KeysetUsage::token));
    std::ifstream name("/proc/self/task");
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(count_open_files(), before);
  std::size_t threads = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream comm(task.path() / "comm");
    std::string name;
    std::getline(comm, name);
    if (name == "pii-files") ++threads;
  }
  EXPECT_EQ(threads, 0u);
}

TEST_F(FileProviderTest, AChildOfForkKeepsItsKeysetAndCanWatchAgain) {
  if (kit::kSanitized) GTEST_SKIP() << kit::kNoForkOfThreads;
  const auto provider = make_loaded(kSoon);
  const Tokenizer tokenizer(provider, Environment::make("test").value());
  const FieldType name = FieldType::make("name").value();
  const std::string before(tokenizer.tokenize(name, "ada").value().view());

  const pid_t child = ::fork();
  if (child == 0) {
    if (tokenizer.tokenize(name, "ada").value().view() != before) ::_exit(1);
    provider->health();  // starts the thread again
    kit::replace_file(token_, with_primary(kit::kTokenDocument, "tk3"));
    if (!eventually([&] { return tokenizer.tokenize(name, "ada").value().view() != before; })) ::_exit(2);
    ::_exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST_F(FileProviderTest, AChildOfForkCanLetTheProviderGo) {
  if (kit::kSanitized) GTEST_SKIP() << kit::kNoForkOfThreads;
  auto provider = make_loaded(kSoon);
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(10);
    provider.reset();  // must not wait for a thread that the child does not have
    ::_exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

// As a logger does whose lines need the keyset.
class AskingObserver final : public Observer {
 public:
  void on_event(const ProviderEvent& event) noexcept override {
    const auto asked = provider.lock();
    if (asked == nullptr) return;
    const auto loaded = asked->load(event.usage);
    answers.push_back(loaded ? ErrorCode::ok : loaded.error().code());
    asked->check_now();
  }
  std::weak_ptr<FileProvider> provider;
  std::vector<ErrorCode> answers;
};

TEST_F(FileProviderTest, AnObserverMayAskForTheKeysetItIsToldOf) {
  ::alarm(60);
  const auto observer = std::make_shared<AskingObserver>();
  const auto provider = FileProvider::make({token_, "", kNever, observer});
  observer->provider = provider;
  EXPECT_FALSE(provider->load(KeysetUsage::token));
  kit::write_file(token_, kit::kTokenDocument);
  provider->check_now();
  EXPECT_EQ(primary(*provider), "tk2");
  EXPECT_TRUE(provider->load(KeysetUsage::token));
  EXPECT_EQ(observer->answers, (std::vector<ErrorCode>{ErrorCode::file_not_found, ErrorCode::ok}));
  ::alarm(0);
}

}  // namespace
}  // namespace pii::providers
