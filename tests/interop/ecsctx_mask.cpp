// Masks events as the Python package ecsctx does, for masking_differential.py.
// usage: ecsctx_mask rules|masker KEYSET ENVIRONMENT < lines > lines
// rules: the walk of tests/kit; masker: pii::Masker with the profile ecsctx-compat.
// Two lines in: {"exempt_paths": […], "configured": true} and the event. One line out: the masked event.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kit/ecsctx_event.hpp"
#include "kit/exact_json.hpp"
#include "kit/static_provider.hpp"
#include "pii/masker.hpp"

namespace {

using Settings = std::pair<std::vector<std::string>, bool>;

class EventMasker {
 public:
  EventMasker(bool with_masker, std::shared_ptr<pii::KeysetProvider> provider, pii::Environment environment)
      : with_masker_(with_masker), tokenizer_(provider, environment), keys_{provider, environment, false} {}

  std::string mask(const Settings& settings, const std::string& event) {
    const auto& [exempt_paths, configured] = settings;
    if (with_masker_) {
      std::string out;
      masker_for(settings).mask_lines(event, out);
      return out;
    }
    auto parsed = pii::kit::parse_exact(event);
    if (!parsed) return {};
    return pii::kit::dump_exact(pii::kit::mask_ecsctx_event(
        *std::move(parsed), {.tokenizer = configured ? &tokenizer_ : nullptr, .exempt_paths = exempt_paths}));
  }

 private:
  pii::Masker& masker_for(const Settings& settings) {
    if (const auto found = maskers_.find(settings); found != maskers_.end()) return found->second;
    pii::PolicySpec spec = *pii::PolicySpec::profile("ecsctx-compat");
    spec.ecsctx_exempt_paths = settings.first;
    auto policy = pii::MaskPolicy::compile(std::move(spec));
    if (!policy) {
      std::fprintf(stderr, "%s\n", policy.error().message().c_str());
      std::exit(3);
    }
    pii::Masker masker(*std::move(policy), settings.second ? keys_ : pii::MaskKeys{});
    return maskers_.emplace(settings, std::move(masker)).first->second;
  }

  bool with_masker_;
  pii::Tokenizer tokenizer_;
  pii::MaskKeys keys_;
  std::map<Settings, pii::Masker> maskers_;
};

}  // namespace

int main(int count, char** arguments) {
  const std::string how = count == 4 ? arguments[1] : "";
  if (how != "rules" && how != "masker") {
    std::fputs("usage: ecsctx_mask rules|masker KEYSET ENVIRONMENT\n", stderr);
    return 2;
  }
  std::ifstream file(arguments[2]);
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  auto environment = pii::Environment::make(arguments[3]);
  if (!environment) return 2;
  EventMasker masker(how == "masker", std::make_shared<pii::kit::StaticProvider>(pii::kit::keyset(document)),
                     *std::move(environment));
  std::string line;
  std::string event;
  while (std::getline(std::cin, line) && std::getline(std::cin, event)) {
    const auto settings = pii::kit::parse_exact(line);
    if (!settings) return 3;
    Settings key;
    for (const auto& path : settings->at("exempt_paths")) key.first.push_back(path);
    key.second = settings->at("configured");
    std::cout << masker.mask(key, event) << '\n';
  }
}
