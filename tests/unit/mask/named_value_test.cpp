// Members that others name: docs/masking.md section 3.
#include "mask/named_value.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kit/masking.hpp"

namespace pii {
namespace {

struct Case {
  const char* event;
  const char* masked;
};

TEST(NamedValue, IsDecidedByTheNameBeside) {
  constexpr Case kCases[] = {
      {R"({"env":[{"name":"DB_PASSWORD","value":"hunter2"},{"name":"LEVEL","value":"debug"}]})", R"({"env":[{"name":"DB_PASSWORD","value":"[SECRET]"},{"name":"LEVEL","value":"debug"}]})"},
      {R"({"l":{"Key":"api_key","Value":12345678}})", R"({"l":{"Key":"api_key","Value":"[SECRET]"}})"},
      {R"({"value":"hunter2","type":1,"name":"password"})", R"({"value":"[SECRET]","type":1,"name":"password"})"},
      {R"({ "k" : "pass\u0077ord" , "v" : "hunter2" })", R"({ "k" : "pass\u0077ord" , "v" : "[SECRET]" })"},
      {R"({"n\u0061me":"password","valu\u0065":"hunter2"})", R"({"n\u0061me":"password","valu\u0065":"[SECRET]"})"},
      {R"({"field":"password","rejectedValue":"hunter2"})", R"({"field":"password","rejectedValue":"[SECRET]"})"},
      {R"({"headers":[{"name":"Cookie","value":"sid=abc; a=b"}]})", R"({"headers":[{"name":"Cookie","value":"sid=[COOKIE]; a=[COOKIE]"}]})"},
      {R"({"key":"password","values":["hunter2","x"]})", R"({"key":"password","values":["[SECRET]","[SECRET]"]})"},
      // As OpenTelemetry and Avro write values.
      {R"({"key":"password","value":{"stringValue":"hunter2"}})", R"({"key":"password","value":{"stringValue":"[SECRET]"}})"},
      {R"({"key":"password","value":{"arrayValue":{"values":[{"string_value":"hunter2"}]}}})", R"({"key":"password","value":{"arrayValue":{"values":[{"string_value":"[SECRET]"}]}}})"},
      {R"({"password":{"string":"hunter2"}})", R"({"password":{"string":"[SECRET]"}})"},
      {R"({"b":"{\"key\":\"password\",\"value\":\"hunter2\"}"})", R"({"b":"{\"key\":\"password\",\"value\":\"[SECRET]\"}"})"},
      // The nearest name counts, those before first; a container parts.
      {R"({"name":"password","key":"color","value":"red"})", R"({"name":"password","key":"color","value":"red"})"},
      {R"({"key":"color","value":"red","header":"password"})", R"({"key":"color","value":"red","header":"password"})"},
      {R"({"key":"password","meta":{},"value":"red"})", R"({"key":"password","meta":{},"value":"red"})"},
      {R"({"key":1,"value":"red"})", R"({"key":1,"value":"red"})"},
      // No name: what was masked, and what no key is like.
      {R"({"key":"[PASSWORD]","value":"red"})", R"({"key":"[PASSWORD]","value":"red"})"},
      {R"({"key":"password:","value":"red"})", R"({"key":"password:","value":"red"})"},
      {R"({"name":"password","v":1})", R"({"name":"password","v":1})"},
      {R"({"name":"password","a":1,"b":1,"c":1,"d":1,"value":1})", R"({"name":"password","a":1,"b":1,"c":1,"d":1,"value":1})"},
      {R"(["password","value"])", R"(["password","value"])"},
      {R"({"key":"password","values_of":"red"})", R"({"key":"password","values_of":"red"})"},
  };
  kit::TestMasker masker("default");
  for (int again = 0; again < 2; ++again) {
    for (const Case& one : kCases) {
      EXPECT_EQ(masker.event(one.event), one.masked) << again;
      EXPECT_EQ(masker.event(one.masked), one.masked) << again;
    }
  }
}

// Events of a known shape are not walked: such are not learned.
TEST(NamedValue, TheNextEventOfTheShapeHasItsOwnName) {
  kit::TestMasker masker("default");
  for (int i = 0; i < 5; ++i) {
    for (const char* colour : {R"({"a":1,"name":"[password]","value":"red"})", R"({"a":1,"name":"","value":"red"})", R"({"a":1,"name":"colour","value":"red"})", R"({"value":"red","name":"colour"})"}) EXPECT_EQ(masker.event(colour), colour);
  }
  EXPECT_EQ(masker.event(R"({"a":1,"name":"password","value":"red"})"), R"({"a":1,"name":"password","value":"[SECRET]"})");
  EXPECT_EQ(masker.event(R"({"value":"red","name":"password"})"), R"({"value":"[SECRET]","name":"password"})");
}

// More names than an object has places, and than the table has.
TEST(NamedValue, ThereMayBeManyNames) {
  kit::TestMasker masker("default");
  std::string event = "[", masked = "[";
  for (int i = 0; i < 20000; ++i) {
    const std::string name = (i % 2 == 0 ? "password_" : "colour_") + std::to_string(i);
    const std::string begin = (i == 0 ? R"({"key":")" : R"(,{"key":")") + name + R"(","value":)";
    event += begin + R"("red"})";
    masked += begin + (i % 2 == 0 ? R"("[SECRET]"})" : R"("red"})");
  }
  EXPECT_EQ(masker.lines(event + "]"), masked + "]");
}

TEST(NamedValue, PathsOfThePolicyDecideBefore) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.paths = {{.path = "**.value", .exempt = PathRule::Exempt::keys}};
  kit::TestMasker masker(std::move(spec));
  EXPECT_EQ(masker.event(R"({"key":"password","value":"red"})"), R"({"key":"password","value":"red"})");
  EXPECT_EQ(masker.event(R"({"key":"password","val":"red"})"), R"({"key":"password","val":"[SECRET]"})");
}

TEST(NamedValue, TheListenerHearsTheName) {
  kit::TestMasker masker("default");
  kit::RecordingListener listener;
  masker.set_listener(&listener);
  static_cast<void>(masker.event(R"({"env":[{"name":"colour","value":"red"},{"name":"password","value":"red"}]})"));
  EXPECT_EQ(listener.findings, std::vector<std::string>{"secret env[*].password a"});
}

}  // namespace
}  // namespace pii
