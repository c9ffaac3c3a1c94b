// The cases of the W3C validation suite (trace-context, test/test.py), restated, and what is ours.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <string>

#include "pii/logging/trace.hpp"

namespace {

using namespace pii::trace;

const std::string kTrace = "12345678901234567890123456789012";
const std::string kParent = "1234567890123456";
const std::string kGood = "00-" + kTrace + "-" + kParent + "-01";

std::string traceparent(const std::string& version, const std::string& trace, const std::string& parent,
                        const std::string& flags) {
  return version + "-" + trace + "-" + parent + "-" + flags;
}

TEST(Traceparent, GoodIsReadAndWrittenAgain) {
  const auto context = parse(kGood);
  ASSERT_TRUE(context);
  EXPECT_EQ(to_string(context->trace_id), kTrace);
  EXPECT_EQ(to_string(context->span_id), kParent);
  EXPECT_TRUE(context->sampled());
  EXPECT_EQ(to_traceparent(*context), kGood);
}

TEST(Traceparent, Version00EndsWithTheFlags) {
  EXPECT_FALSE(parse(kGood + "."));
  EXPECT_FALSE(parse(kGood + "-what-the-future-will-be-like"));
}

TEST(Traceparent, LaterVersionsAreReadByTheirPrefix) {
  EXPECT_TRUE(parse(traceparent("cc", kTrace, kParent, "01")));
  EXPECT_TRUE(parse(traceparent("cc", kTrace, kParent, "01-what-the-future-will-be-like")));
  EXPECT_FALSE(parse(traceparent("cc", kTrace, kParent, "01.what-the-future-will-not-be-like")));
  EXPECT_EQ(to_traceparent(*parse(traceparent("cc", kTrace, kParent, "01-more"))), kGood) << "passed on as version 00";
}

TEST(Traceparent, BadVersionsAreRefused) {
  for (const char* version : {"ff", ".0", "0.", "000", "0000", "0", "", "0G", "FF", "CC"}) {
    EXPECT_FALSE(parse(traceparent(version, kTrace, kParent, "01"))) << version;
  }
}

TEST(Traceparent, BadTraceIdsAreRefused) {
  for (const char* id : {"00000000000000000000000000000000", ".2345678901234567890123456789012", "1234567890123456789012345678901.",
                         "123456789012345678901234567890123", "1234567890123456789012345678901", "",
                         "1234567890ABCDEF7890123456789012"}) {
    EXPECT_FALSE(parse(traceparent("00", id, kParent, "01"))) << id;
  }
}

TEST(Traceparent, BadParentIdsAreRefused) {
  for (const char* id : {"0000000000000000", ".234567890123456", "123456789012345.", "12345678901234567", "123456789012345", "",
                         "1234567890ABCDEF"}) {
    EXPECT_FALSE(parse(traceparent("00", kTrace, id, "01"))) << id;
  }
}

TEST(Traceparent, BadFlagsAreRefused) {
  for (const char* flags : {".0", "0.", "001", "1", "", "0G", "0A"}) {
    EXPECT_FALSE(parse(traceparent("00", kTrace, kParent, flags))) << flags;
  }
}

TEST(Traceparent, BlanksAroundTheHeaderAreForgiven) {
  for (const std::string& header : {" " + kGood, "\t" + kGood, kGood + " ", kGood + "\t", "\t " + kGood + "\t "}) {
    EXPECT_TRUE(parse(header));
  }
  EXPECT_FALSE(parse(kGood + "\n"));
  EXPECT_FALSE(parse("00- " + kTrace + "-" + kParent + "-01"));
}

TEST(Traceparent, TwoHeadersJoinedAreRefused) { EXPECT_FALSE(parse(kGood + "," + kGood)); }

TEST(Traceparent, KnownFlagsArePassedOnAndOthersAreNot) {
  EXPECT_EQ(to_traceparent(*parse(traceparent("00", kTrace, kParent, "03"))), traceparent("00", kTrace, kParent, "03"));
  EXPECT_EQ(to_traceparent(*parse(traceparent("00", kTrace, kParent, "ff"))), traceparent("00", kTrace, kParent, "03"));
  EXPECT_EQ(parse(traceparent("00", kTrace, kParent, "fe"))->sampled(), false);
}

TEST(Traceparent, InvalidContextHasNoHeader) {
  EXPECT_EQ(to_traceparent({}), "");
  EXPECT_EQ(to_traceparent({*parse_trace_id(kTrace), {}, 1, {}}), "");
}

std::string passed_on(const std::string& header) {
  const auto context = parse(kGood, header);
  return context ? context->state.to_string() : "no context";
}

TEST(Tracestate, IsPassedOnInItsOrder) {
  EXPECT_EQ(passed_on("foo=1,bar=2"), "foo=1,bar=2");
  EXPECT_EQ(passed_on(""), "");
  EXPECT_EQ(passed_on("foo=1,"), "foo=1");
  EXPECT_EQ(passed_on(",,foo=1, ,bar=2"), "foo=1,bar=2");
}

TEST(Tracestate, BlanksAroundMembersAreLeftOut) {
  EXPECT_EQ(passed_on("foo=1 \t , \t bar=2, \t baz=3"), "foo=1,bar=2,baz=3");
  EXPECT_EQ(passed_on("foo=1\t \t,\t \tbar=2,\t \tbaz=3"), "foo=1,bar=2,baz=3");
  EXPECT_EQ(passed_on(" foo=1"), "foo=1");
  EXPECT_EQ(passed_on("foo= 1"), "foo= 1") << "a blank that begins a value belongs to it";
}

TEST(Tracestate, OfEqualKeysTheFirstStays) { EXPECT_EQ(passed_on("foo=1,foo=2,bar=3"), "foo=1,bar=3"); }

TEST(Tracestate, AllAllowedCharacters) {
  const std::string key = "a0123456789_-*/@z";
  std::string value;
  for (char c = 0x20; c <= 0x7E; ++c) {
    if (c != ',' && c != '=') value += c;
  }
  EXPECT_EQ(passed_on(key + "=" + value + "x"), key + "=" + value + "x");
}

TEST(Tracestate, ABadMemberDropsTheListAndKeepsTheTraceparent) {
  for (const char* header : {"foo =1", "FOO=1", "foo.bar=1", "@foo=1", "_foo=1", "foo", "foo=", "=1", "foo=bar=baz",
                                    "foo=,bar=3", "foo=\u00e9", "foo=a\tb"}) {
    EXPECT_EQ(passed_on(header), "") << header;
  }
}

TEST(Tracestate, Limits) {
  const std::string key(256, 'z');
  EXPECT_EQ(passed_on("foo=1," + key + "=1"), "foo=1," + key + "=1");
  EXPECT_EQ(passed_on("foo=1,z" + key + "=1"), "");
  const std::string value(256, 'v');
  EXPECT_EQ(passed_on("foo=" + value), "foo=" + value);
  EXPECT_EQ(passed_on("foo=v" + value), "");
  std::string list;
  for (int i = 0; i < 32; ++i) list += (i ? ",k" : "k") + std::to_string(i) + "=1";
  EXPECT_EQ(passed_on(list), list);
  EXPECT_EQ(passed_on(list + ",last=1"), "");
}

TEST(Tracestate, SetPutsInFront) {
  TraceState state = *TraceState::parse("a=1,b=2");
  EXPECT_TRUE(state.set("b", "3"));
  EXPECT_EQ(state.to_string(), "b=3,a=1");
  EXPECT_EQ(state.get("b"), "3");
  EXPECT_EQ(state.get("c"), "");
  EXPECT_FALSE(state.set("B", "3"));
  EXPECT_FALSE(state.set("b", "3 "));
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(state.set("k" + std::to_string(i), "v"));
  EXPECT_EQ(state.members().size(), 32u);
}

TEST(Tracestate, WithoutTraceparentItIsForgotten) { EXPECT_FALSE(parse("", "foo=1")); }

TEST(Ids, AreNewAndValid) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_TRUE(seen.insert(to_string(new_span_id())).second);
    EXPECT_TRUE(seen.insert(to_string(new_trace_id())).second);
  }
  const SpanContext root = new_root();
  const SpanContext child = new_child(root);
  EXPECT_EQ(child.trace_id, root.trace_id);
  EXPECT_NE(child.span_id, root.span_id);
  EXPECT_EQ(child.flags, kSampled | kRandom);
}

