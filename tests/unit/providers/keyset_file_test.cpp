// When a keyset file is believed, in a time that the test makes.

#include "file/keyset_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <thread>

#include "kit/recording_observer.hpp"
#include "kit/static_provider.hpp"
#include "kit/temporary_folder.hpp"
#include "pii/keyset_document.hpp"
#include "pii/keyset_seal.hpp"
#include "pii/keyset_signature.hpp"

namespace pii::providers {
namespace {

using Look = KeysetFile::Look;
using Kind = ProviderEvent::Kind;
using std::chrono::milliseconds;

class KeysetFileTest : public testing::Test {
 protected:
  static std::string with_primary(const std::string& kid) {
    std::string text(kit::kTokenDocument);
    return text.replace(text.find("\"tk2\""), 5, "\"" + kid + "\"");
  }
  Look look_after(milliseconds time) {
    now_ += time;
    return file_.look(now_);
  }
  // A first keyset, tk2, in force and told.
  void load() {
    kit::write_file(path_, kit::kTokenDocument);
    EXPECT_EQ(look_after(milliseconds(0)), Look::unsettled);
    EXPECT_EQ(look_after(milliseconds(50)), Look::settled);
    EXPECT_EQ(primary(), "tk2");
    EXPECT_EQ(observer_->take().size(), 1u);
  }
  std::string primary() const {
    const auto keyset = cell_.share();
    return keyset != nullptr ? keyset->primary_kid() : "";
  }

  kit::TemporaryFolder folder_;
  const std::string path_ = folder_ / "token.json";
  std::shared_ptr<kit::RecordingObserver> observer_ = std::make_shared<kit::RecordingObserver>();
  static FileProviderOptions told_to(std::shared_ptr<Observer> observer) {
    FileProviderOptions options;
    options.observer = std::move(observer);
    return options;
  }
  const FileProviderOptions options_ = told_to(observer_);
  KeysetCell cell_;
  KeysetFile file_{KeysetUsage::token, path_, options_, cell_};
  KeysetFile::Clock::time_point now_{std::chrono::hours(1)};
};

TEST_F(KeysetFileTest, BelievesAFreshFileAfterFiftyMilliseconds) {
  kit::write_file(path_, kit::kTokenDocument);
  EXPECT_EQ(look_after(milliseconds(0)), Look::unsettled);
  EXPECT_EQ(look_after(milliseconds(49)), Look::unsettled);
  EXPECT_FALSE(file_.in_force());
  EXPECT_EQ(look_after(milliseconds(1)), Look::settled);
  EXPECT_TRUE(file_.in_force());
}

TEST_F(KeysetFileTest, BelievesAFileThatHasBeenQuietAtOnceWhenItIsTheFirst) {
  kit::write_file(path_, kit::kTokenDocument);
  std::this_thread::sleep_for(milliseconds(2050));
  EXPECT_EQ(look_after(milliseconds(0)), Look::settled);
  EXPECT_EQ(primary(), "tk2");
  kit::replace_file(path_, with_primary("tk3"));
  std::this_thread::sleep_for(milliseconds(2050));
  EXPECT_EQ(look_after(milliseconds(10)), Look::unsettled) << "only a first load may trust the clock";
}

TEST_F(KeysetFileTest, DoesNotWaitWhenNothingChanged) {
  load();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(look_after(milliseconds(10)), Look::settled);
  kit::replace_file(path_, kit::kTokenDocument);  // another inode, the same content
  EXPECT_EQ(look_after(milliseconds(10)), Look::settled);
  EXPECT_TRUE(observer_->take().empty());
}

TEST_F(KeysetFileTest, TakesNoOlderRevisionOfTheSameKeyset) {
  const auto edition = [](const std::string& id, int revision) {
    return R"({"schema_version":2,"primary_kid":"tk)" + std::to_string(revision) + R"(","keys":{"tk)" +
           std::to_string(revision) +
           R"(":{"alg":"HMAC-SHA-256","key_b64":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}},"keyset":{"id":")" + id +
           R"(","revision":)" + std::to_string(revision) + "}}";
  };
  const auto put = [&](const std::string& text) {
    kit::replace_file(path_, text);
    EXPECT_EQ(look_after(milliseconds(10)), Look::unsettled);
    EXPECT_EQ(look_after(milliseconds(60)), Look::settled);
    return primary();
  };
  EXPECT_EQ(put(edition("a", 5)), "tk5");
  EXPECT_EQ(put(edition("a", 4)), "tk5");
  ASSERT_TRUE(file_.last_error());
  EXPECT_NE(file_.last_error()->message().find("revision 4 is older than revision 5"), std::string::npos);
  EXPECT_EQ(put(edition("a", 6)), "tk6");
  EXPECT_EQ(put(edition("b", 1)), "tk1") << "another keyset";
}

