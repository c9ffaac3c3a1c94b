// What holds of whatever is masked: docs/masking.md section 1.
#include <gtest/gtest.h>

#include <set>

#include "detect/outputs.hpp"
#include "kit/effort.hpp"
#include "kit/mask_race.hpp"
#include "kit/masking.hpp"
#include "kit/random_events.hpp"
#include "kit/reference_json.hpp"

namespace pii {
namespace {

using kit::printable;
using kit::reference::parse_json;
using kit::reference::Strictness;

constexpr std::size_t kDepth = 200;

class PropertiesTest : public testing::TestWithParam<kit::RacePolicy> {
 protected:
  static constexpr int kEvents = kit::rounds(1500);

  kit::TestMasker masker(kit::Keys keys = kit::Keys::all) const { return kit::TestMasker(GetParam().spec, keys); }
  bool small_limits() const { return GetParam().name == "with_small_limits"; }
};

TEST_P(PropertiesTest, MaskingTwiceChangesNothing) {
  for (const kit::Keys keys : {kit::Keys::all, kit::Keys::none}) {
    kit::RandomEvents random(11);
    kit::TestMasker first = masker(keys), second = masker(keys);
    std::string differences;
    int count = 0;
    for (int i = 0; i < kEvents; ++i) {
      const std::string line = random.line();
      const std::string once = first.lines(line);
      // What no longer fits the limits is redacted.
      if (small_limits() && once.size() > 200) continue;
      // What was no JSON only inside of what was replaced is JSON now, and seen as such.
      if (parse_json(once, kDepth) && !parse_json(line, kDepth)) continue;
      const std::string twice = second.lines(once);
      if (twice == once) continue;
      ++count;
      differences += "\ninput " + printable(line) + "\nonce  " + printable(once) + "\ntwice " + printable(twice);
    }
    EXPECT_EQ(count, 0) << differences;
  }
}

TEST_P(PropertiesTest, JsonStaysJson) {
  kit::RandomEvents random(12);
  kit::TestMasker masked = masker();
  int json = 0;
  for (int i = 0; i < kEvents; ++i) {
    const std::string line = random.one_in(2) ? random.event() : random.line();
    if (!parse_json(line, kDepth, Strictness::rfc8259)) continue;
    ++json;
    const std::string out = masked.lines(line);
    ASSERT_TRUE(parse_json(out, kDepth, Strictness::rfc8259)) << printable(line) << "\n" << printable(out);
  }
  EXPECT_GT(json, kEvents / 4);
}

// Without keys and with one label for everything, what is replaced can be seen in the output: the rest must be the input's.
TEST_P(PropertiesTest, BytesBetweenReplacedOnesStay) {
  PolicySpec spec = GetParam().spec;
  MaskAction label;
  label.type = MaskAction::Type::redact;
  label.label = "[REPLACED]";
  spec.actions.fill(label);
  for (PathRule& rule : spec.paths) {
    if (rule.action) rule.action = label;
  }
  for (CustomDetector& custom : spec.custom) custom.action = label;
  kit::TestMasker masked(spec);
  kit::RandomEvents random(13);
  for (int i = 0; i < kEvents; ++i) {
    const std::string line = random.line();
    const std::string out = masked.lines(line);
    if (masked.counts().too_long != 0) continue;
    // Each piece between outputs stands in the input, in order.
    std::size_t from = 0, at = 0;
    while (at < out.size()) {
      std::size_t next = std::string::npos, size = 0;
      for (const std::string_view mark : {"[REPLACED]", "[PII_REDACTED]", "[DROPPED]", "[COOKIE]", "****", "~2", "~3", "~4"}) {
        const std::size_t found = out.find(mark, at);
        if (found < next) next = found, size = mark.size();
      }
      std::string between = out.substr(at, next - at);
      // Numbers that became strings, and what is left of a header.
      while (!between.empty() && (between.back() == '"' || between.back() == '\\')) between.pop_back();
      while (!between.empty() && at > 0 && (between.front() == '"' || between.front() == '\\')) between.erase(0, 1);
      const std::size_t found = line.find(between, from);
      ASSERT_NE(found, std::string::npos) << printable(line) << "\n" << printable(out) << "\n" << printable(between);
      from = found + between.size();
      at = next == std::string::npos ? out.size() : next + size;
    }
  }
}

TEST_P(PropertiesTest, WithoutKeysTheSameIsFoundAndNothingIsAToken) {
  if (GetParam().name == "with_encryption") GTEST_SKIP() << "what is looked at again may read on behind a ciphertext, not behind a label";
  kit::RandomEvents random(14);
  kit::TestMasker with = masker(), without = masker(kit::Keys::none);
  for (int i = 0; i < kEvents; ++i) {
    const std::string line = random.line();
    with.lines(line);
    const std::string out = without.lines(line);
    ASSERT_EQ(with.counts().found, without.counts().found) << printable(line);
    std::size_t tokens = 0, given = 0;
    for (std::size_t at = out.find("ptok:"); at != std::string::npos; at = out.find("ptok:", at + 1)) ++tokens;
    for (std::size_t at = line.find("ptok:"); at != std::string::npos; at = line.find("ptok:", at + 1)) ++given;
    ASSERT_LE(tokens, given) << printable(line) << "\n" << printable(out);
  }
  EXPECT_EQ(with.counts().redacted_without_key, 0U);
  EXPECT_EQ(without.counts().redacted_without_key > 0, GetParam().name != "secrets-only");
}

TEST_P(PropertiesTest, TheListenerHearsWhatIsCountedAndChangesNothing) {
  kit::RandomEvents random(15);
  kit::TestMasker quiet = masker(), heard = masker();
  kit::RecordingListener listener;
  heard.set_listener(&listener);
  for (int i = 0; i < kEvents; ++i) {
    const std::string line = random.line();
    const std::string one = heard.lines(line), other = quiet.lines(line);
    ASSERT_EQ(kit::revealed(one), kit::revealed(other)) << printable(line);
    ASSERT_EQ(listener.findings.size(), heard.counts().findings()) << printable(line);
  }
  EXPECT_EQ(heard.counts().found, quiet.counts().found);
  EXPECT_GT(listener.findings.size(), static_cast<std::size_t>(kit::rounds(100)));
}

TEST_P(PropertiesTest, CountsAddUp) {
  kit::RandomEvents random(16);
  kit::TestMasker masked = masker();
  std::uint64_t in = 0, out = 0, events = 0;
  for (int i = 0; i < kEvents; ++i) {
    const std::string line = random.line();
    in += line.size();
    events += line.find_first_not_of(" \t\r\n") != std::string::npos;
    out += masked.lines(line).size();
  }
  EXPECT_EQ(masked.counts().bytes_in, in);
  EXPECT_EQ(masked.counts().bytes_out, out);
  EXPECT_EQ(masked.counts().events, events);
  EXPECT_LE(masked.counts().not_json + masked.counts().too_long, events);
}

TEST_P(PropertiesTest, ChunksMakeNoDifference) {
  kit::RandomEvents random(17);
  std::string all;
  std::vector<std::size_t> ends;
  for (int i = 0; i < kit::rounds(400); ++i) {
    all += random.line() + (random.one_in(3) ? "\r\n" : "\n");
    if (random.one_in(4)) ends.push_back(all.size());
  }
  all += random.line();
  ends.push_back(all.size());
  kit::TestMasker whole = masker(), pieces = masker();
  std::string out;
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    out += pieces.lines(std::string_view(all).substr(begin, end - begin));
    begin = end;
  }
  EXPECT_EQ(kit::revealed(whole.lines(all)), kit::revealed(out));
  EXPECT_EQ(whole.counts().found, pieces.counts().found);
}

INSTANTIATE_TEST_SUITE_P(Policies, PropertiesTest, testing::ValuesIn(kit::race_policies()), [](const auto& tested) { return kit::test_name(tested.param); });

// A canary under a sensitive key never comes out, whatever stands around it.
TEST(MaskProperties, NoCanarySurvivesUnderASensitiveKey) {
  constexpr const char* kSensitive[] = {"email", "customer_email", "phone", "card_number", "iban", "password", "api_key", "cvv",
                                        "first_name", "cardholder_name", "civil_id", "ssn", "dob", "authorization", "cookie"};
  kit::TestMasker masked("default");
  kit::RandomEvents random(18);
  for (int i = 0; i < kit::rounds(1500); ++i) {
    const std::string canary = "Canary" + std::to_string(random.below(1000000)) + "Bird";
    const std::string key = kSensitive[random.below(std::size(kSensitive))];
    std::string value = "\"" + canary + "\"";
    if (random.one_in(3)) value = "[" + value + ",\"x\"]";
    if (random.one_in(3)) value = "[" + value + "]";
    const std::string other = random.event();
    if (!parse_json(other, kDepth)) continue;
    const std::string event = "{\"other\":" + other + ",\"" + key + "\":" + value + "}";
    const std::string out = masked.lines(event);
    ASSERT_EQ(out.find(canary), std::string::npos) << printable(event) << "\n" << printable(out);
  }
}

TEST(MaskProperties, MaskedKeysOfOneObjectStayApart) {
  kit::TestMasker masked("default"), without("default", kit::Keys::none);
  kit::RandomEvents random(19);
  for (int i = 0; i < kit::rounds(300); ++i) {
    std::string event = "{";
    std::size_t members = 2 + random.below(5);
    for (std::size_t k = 0; k < members; ++k) {
      event += (k > 0 ? ",\"" : "\"") + std::string(random.one_in(2) ? "fatima.ali@example.com" : "Fatima.Ali@EXAMPLE.com");
      event += random.one_in(2) ? " x\":1" : "\":1";
    }
    event += "}";
    for (kit::TestMasker* masker : {&masked, &without}) {
      const std::string out = masker->lines(event);
      const auto root = parse_json(out, kDepth);
      ASSERT_TRUE(root) << out;
      std::set<std::string> names;
      for (const auto& key : root->keys) names.insert(out.substr(key.begin, key.end - key.begin));
      ASSERT_EQ(names.size(), members) << event << "\n" << out;
      ASSERT_EQ(masker->lines(out), out);
    }
  }
}

// Tokens make a text longer than it may be; what stands behind them is found and kept as it is without a keyset.
TEST(MaskProperties, LimitsAreForWhatCameIn) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.max_leaf_bytes = 256;
  std::string text;
  for (int i = 0; i < 20; ++i) text += "a1@b.co ";
  // A reference in it, so that it is looked at once more.
  text += "%41 x@example.com card_number=1234 99887766, the end";
  for (const std::string& line : {text, "{\"message\":\"" + text + "\"}"}) {
    kit::TestMasker with(spec), without(spec, kit::Keys::none);
    const std::string out = with.lines(line);
    EXPECT_TRUE(out.find(", the end") != std::string::npos) << out;
    EXPECT_TRUE(without.lines(line).find(", the end") != std::string::npos);
    EXPECT_EQ(with.counts().found, without.counts().found);
    EXPECT_EQ(with.counts().failed, 0U);
  }
}

