// ecsctx's rows of placed fields and of whole lines: every one agrees or stands in a class of docs/logging.md.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "encode/encoder.hpp"
#include "kit/masking.hpp"
#include "kit/vector_file.hpp"
#include "unit/logging/vector_events.hpp"

namespace {

using namespace pii::log;
using pii::kit::Json;
using pii::kit::VectorFile;

Json placed(const Object& fields, const RootFields& root, std::vector<std::string>& warnings, std::uint32_t& conflicts) {
  EventTree tree;
  tree.clear(&root);
  tree.add(fields);
  tree.validate(false, [&](std::string_view name, const ValueRef&) { warnings.emplace_back(name); });
  conflicts = tree.conflicts();
  std::string text = "{";
  write_members(tree, EventTree::kRootNode, false, nullptr, text);
  return Json::parse(text + "}");
}

TEST(ReshapeVectors, EveryRowAgreesOrIsInAClass) {
  const VectorFile file("reshape", {"note"});
  std::map<std::string, int> classes;
  int agree = 0;
  for (const auto& row : file.rows()) {
    VectorFile::expect_known(row, {"id", "event_in", "config", "event_out", "warnings", "note"}, row["id"]);
    // The peer's `event` is the message; here it is no field.
    Json in = row["event_in"];
    Json out = row["event_out"];
    if (in.contains("event") && in["event"].is_string()) {
      in.erase("event");
      out.erase("event");
    }
    std::vector<std::string> more;
    const Json& config = row["config"];
    if (!config["root_fields"].is_null()) more = config["root_fields"].get<std::vector<std::string>>();
    if (config["root_fields"].is_null() && !config["env_root_fields"].is_null()) {
      more = split_names(config["env_root_fields"].get<std::string>());
    }
    std::vector<std::string> warned;
    std::uint32_t conflicts = 0;
    const Json ours = placed(*pii::kit::to_value(in).object(), RootFields(more), warned, conflicts);
    std::vector<std::string> expected;
    for (const auto& text : row["warnings"]) {
      const std::string warning = text;
      const std::size_t start = warning.find('\'') + 1;
      expected.push_back(warning.substr(start, warning.find('\'', start) - start));
    }
    if (pii::kit::unordered(ours) == pii::kit::unordered(pii::kit::nested(out))) {
      ++agree;
      EXPECT_EQ(warned, expected) << row.dump();
    } else if (in.contains("message")) {
      EXPECT_EQ(ours["extra"]["message"], in["message"]);
      ++classes["a field called message"];
    } else if (row["id"] == "reshape-0087" || row["id"] == "reshape-0095") {
      ++classes["a dotted key goes where its first part goes"];
    } else {
      ADD_FAILURE() << row.dump() << "\nours: " << ours.dump();
    }
  }
  const std::map<std::string, int> expected_classes = {
      {"a dotted key goes where its first part goes", 1}, {"a field called message", 2}};
  EXPECT_EQ(classes, expected_classes);
  EXPECT_EQ(agree, 54);
}

constexpr auto kNow = [] {
  using namespace std::chrono;
  return system_clock::time_point(sys_days(year(2025) / 1 / 13)) + 10h + 30min + 123ms;
};

TEST(EcsLineVectors, EveryRowAgreesOrIsInAClass) {
  const VectorFile file("ecs_line", {"keysets", "keyset", "pii_env", "now", "note"});
  std::map<std::string, int> classes;
  int agree = 0;
  for (const auto& row : file.rows()) {
    VectorFile::expect_known(row, {"id", "event", "method", "context", "cid", "structlog_contextvars", "env", "line", "warnings", "note",
                                   "error"}, row["id"]);
    Configuration configuration;
    configuration.validation = Validation::warn;
    configuration.service_name = row["env"].value("SERVICE_TYPE", "app");
    configuration.service_version = row["env"].value("APP_VERSION", "0.0.0");
    configuration.project = row["env"].value("PROJECT_NAME", "connect");

    Json fields = row["event"];
    const std::string name = fields["event"].is_string() ? fields["event"].get<std::string>() : fields["event"].dump();
    const bool odd_name = !fields["event"].is_string();
    fields.erase("event");
    const Value values = pii::kit::to_value(fields);
    std::vector<Field> list;
    for (const auto& [key, value] : values.object()->members()) list.push_back({key, value});
    // structlog's own context is what a logger has bound, but weaker than the context: bind it first.
    std::vector<ContextEntry> all;
    all.emplace_back(ContextEntry::Part::extra, pii::kit::to_value(row["structlog_contextvars"]));
    const auto named = pii::kit::entries(row["context"]);
    const std::string cid = row["cid"].is_null() ? "" : row["cid"].get<std::string>();
    const pii::trace::Correlation found = pii::trace::parse_correlation(cid);
    if (found.span) all.push_back(current_span({found.span->trace_id, {}, 1, {}}));
    const Context context = Context().with(all).with(named);

    Event event;
    event.time = kNow();
    const std::string method = row["method"];
    event.level = parse_level(method == "exception" ? "error" : method).value_or(Level::info);
    event.name = name;
    event.fields = list;
    event.context = &context;
    EventTree tree;
    std::string line;
    const EncodingNotes notes = Encoder(configuration).ecs(event, tree, nullptr, line);
    const Json ours = Json::parse(line);
    if (row.contains("error")) {
      EXPECT_EQ(ours["message"], name);
      ++classes["the line is kept"];
      continue;
    }
    const Json theirs = Json::parse(row["line"].get<std::string>());
    EXPECT_EQ(line.substr(0, 39), row["line"].get<std::string>().substr(0, 39)) << "@timestamp comes first";
    EXPECT_LE(row["warnings"].size(), notes.warnings) << row.dump();
    // Masking changes none of them but one: an address is personal.
    EXPECT_EQ(pii::kit::TestMasker("default").lines(line) == line, row["id"] != "ecs_line-0058") << line;
    if (pii::kit::unordered(ours) == pii::kit::unordered(theirs)) {
      ++agree;
    } else if (odd_name) {
      ++classes["a name is a text"];
    } else if (ours["log.level"] != theirs["log.level"]) {
      ++classes["six levels"];
    } else if (fields.contains("message")) {
      EXPECT_EQ(ours["extra"]["message"], fields["message"]);
      ++classes["a field called message"];
    } else if (fields.contains("labels")) {
      ++classes["label names are flat"];
    } else {
      ADD_FAILURE() << row.dump() << "\nours: " << ours.dump();
    }
  }
  const std::map<std::string, int> expected_classes = {{"a field called message", 1}, {"a name is a text", 3},
                                                       {"label names are flat", 1}, {"six levels", 2}, {"the line is kept", 1}};
  EXPECT_EQ(classes, expected_classes);
  EXPECT_EQ(agree, 23);
}

}  // namespace
