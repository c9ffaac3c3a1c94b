#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kit/static_provider.hpp"
#include "pii/masker.hpp"
#include "pii/tokenizer.hpp"

namespace pii::kit {

inline Environment test_environment() { return *Environment::make("prod"); }

inline std::shared_ptr<StaticProvider> masking_provider() {
  static const auto provider = std::make_shared<StaticProvider>(keyset(kTokenDocument), keyset(kRevealDocument));
  return provider;
}

/// The token that piictl tokenize would give.
inline std::string token(std::string_view field, std::string_view value) {
  const Tokenizer tokenizer(masking_provider(), test_environment());
  return std::string(tokenizer.tokenize(*FieldType::make(field), value)->view());
}

enum class Keys { all, none };

/// A masker of a profile or of a policy's data, with the test keyset.
class TestMasker {
 public:
  explicit TestMasker(std::string_view profile, Keys keys = Keys::all) : TestMasker(*PolicySpec::profile(profile), keys) {}
  explicit TestMasker(PolicySpec spec, Keys keys = Keys::all)
      : masker_(compiled(std::move(spec)),
                keys == Keys::all ? MaskKeys{masking_provider(), test_environment(), true} : MaskKeys{}) {}

  std::string lines(std::string_view text) {
    std::string out;
    masker_.mask_lines(text, out);
    return out;
  }
  std::string event(std::string_view text) { return lines(text); }
  const MaskCounts& counts() const { return masker_.counts(); }
  void set_listener(MaskListener* listener) { masker_.set_listener(listener); }

 private:
  static std::shared_ptr<const MaskPolicy> compiled(PolicySpec spec) {
    auto policy = MaskPolicy::compile(std::move(spec));
    if (!policy) {
      std::fputs(("the test's own policy does not compile: " + policy.error().message() + "\n").c_str(), stderr);
      std::abort();
    }
    return *std::move(policy);
  }

  Masker masker_;
};

/// Keeps what was found as `detector path shape`.
class RecordingListener final : public MaskListener {
 public:
  void on_finding(const MaskFinding& finding) override {
    findings.push_back(std::string(to_string(finding.detector)) + " " + std::string(finding.path) + " " +
                       std::string(finding.shape));
  }
  std::vector<std::string> findings;
};

}  // namespace pii::kit