// What stands before a network may look like more of it, and invisible characters stand anywhere: it is the network all the same, and not
// shortened again and again.
TEST(MaskProperties, NetworksAreFoundWhereverTheyBegin) {
  PolicySpec spec = *PolicySpec::profile("default");
  for (const Detector detector : {Detector::ipv4, Detector::ipv6}) {
    spec.actions[static_cast<std::size_t>(detector)] = MaskAction{.type = MaskAction::Type::ip_prefix};
  }
  kit::TestMasker masker(spec);
  for (const char* text : {"ip=.2001:db8::/24%2F@", "/ip=\xef\xbc\x9a\xe2\x80\x8b" "2001:db8:1::\xef\xbc\x8f:/", ":2001:db8:1::\xe2\x80\x8b\xef\xbc\x8fip=@0\xe2\x80\x8b-",
                           "@.2001:db8:1::-\xc2\xad" "2001:db8::/a", "ip:2001:db8::1/48/x", "ff@.2001:db8::1/", ".10.1.2.3/24/", "1.10.1.2.0/24",
                           "::1::ffff:1.2.3.37/24/48", "::10.1.2.3::ffff:1.2.3.0/241::@", "::ffff:1.2.3.37::ffff:ffff:", "::ffff:1.2.3.37:1.0", "x4f8@::ffff:188.236.1.9::ip=", "ip=fe80::ffff:1.2.3.0/24/64", ":::ffff:1.2.3.37/128ffff:0/24"}) {
    const std::string out = masker.lines(text), quoted = masker.lines("{\"message\":\"" + std::string(text) + "\"}");
    EXPECT_EQ(masker.lines(out), out) << text;
    EXPECT_EQ(masker.lines(quoted), quoted) << text;
  }
  EXPECT_EQ(masker.counts().failed, 0U);
  EXPECT_EQ(masker.lines("ip:2001:db8::1/48/x"), "ip:2001:db8::/48/48/x");
  // The network is left alone, nothing that only begins like it.
  for (const auto& [key, type] : {std::pair{"gateway", Detector::ipv4}, std::pair{"peer", Detector::ipv6}}) spec.sensitive_keys.push_back({key, type});
  spec.drop_keys = {"otp"};
  spec.actions[static_cast<std::size_t>(Detector::secret)] = MaskAction{.type = MaskAction::Type::ip_prefix};
  kit::TestMasker by_key(spec);
  for (const char* text : {"http://h/?gateway=1.2.3.0/24_411111111hunter2", "peer=\"::/48hunter2\"", "password=1.2.3.0/24hunter2", "otp=1.2.3.0/24hunter2"}) {
    const std::string out = by_key.lines(text);
    EXPECT_EQ(out.find("hunter2"), std::string::npos) << out;
    EXPECT_EQ(by_key.lines(out), out) << text;
  }
  const std::string beside = masker.lines("phone 1.2.3.0/24999999");
  EXPECT_TRUE(beside.starts_with("phone 1.2.3.0/24/ptok:")) << beside;
  EXPECT_EQ(masker.lines(beside), beside);
  // An address whose tail would be a network is none.
  for (const char* text : {"{\"client_ip\":\"2a02:8071:aaaa:bb12::/48\"}", "peer 2a02:1234:5678:bb12:def0::/48", "{\"m\":{\"2a02:8071:aaaa:bb12::/48\":1}}",
                           "from 2a02:1:2:bb12:4:5:188.1.2.0/24"}) {
    const std::string out = masker.lines(text);
    EXPECT_EQ(out.find("bb12"), std::string::npos) << out;
    EXPECT_EQ(masker.lines(out), out) << text;
  }
}

}  // namespace
}  // namespace pii