TEST_F(KeysetFileTest, AsksForTheCustodiansSignature) {
  const KeysetSigner signer = make_keyset_signer();
  const SecretBytes document =
      *make_keyset_document(KeysetUsage::token, {"tk1", "2026-01-01T00:00:00Z"}, true);
  const auto text_of = [](const SecretBytes& bytes) {
    return std::string(reinterpret_cast<const char*>(bytes.expose().data()), bytes.size());
  };
  FileProviderOptions options;
  options.verify_key = signer.verify_key;
  KeysetFile file(KeysetUsage::token, path_, options, cell_);
  const auto put = [&](const SecretBytes& bytes) {
    kit::replace_file(path_, text_of(bytes));
    now_ += milliseconds(10);
    EXPECT_EQ(file.look(now_), Look::unsettled);
    now_ += milliseconds(60);
    EXPECT_EQ(file.look(now_), Look::settled);
    return file.last_error() ? file.last_error()->message() : "";
  };
  const std::string refused = path_ + ": the keyset is not signed by the custodian whose key is trusted";
  EXPECT_EQ(put(document), refused);
  EXPECT_EQ(put(*sign_keyset_document(document, make_keyset_signer())), refused);
  EXPECT_EQ(put(*sign_keyset_document(document, signer)), "");
  EXPECT_EQ(primary(), "tk1");
}

TEST_F(KeysetFileTest, OpensASealedFileOnceAChange) {
  const SecretBytes document = *make_keyset_document(KeysetUsage::token, {"tk9", "2026-01-01T00:00:00Z"}, true);
  const WrappedKey key{SecretBytes::random(kSealKeySize), "vault-transit:transit/pii", "vault:v1:x"};
  const SecretBytes sealed = *seal_keyset_document(document, key);
  const std::string text(reinterpret_cast<const char*>(sealed.expose().data()), sealed.size());
  kit::replace_file(path_, text);
  EXPECT_EQ(look_after(milliseconds(0)), Look::unsettled);
  EXPECT_EQ(look_after(milliseconds(60)), Look::settled);
  ASSERT_TRUE(file_.last_error());
  EXPECT_EQ(file_.last_error()->message(), path_ + ": document, byte 0: is a sealed keyset");

  int opened = 0;
  FileProviderOptions options;
  options.unseal = [&](const SecretBytes& what) {
    ++opened;
    return unseal_keyset_document_with_key(what, key.key);
  };
  KeysetFile file(KeysetUsage::token, path_, options, cell_);
  for (int i = 0; i < 4; ++i) {
    now_ += milliseconds(60);
    (void)file.look(now_);
  }
  EXPECT_EQ(primary(), "tk9");
  EXPECT_EQ(opened, 1);
}

TEST_F(KeysetFileTest, StartsToWaitAnewWithEveryChange) {
  load();
  kit::replace_file(path_, with_primary("tk1"));
  EXPECT_EQ(look_after(milliseconds(10)), Look::unsettled);
  kit::replace_file(path_, with_primary("tk3"));
  EXPECT_EQ(look_after(milliseconds(50)), Look::unsettled);
  EXPECT_EQ(look_after(milliseconds(49)), Look::unsettled);
  EXPECT_EQ(look_after(milliseconds(1)), Look::settled);
  EXPECT_EQ(primary(), "tk3");
  EXPECT_EQ(observer_->take().size(), 1u);
}

TEST_F(KeysetFileTest, SameContentWithOtherAttributesIsAnotherReading) {
  load();
  kit::replace_file(path_, with_primary("tk1"));
  EXPECT_EQ(look_after(milliseconds(10)), Look::unsettled);
  kit::replace_file(path_, with_primary("tk1"));
  EXPECT_EQ(look_after(milliseconds(50)), Look::unsettled);
  EXPECT_EQ(look_after(milliseconds(50)), Look::settled);
  EXPECT_EQ(primary(), "tk1");
}

