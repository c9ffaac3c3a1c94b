// ecsctx's rows of contexts and of jobs: every one agrees or stands in a class of docs/logging.md, "Differences from ecsctx".
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "kit/vector_file.hpp"
#include "pii/logging/job.hpp"
#include "unit/logging/vector_events.hpp"

namespace {

using namespace pii::log;
using pii::kit::Json;
using pii::kit::VectorFile;

Json wire_fields(const Context& context) {
  static const Context::Data kNothing{};
  const Context::Data& data = context.data() == nullptr ? kNothing : *context.data();
  Json fields;
  for (std::size_t i = 0; i < kNamedFields.size(); ++i) fields[std::string(kNamedFields[i].wire)] = pii::kit::to_json(data.named[i]);
  fields["extra"] = pii::kit::to_json(Value(data.extra));
  fields["labels"] = pii::kit::to_json(Value(data.labels));
  return fields;
}

Json event_of(const Context& context) { return pii::kit::to_json(Value(context.to_ecs())); }

bool has_nested_label(const Json& labels) {
  for (const auto& [name, value] : labels.items()) {
    if (value.is_structured() || value.is_null()) return true;
  }
  return false;
}

TEST(ContextVectors, EveryRowAgreesOrIsInAClass) {
  const VectorFile file("context", {"note"});
  std::map<std::string, int> classes;
  int agree = 0;
  for (const auto& row : file.rows()) {
    VectorFile::expect_known(row, {"id", "merges", "fields", "to_dict", "note", "error"}, row["id"]);
    Context context;
    for (const auto& merge : row["merges"]) context = context.with(pii::kit::entries(merge));
    if (row.contains("error")) {
      EXPECT_EQ(event_of(context), Json::object()) << row.dump();
      ++classes["no object: ignored"];
      continue;
    }
    EXPECT_EQ(pii::kit::unordered(wire_fields(context)), pii::kit::unordered(row["fields"])) << row.dump();
    const auto ours = pii::kit::unordered(event_of(context));
    if (ours == pii::kit::unordered(row["to_dict"])) {
      ++agree;
    } else if (has_nested_label(row["fields"]["labels"])) {
      Json without = row["to_dict"];
      without.erase("labels");
      Json rest = event_of(context);
      for (const auto& [name, value] : rest["labels"].items()) EXPECT_TRUE(value.is_primitive() && !value.is_null());
      rest.erase("labels");
      EXPECT_EQ(pii::kit::unordered(rest), pii::kit::unordered(without)) << row.dump();
      ++classes["labels: JSON text"];
    } else if (row["fields"]["extra"].contains("payment")) {
      EXPECT_EQ(ours["payment"]["x"], 1);
      EXPECT_EQ(ours["payment"]["orn"], "o");
      ++classes["extra merges with the named fields"];
    } else {
      ADD_FAILURE() << row.dump() << "\nours: " << ours.dump();
    }
  }
  const std::map<std::string, int> expected = {
      {"extra merges with the named fields", 1}, {"labels: JSON text", 14}, {"no object: ignored", 4}};
  EXPECT_EQ(classes, expected);
  EXPECT_EQ(agree, 44);
}

// What the peer's task or job would have had bound before.
Json capture_row(const Json& row, std::map<std::string, int>& classes) {
  std::vector<ContextEntry> all = pii::kit::entries(row["context"]);
  const std::string cid = row["cid"].is_null() ? "" : row["cid"].get<std::string>();
  const pii::trace::Correlation found = pii::trace::parse_correlation(cid);
  if (found.trace_id) all.push_back(current_span(found.span.value_or(pii::trace::SpanContext{*found.trace_id, {}, 1, {}})));
  if (!found.correlation_id.empty()) all.push_back(correlation_id(found.correlation_id));
  const ScopedContext scope(Context().with(all));
  const auto snapshot = job::capture();
  if (!snapshot) return nullptr;
  Json payload = Json::parse(snapshot->to_json());
  if (found.span) {
    EXPECT_EQ(payload["traceparent"], cid);
    ++classes["traceparent beside trace_id"];
    payload.erase("traceparent");
  }
  return payload;
}

TEST(PropagationVectors, CaptureAgrees) {
  const VectorFile file("propagation", {"celery_header_key", "rq_kwarg_key"});
  std::map<std::string, int> classes;
  EXPECT_EQ(file["celery_header_key"], job::kCeleryKey);
  EXPECT_EQ(file["rq_kwarg_key"], job::kRqKey);
  for (const auto& row : file.rows()) {
    VectorFile::expect_known(row, {"id", "op", "context", "cid", "payload", "task", "job_id", "kwargs_seen_by_job", "session_id_after",
                                   "to_dict", "error", "note"}, row["id"]);
    if (row["op"] != "capture") continue;
    const Json ours = capture_row(row, classes);
    if (row["payload"].is_null()) {
      EXPECT_TRUE(ours.is_null()) << row.dump();
    } else {
      EXPECT_EQ(pii::kit::unordered(ours), pii::kit::unordered(row["payload"])) << row.dump();
    }
  }
  EXPECT_EQ(classes["traceparent beside trace_id"], 6);
}

TEST(PropagationVectors, RestoreAgreesOrIsInAClass) {
  const VectorFile file("propagation", {"celery_header_key", "rq_kwarg_key"});
  std::map<std::string, int> classes;
  int agree = 0;
  for (const auto& row : file.rows()) {
    if (row["op"] == "capture") continue;
    const ScopedContext before(session_id("before"));
    pii::log::job::Info info;
    const bool task = row.contains("task") && row["task"].is_object();
    const bool job = row.contains("job_id") && row["job_id"].is_string();
    const std::string id = task ? row["task"].value("id", "") : job ? row.value("job_id", "") : "";
    const std::string name = task ? row["task"].value("name", "") : "";
    info.system = row["op"] == "restore_celery" ? "celery" : "rq";
    info.id = id;
    info.name = name;
    const bool nothing = !row.contains("payload") || row["payload"].empty() || row["payload"].is_null();
    const auto snapshot = pii::log::job::parse(nothing ? "{}" : row["payload"].dump());
    ASSERT_TRUE(snapshot) << row.dump();
    Json ours;
    {
      const pii::log::job::Scope scope(*snapshot, info);
      ours = event_of(current_context());
      EXPECT_TRUE(current_context().span().valid());
    }
    EXPECT_EQ(event_of(current_context())["session_id"], "before") << "restored";
    EXPECT_EQ(ours["span"]["id"].dump().size(), 18u) << row.dump() << ours.dump();
    if (row.contains("error")) {
      ++classes["a bad member is ignored"];
      continue;
    }
    Json expected = row["to_dict"];
    // Ours always has a trace and a span of 16 digits.
    if (!expected.contains("trace")) {
      ours.erase("trace");
      ++classes["always a trace"];
    }
    expected["span"] = ours["span"];
    if (expected.contains("session_id") && expected["session_id"] == "before") {
      expected.erase("session_id");
      ++classes["nothing of the worker's"];
      if (task) expected["celery_task"] = row["task"];
    }
    if (row["to_dict"].contains("labels") && has_nested_label(row["payload"]["ctx"]["labels"])) ++classes["labels: JSON text"];
    EXPECT_EQ(pii::kit::unordered(ours), pii::kit::unordered(expected)) << row.dump();
    ++agree;
  }
  const std::map<std::string, int> expected = {
      {"a bad member is ignored", 4}, {"always a trace", 10}, {"labels: JSON text", 1}, {"nothing of the worker's", 3}};
  EXPECT_EQ(classes, expected);
  EXPECT_EQ(agree, 17);
}

}  // namespace
