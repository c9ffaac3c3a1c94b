#include "mask/key_policy.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <latch>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "mask/key_lexicon.hpp"

namespace pii::mask {
namespace {

using Kind = KeyVerdict::Kind;

const std::map<std::string, Kind> kKinds = {
    {"sensitive", Kind::sensitive},         {"secret", Kind::secret}, {"drop", Kind::drop},
    {"authorization", Kind::authorization}, {"cookie", Kind::cookie}, {"set_cookie", Kind::set_cookie}};

const std::map<std::string, Detector> kTypes = {
    {"email", Detector::email},     {"phone", Detector::phone},
    {"card", Detector::card},       {"iban", Detector::iban},
    {"cvv", Detector::cvv},         {"kw_civil_id", Detector::kw_civil_id},
    {"sa_id", Detector::sa_id},     {"ae_eid", Detector::ae_eid},
    {"us_ssn", Detector::us_ssn},   {"us_itin", Detector::us_itin},
    {"dob", Detector::dob},         {"person_name", Detector::person_name},
    {"secret", Detector::secret},   {"auth_header", Detector::auth_header},
    {"cookie", Detector::cookie},   {"card_expiry", Detector::card_expiry},
    {"account", Detector::account}, {"national_id", Detector::national_id},
    {"generic", Detector::generic}, {"address", Detector::address}};

nlohmann::json vectors() {
  std::ifstream file(std::string(PII_TEST_VECTORS) + "/masking/keys.json");
  return nlohmann::json::parse(file);
}

bool masks(Kind kind) { return kind != Kind::plain && kind != Kind::safe; }

class KeyPolicyTest : public testing::Test {
 protected:
  KeyVerdict judge(std::string_view key, std::string_view parent = "") {
    return KeyPolicy(spec_).judge(key, parent);
  }
  PolicySpec spec_ = *PolicySpec::profile("default");
};

TEST_F(KeyPolicyTest, CatchesKeysOfPersonalDataWithTheirType) {
  const KeyPolicy policy(spec_);
  const nlohmann::json caught = vectors()["caught"];
  EXPECT_GE(caught.size(), 250U);
  for (const auto& row : caught) {
    const KeyVerdict verdict = policy.judge(row.at("key").get<std::string>(), row.value("parent", ""));
    EXPECT_EQ(verdict.kind, kKinds.at(row.at("kind").get<std::string>())) << row;
    EXPECT_EQ(verdict.type, kTypes.at(row.at("type").get<std::string>())) << row;
  }
}

TEST_F(KeyPolicyTest, LeavesKeysThatOnlyLookLikeIt) {
  const KeyPolicy policy(spec_);
  const nlohmann::json stay = vectors()["stay"];
  EXPECT_GE(stay.size(), 250U);
  for (const auto& row : stay) {
    EXPECT_FALSE(masks(policy.judge(row.at("key").get<std::string>(), row.value("parent", "")).kind)) << row;
  }
}

TEST_F(KeyPolicyTest, GivesContext) {
  for (const char* key :
       {"mobile_verified", "sms", "otp_channel", "هاتف_العمل", "call_log", "user.whatsapp_id"}) {
    EXPECT_TRUE(judge(key).context.contains(Detector::phone)) << key;
  }
  for (const char* key : {"card_type", "visa", "knet_ref", "credit", "بطاقة"}) {
    EXPECT_TRUE(judge(key).context.contains(Detector::card)) << key;
  }
  EXPECT_TRUE(judge("kyc_number").context.contains(Detector::kw_civil_id));
  EXPECT_TRUE(judge("absher").context.contains(Detector::sa_id));
  EXPECT_TRUE(judge("X-Forwarded-For").context.contains(Detector::ipv6));
  EXPECT_TRUE(judge("cpf_ref").context.contains(Detector::br_cpf));
  EXPECT_TRUE(judge("telemetry").context.empty());
}

TEST_F(KeyPolicyTest, KnowsVersionsAndParts) {
  for (const char* key : {"version", "appVersion", "firmware_version", "build", "os_release"}) {
    EXPECT_TRUE(judge(key).version_like) << key;
  }
  EXPECT_FALSE(judge("conversion").version_like);
  for (const char* key :
       {"first", "last", "line1", "line_2", "city", "zip", "value", "street", "number", "full"}) {
    EXPECT_TRUE(judge(key).part) << key;
  }
  for (const char* key : {"id", "currency", "state_machine", "created_at"})
    EXPECT_FALSE(judge(key).part) << key;
}

TEST_F(KeyPolicyTest, FollowsWhatThePolicyEnables) {
  EXPECT_EQ(judge("passport_number").kind, Kind::plain);
  spec_.enabled.insert(Detector::passport);
  EXPECT_EQ(judge("passport_number").type, Detector::passport);
  spec_.enabled.insert(Detector::username);
  EXPECT_EQ(judge("username").type, Detector::username);
  // An identity number whose own detector is off is one of any kind; with it, it has its own type.
  EXPECT_EQ(judge("qid").type, Detector::national_id);
  spec_.enabled.insert(Detector::qa_qid);
  EXPECT_EQ(judge("qid").type, Detector::qa_qid);
  spec_.enabled.erase(Detector::email);
  EXPECT_FALSE(masks(judge("customer_email").kind));
}

TEST_F(KeyPolicyTest, AddsThePolicysOwnWords) {
  spec_.sensitive_keys = {{"loyalty number"}, {"payer"}, {"mrn", Detector::national_id}, {"hotel code"}};
  spec_.drop_keys = {"magic word"};
  spec_.safe_keys = {"customer email", "street name"};
  EXPECT_EQ(judge("loyaltyNumber").type, Detector::generic);
  EXPECT_EQ(judge("vip_loyalty_number_2").kind, Kind::sensitive);
  EXPECT_EQ(judge("payer").type, Detector::person_name);
  EXPECT_EQ(judge("patient_mrn").type, Detector::national_id);
  EXPECT_EQ(judge("hotel_code").kind, Kind::sensitive);
  EXPECT_EQ(judge("hotel_codec").kind, Kind::plain);
  EXPECT_EQ(judge("MagicWord").kind, Kind::drop);
  EXPECT_EQ(judge("customer_email").kind, Kind::safe);
  EXPECT_EQ(judge("payer_email").kind, Kind::sensitive);
}

// A phrase of a policy's own counts whatever the last segment says by itself.
TEST_F(KeyPolicyTest, OwnPhrasesReachOverDots) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.drop_keys = {"x.y.z code", "one two three four five six"};
  spec.safe_keys = {"billing email"};
  const KeyPolicy policy(spec);
  for (const char* key : {"x.y.z code", "x_y_z_code", "a.x.y.zCode", "one.two.three.four.five.six", "oneTwoThreeFourFiveSix"}) {
    EXPECT_EQ(policy.judge(key, {}).kind, Kind::drop) << key;
  }
  for (const char* key : {"y.z code", "x.y.z code count", "two.three.four.five.six"}) EXPECT_NE(policy.judge(key, {}).kind, Kind::drop) << key;
  EXPECT_EQ(policy.judge("billing.email", {}).kind, Kind::safe);
  EXPECT_EQ(policy.judge("shipping.email", {}).kind, Kind::sensitive);
}

TEST_F(KeyPolicyTest, TakesAnyBytes) {
  const std::string bad = "e\xff\xfemail";
  judge(bad);
  judge(std::string_view("\0email\0", 7));
  judge("....");
  judge("[][]");
  EXPECT_EQ(judge(std::string(100000, 'a') + ".email").kind, Kind::sensitive);
  EXPECT_EQ(judge("ＥＭＡＩＬ").kind, Kind::plain);
}

// Threads that ask for it first and together each make one; all get the same.
TEST(PhraseTree, BuiltInOneIsOneForAllThreads) {
  const PhraseTree* got[4] = {};
  std::latch start(std::size(got));
  std::vector<std::thread> threads;
  for (const PhraseTree*& one : got) {
    threads.emplace_back([&start, &one] {
      start.arrive_and_wait();
      one = &built_in_phrases();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const PhraseTree* one : got) EXPECT_EQ(one, &built_in_phrases());
  EXPECT_NE(got[0]->find("date of birth"), nullptr);
}

}  // namespace
}  // namespace pii::mask
