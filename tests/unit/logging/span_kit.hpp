#pragma once

#include <mutex>
#include <sstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "unit/logging/logging_session.hpp"

namespace pii::kit {

/// Keeps lines, as an exporter of spans is handed them.
class KeepingSink final : public log::Sink {
 public:
  void write(const log::MaskedLine& line) noexcept override {
    const std::lock_guard lock(mutex_);
    text_ += line.text();
    ++counts_.accepted;
    ++counts_.written;
  }
  bool flush(std::chrono::milliseconds) noexcept override { return true; }
  log::SinkCounts counts() const noexcept override {
    const std::lock_guard lock(mutex_);
    return counts_;
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
  log::SinkCounts counts_;
};

inline std::vector<nlohmann::json> json_lines(const std::string& text) {
  std::vector<nlohmann::json> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
  return all;
}

/// A session whose events and spans are kept.
class SpanSession {
 public:
  explicit SpanSession(Keys keys = Keys::all, log::Configuration configuration = {})
      : events_(std::make_shared<KeepingSink>()), spans_(std::make_shared<KeepingSink>()),
        session_(start(with_sinks(std::move(configuration), keys))) {}

  std::vector<nlohmann::json> spans() const { return json_lines(spans_->text()); }
  std::vector<nlohmann::json> events() const { return json_lines(events_->text()); }
  std::string text() const { return spans_->text(); }
  std::string event_text() const { return events_->text(); }

 private:
  log::Configuration with_sinks(log::Configuration configuration, Keys keys) const {
    configuration.outputs = {log::Output{events_}};
    configuration.spans = spans_;
    if (keys == Keys::all) configuration.keys = {masking_provider(), test_environment(), false};
    return configuration;
  }
  std::shared_ptr<KeepingSink> events_;
  std::shared_ptr<KeepingSink> spans_;
  log::Session session_;
};

}  // namespace pii::kit
