// Spans: what they carry, who samples them, and that nothing personal leaves in them.
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "pii/logging/span.hpp"
#include "unit/logging/logging_session.hpp"
#include "unit/logging/span_kit.hpp"

namespace {

using namespace pii::trace;
using namespace pii::log;
using pii::kit::SpanSession;
using nlohmann::json;

TEST(Span, CarriesWhatWasSaid) {
  SpanSession session;
  const Tracer tracer;
  SpanContext outer_context, inner_context;
  {
    Span outer(tracer, "place_order", {.kind = Kind::server});
    outer_context = outer.context();
    EXPECT_EQ(current_context().span().span_id, outer.context().span_id);
    outer.set("order.item_count", 3).set(kv("paid", true)).set(kv("ids", array(1, 2)));
    outer.event("cache_miss", kv("key", "k1"));
    {
      Span inner(tracer, "charge", {.links = {outer.context()}});
      inner_context = inner.context();
      inner.record_exception(std::runtime_error("no money"));
      inner.set_error("no money");
    }
    EXPECT_EQ(current_context().span().span_id, outer.context().span_id);
  }
  EXPECT_FALSE(current_context().span().valid());
  const auto spans = session.spans();
  ASSERT_EQ(spans.size(), 2u);
  const json& inner = spans[0];
  const json& outer = spans[1];
  EXPECT_EQ(outer.at("message"), "place_order");
  EXPECT_EQ(outer.at("trace_id"), to_string(outer_context.trace_id));
  EXPECT_EQ(outer.at("kind"), 2);
  EXPECT_FALSE(outer.contains("parent_span_id"));
  EXPECT_EQ(outer.at("attributes"), json::parse(R"({"order.item_count":3,"paid":true,"ids":[1,2]})"));
  EXPECT_EQ(outer.at("events").at(0).at("message"), "cache_miss");
  EXPECT_EQ(outer.at("event_times").size(), 1u);
  EXPECT_LE(outer.at("start").get<std::uint64_t>(), outer.at("event_times").at(0).get<std::uint64_t>());
  EXPECT_LE(outer.at("event_times").at(0).get<std::uint64_t>(), outer.at("end").get<std::uint64_t>());
  EXPECT_EQ(inner.at("parent_span_id"), to_string(outer_context.span_id));
  EXPECT_EQ(inner.at("trace_id"), outer.at("trace_id"));
  EXPECT_EQ(inner.at("status"), 2);
  EXPECT_EQ(inner.at("status_message"), "no money");
  EXPECT_EQ(inner.at("events").at(0).at("attributes").at("exception.type"), "std::runtime_error");
  EXPECT_EQ(inner.at("links").at(0).at("span_id"), to_string(outer_context.span_id));
}

TEST(Span, AnExceptionThatPassesIsAnError) {
  SpanSession session;
  const Tracer tracer;
  try {
    const Span span(tracer, "work");
    throw std::runtime_error("x");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(session.spans().at(0).at("status"), 2);
}

TEST(Span, HasBounds) {
  SpanSession session;
  {
    Span span(Tracer(), "big");
    for (int i = 0; i < 200; ++i) {
      span.set("k" + std::to_string(i), i);
      span.event("e");
    }
  }
  const json span = session.spans().at(0);
  EXPECT_EQ(span.at("attributes").size(), 128u);
  EXPECT_EQ(span.at("events").size(), 128u);
  EXPECT_EQ(span.at("dropped_attributes"), 72);
  EXPECT_EQ(span.at("dropped_events"), 72);
}

TEST(Span, IsMaskedWhole) {
  const std::string mail = "grace.hopper@example.org", card = "4929123456789015";
  for (const auto keys : {pii::kit::Keys::all, pii::kit::Keys::none}) {
    SpanSession session(keys);
    {
      SpanOptions options;
      options.parent = parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=" + mail);
      Span span(Tracer(), "mail " + mail, std::move(options));
      span.set("note", "call or mail " + mail).set("customer_name", "Hedwig Lamarr").set(email("to", mail)).set(secret("pin", "Tr0ub4dor"));
      span.set(kv("nested", object(kv("cards", array(card))))).set("mail." + mail, 1);
      span.event("sent " + mail, kv("card", card));
      try {
        throw std::runtime_error("cannot mail " + mail);
      } catch (const std::exception& error) {
        span.record_exception(error);
        span.set_error(error.what());
      }
    }
    const std::string text = session.text();
    EXPECT_NE(text.find("0af7651916cd43dd8448eb211c80319c"), std::string::npos);
    for (const char* seed : {"grace.hopper", "4929123456789015", "Hedwig", "Tr0ub4dor"}) {
      EXPECT_EQ(text.find(seed), std::string::npos) << seed << " in " << text;
    }
    EXPECT_TRUE(json::accept(text)) << text;
  }
}

TEST(Span, WithoutASessionItGoesNowhere) {
  Span span(Tracer(), "nowhere");
  span.set("a", 1);
  span.end();
  span.end();
}

SamplingInput input_of(const TraceId& id, const SpanContext* parent = nullptr) {
  static const Object kNone;
  return {parent, id, "x", Kind::internal, kNone};
}

TEST(Sampler, RatioAgreesWithTheThresholdRule) {
  TraceId low, high;
  low.bytes = {1};
  high.bytes.fill(0xFF);
  for (const double rate : {0.0, 0.1, 0.5, 1.0}) {
    const auto by_ratio = sampler::ratio(rate);
    EXPECT_EQ(by_ratio->decide(input_of(high)) == Decision::sample, rate > 0) << rate;
    EXPECT_EQ(by_ratio->decide(input_of(low)) == Decision::sample, rate == 1.0) << rate;
    // The first id at the threshold is taken, the one before is not.
    const double threshold = std::round((1 - rate) * 0x1p56);
    if (rate == 0.5) {
      TraceId at;
      at.bytes[0] = 1;
      at.bytes[9] = 0x80;
      ASSERT_EQ(threshold, 0x1p55);
      EXPECT_EQ(by_ratio->decide(input_of(at)), Decision::sample);
      at.bytes[9] = 0x7F;
      at.bytes[15] = 0xFF;
      EXPECT_EQ(by_ratio->decide(input_of(at)), Decision::drop);
    }
    int taken = 0;
    for (int i = 0; i < 20'000; ++i) taken += by_ratio->decide(input_of(new_trace_id())) == Decision::sample ? 1 : 0;
    EXPECT_NEAR(taken / 20'000.0, rate, 0.015);
  }
  EXPECT_EQ(sampler::ratio(0.5, sampler::Ratio::legacy)->decide(input_of(low)), Decision::sample) << "the older rule takes low ids";
  EXPECT_EQ(sampler::ratio(0.1)->description(), "TraceIdRatioBased{0.1}");
}

TEST(Sampler, ParentBasedFollows) {
  const auto by_parent = sampler::parent_based(sampler::always_off());
  SpanContext parent = new_root();
  EXPECT_EQ(by_parent->decide(input_of(parent.trace_id, &parent)), Decision::sample);
  parent.flags = 0;
  EXPECT_EQ(by_parent->decide(input_of(parent.trace_id, &parent)), Decision::drop);
  EXPECT_EQ(by_parent->decide(input_of(parent.trace_id)), Decision::drop);
}

TEST(Sampler, TheFlagIsHonest) {
  SpanSession session;
  const Tracer tracer(sampler::always_off());
  const Span span(tracer, "x");
  EXPECT_FALSE(span.recording());
  EXPECT_FALSE(span.context().sampled());
  EXPECT_EQ(build_traceparent().substr(53), "02");
}

TEST(Sampler, KeepErrorsExportsTracesThatFail) {
  SpanSession session;
  const Tracer tracer(sampler::keep_errors(0));
  {
    const Span root(tracer, "good");
    const Span child(tracer, "child");
    EXPECT_FALSE(root.context().sampled());
  }
  EXPECT_TRUE(session.spans().empty());
  {
    const Span root(tracer, "bad_root");
    const Span early(tracer, "early");
    Span child(tracer, "bad_child");
    child.set_error("x");
  }
  EXPECT_EQ(session.spans().size(), 3u);
  {
    const Span root(tracer, "logs_an_error");
    get_logger("x").error("failed");
  }
  EXPECT_EQ(session.spans().size(), 4u);
  {
    const Span root(tracer, "logs_info");
    get_logger("x").info("fine");
  }
  EXPECT_EQ(session.spans().size(), 4u);
}

TEST(Sampler, OfTheEnvironment) {
  const auto name = [](const char* sampler, const char* arg) -> std::string {
    const auto found = sampler_from_environment([&](const char* variable) -> std::optional<std::string> {
      const std::string_view which = variable;
      const char* const value = which == "OTEL_TRACES_SAMPLER" ? sampler : which == "OTEL_TRACES_SAMPLER_ARG" ? arg : nullptr;
      return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    });
    return found ? (*found)->description() : "error";
  };
  EXPECT_EQ(name(nullptr, nullptr), "ParentBased{root:AlwaysOnSampler}");
  EXPECT_EQ(name("traceidratio", "0.25"), "TraceIdRatioBased{0.25}");
  EXPECT_EQ(name("parentbased_traceidratio", "0.1"), "ParentBased{root:TraceIdRatioBased{0.1}}");
  EXPECT_EQ(name("always_off", nullptr), "AlwaysOffSampler");
  EXPECT_EQ(name("keep_errors", "0.1"), "KeepErrors{0.1}");
  EXPECT_EQ(name("traceidratio", "2"), "error");
  EXPECT_EQ(name("jaeger_remote", nullptr), "error");
}

TEST(BufferedEndpoint, AttemptsAreChildrenOfTheReceiveSpan) {
  SpanSession session;
  const Tracer tracer;
  const std::string metadata = receive(tracer, "log_request_fail");
  for (std::uint32_t retries = 0; retries < 2; ++retries) {
    ProcessScope attempt(tracer, metadata, "LogRequestFailDTO", retries);
    EXPECT_EQ(build_traceparent(), to_traceparent(attempt.span().context()));
    attempt.success(retries == 1);
  }
  // The metadata is lost: the request's own key keeps it in the trace.
  { const ProcessScope attempt(tracer, "rubbish", "LogRequestFailDTO", 2, parse(metadata)); }
  const auto spans = session.spans();
  ASSERT_EQ(spans.size(), 4u);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(spans[i].at("message"), "LogRequestFailDTO.process");
    EXPECT_EQ(spans[i].at("parent_span_id"), spans[0].at("span_id"));
    EXPECT_EQ(spans[i].at("trace_id"), spans[0].at("trace_id"));
    EXPECT_EQ(spans[i].at("attributes").at("retries"), i - 1);
    EXPECT_EQ(spans[i].at("attributes").at("process.success"), i == 2);
  }
}

}  // namespace