TEST(Ids, AChildProcessMakesOthersThanItsParent) {
  static_cast<void>(new_span_id());  // fills the buffer
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string id = to_string(new_span_id());
    const bool written = ::write(ends[1], id.data(), id.size()) == 16;
    ::_exit(written ? 0 : 1);
  }
  char text[16] = {};
  ASSERT_EQ(::read(ends[0], text, sizeof text), 16);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_NE(std::string(text, 16), to_string(new_span_id()));
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(Ids, SpanIdsAreAlsoReadFromUuids) {
  EXPECT_EQ(to_string(*parse_span_id("a1b2c3d4-e5f6-7890-abcd-ef1234567890")), "a1b2c3d4e5f67890");
  EXPECT_FALSE(parse_span_id("00000000-0000-0000-0000-ef1234567890"));
  EXPECT_FALSE(parse_span_id("a1b2c3d4ae5f6a7890aabcdaef1234567890"));
  EXPECT_FALSE(parse_span_id(""));
}

TEST(Correlation, WhatCannotBeAHeaderIsForgotten) {
  EXPECT_EQ(parse_correlation("req-42").correlation_id, "req-42");
  EXPECT_EQ(parse_correlation("a\r\nX: y").correlation_id, "");
  EXPECT_EQ(parse_correlation(std::string(129, 'a')).correlation_id, "");
  const Correlation broken = parse_correlation("00-" + kTrace + "-17-01");
  EXPECT_FALSE(broken.span);
  EXPECT_EQ(to_string(*broken.trace_id), kTrace);
}

}  // namespace