TEST_F(KeysetFileTest, AMomentWithoutTheFileIsNoEvent) {
  load();
  std::filesystem::remove(path_);
  EXPECT_EQ(look_after(milliseconds(10)), Look::unsettled);
  kit::write_file(path_, kit::kTokenDocument);
  EXPECT_EQ(look_after(milliseconds(50)), Look::settled);
  EXPECT_TRUE(observer_->take().empty());
}

TEST_F(KeysetFileTest, AFileThatIsGoneIsReportedOnceItIsSure) {
  load();
  std::filesystem::remove(path_);
  EXPECT_EQ(look_after(milliseconds(10)), Look::unsettled);
  EXPECT_TRUE(observer_->take().empty());
  EXPECT_EQ(look_after(milliseconds(50)), Look::settled);
  EXPECT_EQ(observer_->count(Kind::reload_failed), 1u);
  EXPECT_EQ(look_after(milliseconds(10)), Look::settled);
  EXPECT_EQ(observer_->take().size(), 1u);
  EXPECT_EQ(primary(), "tk2");
}

TEST_F(KeysetFileTest, AMissingFirstFileIsReportedAtOnce) {
  EXPECT_EQ(look_after(milliseconds(0)), Look::settled);
  EXPECT_EQ(file_.last_error()->code(), ErrorCode::file_not_found);
  EXPECT_EQ(observer_->count(Kind::load_failed), 1u);
}

TEST_F(KeysetFileTest, AHalfWrittenFirstFileIsNotReportedAtOnce) {
  kit::write_file(path_, kit::kTokenDocument.substr(0, 100));
  EXPECT_EQ(look_after(milliseconds(0)), Look::unsettled);
  kit::write_file(path_, kit::kTokenDocument);
  EXPECT_EQ(look_after(milliseconds(50)), Look::unsettled);
  EXPECT_EQ(look_after(milliseconds(50)), Look::settled);
  EXPECT_EQ(primary(), "tk2");
  EXPECT_EQ(observer_->take().size(), 1u);
}

TEST_F(KeysetFileTest, AFileThatKeepsChangingIsReportedAfterTwoSecondsAndBelievedWhenItRests) {
  load();
  for (int i = 0; i < 40; ++i) {
    kit::replace_file(path_, with_primary(i % 2 == 0 ? "tk1" : "tk3"));
    EXPECT_EQ(look_after(milliseconds(50)), Look::unsettled);
  }
  for (int i = 0; i < 3; ++i) {
    kit::replace_file(path_, with_primary(i % 2 == 0 ? "tk1" : "tk3"));
    EXPECT_EQ(look_after(milliseconds(10'000)), Look::settled) << "no hurry any more";
  }
  EXPECT_EQ(file_.last_error()->code(), ErrorCode::file_unstable);
  EXPECT_EQ(observer_->count(Kind::reload_failed), 1u);
  EXPECT_EQ(observer_->take().size(), 1u);
  EXPECT_EQ(primary(), "tk2");

  EXPECT_EQ(look_after(milliseconds(10'000)), Look::settled);
  EXPECT_EQ(primary(), "tk1");
  EXPECT_FALSE(file_.last_error());
  EXPECT_EQ(observer_->count(Kind::loaded), 1u);
}

TEST_F(KeysetFileTest, AFirstFileThatKeepsChangingFails) {
  Look look = Look::unsettled;
  for (int i = 0; i <= 41 && look == Look::unsettled; ++i) {
    kit::replace_file(path_, kit::kTokenDocument);
    look = look_after(milliseconds(50));
  }
  EXPECT_EQ(look, Look::settled);
  EXPECT_FALSE(file_.in_force());
  EXPECT_EQ(file_.last_error()->code(), ErrorCode::file_unstable);
}

TEST_F(KeysetFileTest, KeepsNoReadingOfAGoodFile) {
  load();
  const auto keyset = cell_.share();
  EXPECT_EQ(keyset.use_count(), 2) << "the cell's and this test's";
  look_after(milliseconds(10));
  EXPECT_EQ(keyset.use_count(), 2);
}

}  // namespace
}  // namespace pii::providers
