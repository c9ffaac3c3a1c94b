#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "kit/masking.hpp"
#include "kit/temporary_folder.hpp"
#include "pii/logging/log.hpp"

namespace pii::kit {

inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  std::string text(in ? static_cast<std::size_t>(in.tellg()) : 0, '\0');
  in.seekg(0);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

inline log::Session start(log::Configuration configuration) {
  auto session = log::init(std::move(configuration));
  if (!session) {
    std::fputs(("the test cannot log: " + session.error().message() + "\n").c_str(), stderr);
    std::abort();
  }
  return *std::move(session);
}

/// A session that logs to files of a folder of its own, in every format, with the test keyset.
class LoggingSession {
 public:
  explicit LoggingSession(log::Configuration configuration = {}, Keys keys = Keys::all)
      : session_(start(prepared(std::move(configuration), keys))) {}

  log::Session& session() { return session_; }
  std::string text(const std::string& name = "ecs") {
    session_.flush(std::chrono::seconds(1));
    return read_file(folder_ / name);
  }
  std::vector<nlohmann::ordered_json> events(const std::string& name = "ecs") {
    std::vector<nlohmann::ordered_json> all;
    const std::string lines = text(name);
    for (std::size_t at = 0, end; (end = lines.find('\n', at)) != std::string::npos; at = end + 1) {
      all.push_back(nlohmann::ordered_json::parse(lines.substr(at, end - at)));
    }
    return all;
  }
  nlohmann::ordered_json last(const std::string& name = "ecs") {
    auto all = events(name);
    return all.empty() ? nlohmann::ordered_json() : all.back();
  }

 private:
  log::Configuration prepared(log::Configuration configuration, Keys keys) {
    configuration.outputs = {log::file(folder_ / "ecs"), log::file(folder_ / "flat", {}, log::Format::flat),
                             log::file(folder_ / "pretty", {}, log::Format::pretty)};
    if (keys == Keys::all) configuration.keys = {masking_provider(), test_environment(), false};
    return configuration;
  }

  TemporaryFolder folder_;
  log::Session session_;
};

}  // namespace pii::kit
