// Every row that the Python package's masking processor wrote, over the rules and the walk of tests/kit.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "kit/ecsctx_event.hpp"
#include "kit/exact_json.hpp"
#include "kit/static_provider.hpp"
#include "kit/vector_file.hpp"
#include "pii/masker.hpp"

namespace pii {
namespace {

using Json = nlohmann::ordered_json;

/// A vector file with its integers exact.
Json read_exact(const std::string& family) {
  std::ifstream file(PII_TEST_VECTORS "/ecsctx/" + family + ".json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto parsed = kit::parse_exact(text);
  EXPECT_TRUE(parsed.has_value()) << family;
  return parsed ? *std::move(parsed) : Json{{"rows", Json::array()}};
}

/// Writes recipes {"repeat": text, "n": count} out.
Json expanded(Json value) {
  if (value.is_object() && value.size() == 2 && value.contains("repeat") && value.contains("n")) {
    return kit::VectorFile::text(value);
  }
  if (value.is_structured()) {
    for (Json& inner : value) inner = expanded(std::move(inner));
  }
  return value;
}

/// Members in any order are the same event.
bool same(const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (const auto& [name, value] : a.items()) {
      if (!b.contains(name) || !same(value, b.at(name))) return false;
    }
    return true;
  }
  if (a.is_array() && b.is_array()) return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
  return a.is_number_float() == b.is_number_float() && a == b;
}

class EcsctxVectors : public testing::Test {
 protected:
  void open(const Json& document) {
    auto environment = Environment::make(document.at("env").get<std::string>());
    ASSERT_TRUE(environment);
    const std::string keyset = document.at("keysets").at("A").dump();
    keys_ = {std::make_shared<kit::StaticProvider>(kit::keyset(keyset)), *environment, false};
    tokenizer_.emplace(keys_.provider, *environment);
  }

  /// What the engine makes of an event or a text.
  std::string mask(const std::string& event, const std::vector<std::string>& exempt_paths,
                   bool configured) const {
    PolicySpec spec = *PolicySpec::profile("ecsctx-compat");
    spec.ecsctx_exempt_paths = exempt_paths;
    auto policy = MaskPolicy::compile(std::move(spec));
    EXPECT_TRUE(policy) << policy.error().message();
    Masker masker(*std::move(policy), configured ? keys_ : MaskKeys{});
    std::string out;
    masker.mask_document(event, out);
    return out;
  }

  std::optional<Tokenizer> tokenizer_;
  MaskKeys keys_;
};

kit::EcsctxSetup setup_of(const Json& config, const Tokenizer& tokenizer) {
  kit::VectorFile::expect_known(config, {"pii", "exempt_paths", "env_exempt"}, "config");
  kit::EcsctxSetup setup;
  if (config.at("pii") == "configured") setup.tokenizer = &tokenizer;
  if (!config.at("exempt_paths").is_null()) {
    for (const auto& path : config.at("exempt_paths")) {
      if (path != "") setup.exempt_paths.push_back(path);
    }
  } else if (!config.at("env_exempt").is_null()) {
    setup.exempt_paths = kit::split_exempt_paths(config.at("env_exempt").get_ref<const std::string&>());
  }
  return setup;
}

TEST_F(EcsctxVectors, MaskingAgrees) {
  const Json document = read_exact("masking");
  ASSERT_NO_FATAL_FAILURE(open(document));
  int rows = 0;
  for (const Json& row : document.at("rows")) {
    kit::VectorFile::expect_known(row, {"id", "event_in", "config", "event_out", "passes", "note"}, "row");
    const kit::EcsctxSetup setup = setup_of(row.at("config"), *tokenizer_);
    Json event = expanded(row.at("event_in"));
    for (int pass = row.value("passes", 1); pass > 0; --pass)
      event = kit::mask_ecsctx_event(std::move(event), setup);
    const Json expected = expanded(row.at("event_out"));
    EXPECT_TRUE(same(event, expected))
        << row.at("id") << "\n  have " << kit::dump_exact(event) << "\n  want " << kit::dump_exact(expected);
    ++rows;
  }
  EXPECT_EQ(rows, 276);
}

TEST_F(EcsctxVectors, TheMaskersEventsAgree) {
  const Json document = read_exact("masking");
  ASSERT_NO_FATAL_FAILURE(open(document));
  for (const Json& row : document.at("rows")) {
    const kit::EcsctxSetup setup = setup_of(row.at("config"), *tokenizer_);
    std::string event = kit::dump_exact(expanded(row.at("event_in")));
    for (int pass = row.value("passes", 1); pass > 0; --pass) {
      event = mask(event, setup.exempt_paths, setup.tokenizer != nullptr);
    }
    const Json expected = expanded(row.at("event_out"));
    const auto masked = kit::parse_exact(event);
    EXPECT_TRUE(masked && same(*masked, expected))
        << row.at("id") << "\n  have " << event << "\n  want " << kit::dump_exact(expected);
  }
}

TEST_F(EcsctxVectors, TheMaskersTextsAgree) {
  const Json document = read_exact("scrub");
  ASSERT_NO_FATAL_FAILURE(open(document));
  for (const Json& row : document.at("rows")) {
    const Json event{{"payload", {kit::VectorFile::text(row.at("text"))}}};
    const Json expected{{"payload", {kit::VectorFile::text(row.at("out"))}}};
    const auto masked = kit::parse_exact(mask(event.dump(), {}, true));
    EXPECT_TRUE(masked && same(*masked, expected)) << row.at("id");
  }
}

TEST_F(EcsctxVectors, ScrubbingAgrees) {
  const Json document = read_exact("scrub");
  ASSERT_NO_FATAL_FAILURE(open(document));
  int rows = 0;
  const kit::EcsctxSetup setup{.tokenizer = &*tokenizer_};
  for (const Json& row : document.at("rows")) {
    kit::VectorFile::expect_known(row, {"id", "text", "out", "note"}, "row");
    const std::string text = kit::VectorFile::text(row.at("text"));
    EXPECT_EQ(kit::scrub_ecsctx_text(text, setup), kit::VectorFile::text(row.at("out"))) << row.at("id");
    ++rows;
  }
  EXPECT_EQ(rows, 512);
}

}  // namespace
}  // namespace pii
