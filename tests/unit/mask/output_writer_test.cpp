#include "mask/output_writer.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "kit/masking.hpp"
#include "kit/v2_keysets.hpp"

namespace pii::mask {
namespace {

// Of a little text tokens are made at once, of much side by side at the end.
const std::string kLittle(100, '_'), kMuch(100'000, '_');

class OutputWriterTest : public testing::Test {
 protected:
  std::shared_ptr<const MaskPolicy> policy_ = *MaskPolicy::compile(*PolicySpec::profile("default"));
  MaskCounts counts_;
  mutable std::deque<std::string> texts_;  // of tokens

  std::uint16_t field(Detector detector) const { return policy_->impl().field_index(detector, 0); }
  Edit token(std::uint32_t begin, std::uint32_t end, std::string_view value, std::string_view suffix = {}) const {
    const std::string_view text = texts_.emplace_back(std::string(value) + std::string(suffix));
    return {.begin = begin,
            .end = end,
            .kind = Edit::Kind::token,
            .field = field(Detector::email),
            .suffix_size = static_cast<std::uint16_t>(suffix.size()),
            .text = text.substr(0, value.size())};
  }
  MaskKeys keys() const { return {kit::masking_provider(), kit::test_environment(), true}; }
};

TEST_F(OutputWriterTest, CopiesWhatLiesBetweenEdits) {
  OutputWriter writer(*policy_, keys());
  std::string out = "before ";
  writer.begin(out, kMuch);
  EXPECT_TRUE(writer.has_key());
  writer.write("0123456789", {{.begin = 0, .end = 2, .text = "[A]"}, {.begin = 2, .end = 2, .text = "~2"}, token(4, 6, "x@y.z", "@y.z"),
                              {.begin = 8, .end = 10, .quoted = true, .escapes = 2, .text = "[B]"}},
               counts_);
  writer.write("!");
  writer.flush(counts_);
  EXPECT_EQ(out, "before [A]~223" + kit::token("email", "x@y.z") + "@y.z67\\\\\\\"[B]\\\\\\\"!");
  EXPECT_EQ(counts_.failed, 0U);
}

// Those that cannot be made close their room, wherever they stand.
TEST_F(OutputWriterTest, TokensThatFailBecomeRedacted) {
  for (unsigned failing = 0; failing < 64; ++failing) {
    OutputWriter writer(*policy_, keys());
    MaskCounts counts;
    std::string out = "<", expected = "<";
    writer.begin(out, (failing & 32) != 0 ? kLittle : kMuch);
    std::vector<std::string> values;
    for (unsigned i = 0; i < 5; ++i) values.push_back((failing >> i & 1) != 0 ? "\xff" + std::to_string(i) : "v" + std::to_string(i));
    for (unsigned i = 0; i < 5; ++i) {
      writer.write("a_b", {token(1, 2, values[i], "~")}, counts);
      expected += "a" + ((failing >> i & 1) != 0 ? "[PII_REDACTED]" : kit::token("email", values[i])) + "~b";
    }
    writer.flush(counts);
    EXPECT_EQ(out, expected);
    EXPECT_EQ(counts.failed, static_cast<std::uint64_t>(__builtin_popcount(failing & 31)));
    writer.write("more");
    writer.flush(counts);
    EXPECT_EQ(out, expected + "more");
  }
}

// A value that comes again right away is hashed once; its places fail, and are forgotten, one by one.
TEST_F(OutputWriterTest, AValueThatComesAgainHasItsTokenAgain) {
  const std::string redacted = "[PII_REDACTED]", a = kit::token("email", "a@y.z"), b = kit::token("email", "b@y.z");
  for (const std::string& input : {kLittle, kMuch}) {
    OutputWriter writer(*policy_, keys());
    MaskCounts counts;
    std::string out;
    writer.begin(out, input);
    writer.write("_,_,_", {token(0, 1, "a@y.z"), token(2, 3, "a@y.z", "~"), token(4, 5, "a@y.z")}, counts);
    writer.write("_,_,_", {token(0, 1, "\xff@y.z"), token(2, 3, "\xff@y.z", "~"), token(4, 5, "b@y.z")}, counts);
    const std::size_t forgotten = out.size();
    writer.write("_,_,_", {token(0, 1, "b@y.z"), token(2, 3, "b@y.z"), token(4, 5, "b@y.z")}, counts);
    writer.forget_from(forgotten);
    out.resize(forgotten);
    writer.write("_,_", {token(0, 1, "b@y.z"), token(2, 3, "a@y.z")}, counts);
    writer.flush(counts);
    EXPECT_EQ(out, a + "," + a + "~," + a + redacted + "," + redacted + "~," + b + b + "," + a);
    EXPECT_EQ(counts.failed, 2U);
  }
}

// A line of so many tokens is hashed in parts; runs of one value go over the end of a part.
TEST_F(OutputWriterTest, ValuesComeAgainWhereALineIsHashedInParts) {
  std::mt19937 random(1);
  std::vector<std::string> values;
  for (std::size_t run = 0; values.size() < 3 * OutputWriter::kMany; ++run) {
    const std::string value = (random() % 7 == 0 ? "\xff" : "v") + std::to_string(run);
    values.insert(values.end(), 1 + random() % 4, value);
  }
  std::string line, expected;
  std::vector<Edit> edits;
  std::uint64_t failing = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto at = static_cast<std::uint32_t>(line.size());
    line += "_,";
    const std::string_view suffix = random() % 5 == 0 ? "~" : "";
    edits.push_back(token(at, at + 1, values[i], suffix));
    const bool fails = values[i][0] == '\xff';
    failing += fails;
    expected += (fails ? "[PII_REDACTED]" : kit::token("email", values[i])) + std::string(suffix) + ",";
  }
  OutputWriter writer(*policy_, keys());
  std::string out = "<";
  writer.begin(out, kMuch);
  writer.write(line, edits, counts_);
  writer.write("_,_", {token(0, 1, values.back()), token(2, 3, values.back())}, counts_);
  writer.flush(counts_);
  const std::string last = values.back()[0] == '\xff' ? "[PII_REDACTED]" : kit::token("email", values.back());
  EXPECT_EQ(out, "<" + expected + last + "," + last);
  EXPECT_EQ(counts_.failed, failing + (values.back()[0] == '\xff' ? 2 : 0));
}

TEST_F(OutputWriterTest, OfALittleTextTokensStandAtOnce) {
  OutputWriter writer(*policy_, keys());
  std::string out;
  writer.begin(out, kLittle);
  writer.write("a_b", {token(1, 2, "x@y.z", "@y.z")}, counts_);
  EXPECT_EQ(out, "a" + kit::token("email", "x@y.z") + "@y.zb");
  writer.flush(counts_);
  EXPECT_EQ(out, "a" + kit::token("email", "x@y.z") + "@y.zb");
}

TEST_F(OutputWriterTest, WritesTokensOfVersion2) {
  const auto provider = std::make_shared<kit::StaticProvider>(kit::v2_token_keyset());
  const Tokenizer tokenizer(provider, kit::test_environment());
  const std::string expected(tokenizer.tokenize(*FieldType::make("email"), "x@y.z")->view());
  EXPECT_TRUE(expected.starts_with("ptok:v2:tok2:"));
  OutputWriter writer(*policy_, {provider, kit::test_environment(), false});
  std::string out;
  writer.begin(out, kMuch);
  writer.write("_,_,_,_,_", {token(0, 1, "x@y.z"), token(2, 3, "x@y.z", "~"), token(4, 5, "x@y.z"), token(6, 7, "\xff"), token(8, 9, "\xff")}, counts_);
  writer.flush(counts_);
  EXPECT_EQ(out, expected + "," + expected + "~," + expected + ",[PII_REDACTED],[PII_REDACTED]");
  EXPECT_EQ(counts_.failed, 2U);

  // Exchanged while tokens wait for their text: what would not fit is redacted.
  const std::vector<Edit> three = {token(0, 1, "x@y.z"), token(2, 3, "x@y.z"), token(4, 5, "x@y.z")};
  const std::string redacted = "[PII_REDACTED],[PII_REDACTED],[PII_REDACTED]";
  out.clear();
  writer.begin(out, kMuch);
  writer.write("_,_,_", three, counts_);
  provider->replace(KeysetUsage::token, kit::keyset(kit::kTokenDocument));
  writer.flush(counts_);
  EXPECT_EQ(out, redacted);
  out.clear();
  writer.begin(out, kMuch);
  writer.write("_,_,_", three, counts_);
  provider->replace(KeysetUsage::token, kit::v2_token_keyset());
  writer.flush(counts_);
  EXPECT_EQ(out, redacted);
  // Or taken away.
  for (const auto& written : {kit::v2_token_keyset(), kit::keyset(kit::kTokenDocument)}) {
    provider->replace(KeysetUsage::token, written);
    out.clear();
    writer.begin(out, kMuch);
    writer.write("_,_,_", three, counts_);
    provider->replace(KeysetUsage::token, nullptr);
    writer.flush(counts_);
    EXPECT_EQ(out, redacted);
  }
  // Or exchanged before they are made at once.
  out.clear();
  provider->replace(KeysetUsage::token, kit::keyset(kit::kTokenDocument));
  writer.begin(out, kLittle);
  provider->replace(KeysetUsage::token, kit::v2_token_keyset());
  writer.write("_,_,_", three, counts_);
  writer.flush(counts_);
  EXPECT_EQ(out, redacted);
  out.clear();
  writer.begin(out, kLittle);
  writer.write("_,_,_", three, counts_);
  writer.flush(counts_);
  EXPECT_EQ(out, expected + "," + expected + "," + expected);
  EXPECT_EQ(counts_.failed, 17U);
}

TEST_F(OutputWriterTest, WithoutAKeysetNothingIsAToken) {
  OutputWriter writer(*policy_, {});
  std::string out;
  writer.begin(out, kMuch);
  EXPECT_FALSE(writer.has_key());
  writer.write("x_y", {token(1, 2, "value", "@domain")}, counts_);
  writer.flush(counts_);
  EXPECT_EQ(out, "x[PII_REDACTED]y");
  EXPECT_EQ(counts_.redacted_without_key, 1U);
}

TEST_F(OutputWriterTest, ForgetsWhatIsTakenBack) {
  for (const std::string& input : {kLittle, kMuch}) {
    OutputWriter writer(*policy_, keys());
    std::string out;
    writer.begin(out, input);
    writer.write("_", {token(0, 1, "kept")}, counts_);
    const std::size_t written = out.size();
    writer.write("__", {token(0, 1, "gone"), token(1, 2, "\xff")}, counts_);
    writer.forget_from(written);
    out.resize(written);
    writer.write("[masked]");
    writer.flush(counts_);
    EXPECT_EQ(out, kit::token("email", "kept") + "[masked]");
    EXPECT_EQ(counts_.failed, 0U);
  }
}

TEST_F(OutputWriterTest, EncryptsWithFullAccessOnly) {
  const Edit cipher{.begin = 0, .end = 1, .kind = Edit::Kind::cipher, .field = field(Detector::email), .text = "x@y.z"};
  OutputWriter full(*policy_, keys());
  std::string out;
  full.begin(out, kMuch);
  full.write("_", {cipher}, counts_);
  full.flush(counts_);
  EXPECT_TRUE(out.starts_with("penc:v1:rk1:")) << out;
  MaskKeys tokens_only = keys();
  tokens_only.full_access = false;
  OutputWriter limited(*policy_, tokens_only);
  out.clear();
  limited.begin(out, kMuch);
  limited.write("_", {cipher}, counts_);
  limited.flush(counts_);
  EXPECT_EQ(out, "[PII_REDACTED]");
  EXPECT_EQ(counts_.redacted_without_key, 1U);
}

}  // namespace
}  // namespace pii::mask
