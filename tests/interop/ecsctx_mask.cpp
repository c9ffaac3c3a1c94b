// Masks events as the Python package ecsctx does, for masking_differential.py.
// usage: ecsctx_mask KEYSET ENVIRONMENT < lines > lines
// A line in: {"event": …, "exempt_paths": […], "configured": true}. A line out: the masked event.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "kit/ecsctx_event.hpp"
#include "kit/exact_json.hpp"
#include "kit/static_provider.hpp"

int main(int count, char** arguments) {
  if (count != 3) {
    std::fputs("usage: ecsctx_mask KEYSET ENVIRONMENT\n", stderr);
    return 2;
  }
  std::ifstream file(arguments[1]);
  const std::string document{std::istreambuf_iterator<char>(file), {}};
  auto environment = pii::Environment::make(arguments[2]);
  if (!environment) return 2;
  const pii::Tokenizer tokenizer(std::make_shared<pii::kit::StaticProvider>(pii::kit::keyset(document)),
                                 *environment);

  std::string line;
  while (std::getline(std::cin, line)) {
    auto task = pii::kit::parse_exact(line);
    if (!task) {
      std::fprintf(stderr, "a line is not JSON: %s\n", line.c_str());
      return 3;
    }
    pii::kit::EcsctxSetup setup;
    if (task->at("configured")) setup.tokenizer = &tokenizer;
    for (const auto& path : task->at("exempt_paths")) setup.exempt_paths.push_back(path);
    std::cout << pii::kit::dump_exact(pii::kit::mask_ecsctx_event(std::move(task->at("event")), setup))
              << '\n';
  }
}
