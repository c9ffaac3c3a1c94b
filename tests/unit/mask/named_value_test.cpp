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
      {R"({"attributes":[{"key":"http.request.header.authorization","value":{"arrayValue":{"values":[{"stringValue":"Bearer abcdefgh"}]}}}]})",
       R"({"attributes":[{"key":"http.request.header.authorization","value":{"arrayValue":{"values":[{"stringValue":"Bearer ****"}]}}}]})"},
      // Any name that says something, with small containers between.
      {R"({"name":"password","key":"color","value":"red"})", R"({"name":"password","key":"color","value":"[SECRET]"})"},
      {R"({"key":"","value":"red","tags":[],"header":"password"})", R"({"key":"","value":"[SECRET]","tags":[],"header":"password"})"},
      {R"({"value":{"stringValue":"hunter2"},"key":"password"})", R"({"value":{"stringValue":"[SECRET]"},"key":"password"})"},
      {R"({"key":"password","meta":[1,{"a":"b]"}],"value":"red"})", R"({"key":"password","meta":[1,{"a":"b]"}],"value":"[SECRET]"})"},
      {R"({"name":"users[0].password","value":"red"})", R"({"name":"users[0].password","value":"[SECRET]"})"},
      {R"({"ParameterKey":"DbPassword","ParameterValue":"red"})", R"({"ParameterKey":"DbPassword","ParameterValue":"[SECRET]"})"},
      {R"({"op":"replace","path":"/user/password","value":"red"})", R"({"op":"replace","path":"/user/password","value":"[SECRET]"})"},
      // Context, and a version, are no decision.
      {R"({"field":"password","path":"/api/mobile/register","value":"hunter2"})", R"({"field":"password","path":"/api/mobile/register","value":"[SECRET]"})"},
      {R"({"field":"password","path":"/api/mobile","value":"hunter2"})", R"({"field":"password","path":"/api/mobile","value":"[SECRET]"})"},
      {R"({"name":"DB_PASSWORD","field":"visa","value":"hunter2"})", R"({"name":"DB_PASSWORD","field":"visa","value":"[SECRET]"})"},
      {R"({"key":"authorization","name":"password","value":"Bearer abcdefgh"})", R"({"key":"authorization","name":"password","value":"[SECRET]"})"},
      // Numbers count what is called so, unless they are dropped.
      {R"({"name":"emails_sent","value":42})", R"({"name":"emails_sent","value":42})"},
      {R"({"name":"phone","value": 61.5 })", R"({"name":"phone","value": 61.5 })"},
      {R"({"name":"cvv","value":123})", R"({"name":"cvv","value":"[DROPPED]"})"},
      // What was too deep parts them, masked or not.
      {R"({"key":"password","x":"[PII_REDACTED]","value":"red"})", R"({"key":"password","x":"[PII_REDACTED]","value":"red"})"},
      {R"({"key":"password","x":["[PII_REDACTED]"],"value":"red"})", R"({"key":"password","x":["[PII_REDACTED]"],"value":"red"})"},
      {R"({"key":1,"value":"red"})", R"({"key":1,"value":"red"})"},
      // No name: what was masked, and what no key is like.
      {R"({"key":"password [SECRET]","value":"red"})", R"({"key":"password [SECRET]","value":"red"})"},
      {R"({"key":"password *","value":"red"})", R"({"key":"password *","value":"red"})"},
      {R"({"name":"password","v":1})", R"({"name":"password","v":1})"},
      {R"({"name":"password","a":1,"b":1,"c":1,"d":1,"value":1})", R"({"name":"password","a":1,"b":1,"c":1,"d":1,"value":1})"},
      {R"({"ParameterKey":"password","value":"red"})", R"({"ParameterKey":"password","value":"red"})"},
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

// Events of a known shape are not walked: such are not learned, whatever is in the way of a name.
TEST(NamedValue, TheNextEventOfTheShapeHasItsOwnName) {
  constexpr const char* kShapes[] = {R"({"a":1,"name":"%","value":"red"})", R"({"value":"red","name":"%"})", R"({"name":"%","b":["%"],"value":"red"})", R"({"name":"%","b":"%","value":"red"})"};
  constexpr const char* kNothing[] = {"colour", "", "password [SECRET]", "[PII_REDACTED]", "ptok:v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
  const auto filled = [](std::string shape, std::string_view name, std::string_view other) {
    shape.replace(shape.find('%'), 1, name);
    if (const std::size_t at = shape.find('%'); at != std::string::npos) shape.replace(at, 1, other);
    return shape;
  };
  for (const char* shape : kShapes) {
    for (const char* nothing : kNothing) {
      kit::TestMasker masker("default");
      for (const char* between : {"x", "[PII_REDACTED]"}) {
        for (int i = 0; i < 3; ++i) {
          const std::string harmless = filled(shape, nothing, between);
          EXPECT_EQ(masker.event(harmless), harmless);
        }
        const std::string masked = masker.event(filled(shape, "password", "x"));
        EXPECT_NE(masked.find(R"("value":"[SECRET]")"), std::string::npos) << masked;
      }
    }
    kit::TestMasker masker("default");
    static_cast<void>(masker.event(filled(shape, "password", "[PII_REDACTED]")));
    const std::string masked = masker.event(filled(shape, "password", "x"));
    EXPECT_NE(masked.find(R"("value":"[SECRET]")"), std::string::npos) << masked;
  }
}

TEST(NamedValue, MaskingTwiceChangesNothingWhereItIsTooDeep) {
  kit::TestMasker masker("default");
  for (const char* inner : {R"({"key":"password","x":[],"value":"red"})", R"({"value":"red","x":[],"name":"password"})", R"({"key":"password","x":{"y":[{}]},"value":"red"})"}) {
    for (std::size_t depth = 58; depth < 66; ++depth) {
      const std::string masked = masker.lines(std::string(depth, '[') + inner + std::string(depth, ']'));
      EXPECT_EQ(masker.lines(masked), masked);
    }
  }
}

TEST(NamedValue, MaskingTwiceChangesNothingWhereNamesAreMasked) {
  for (const char* profile : {"default", "pci-strict", "secrets-only"}) {
    kit::TestMasker masker(profile);
    for (const char* event : {R"({"name":"password","key":"a@b.com authorization","value":"Bearer abcdefgh"})", R"({"name":"cookie a@b.com","key":"authorization","value":"sid=1; c=2"})",
                              R"({"key":"authorization a@b.com","name":"cookie","value":"sid=1; c=2"})", R"({"a":[{"name":"Cookie","key":"authorization","value":"sid=1; c=2"}]})",
                              R"({"variable":"Bearer abcdefghijklmnopqrstuvwxyz0123","Value":"alice","header":"cvv"})", R"({"name":"ip version a@b.com","value":"10.1.2.3"})",
                              R"({"a":[{"name":"x-api-key","val":{"values":[{"param":"phone","val":{"value":"Basic dXNlcjpwYXNz"}}]}}]})",
                              R"({"name":"{\"password\":\"x y\"}","value":"hunter2","attribute":"password"})"}) {
      const std::string masked = masker.event(event);
      EXPECT_EQ(masker.event(masked), masked) << event;
    }
  }
}

TEST(NamedValue, ANameNeverMakesLessBeFound) {
  kit::TestMasker masker("default");
  EXPECT_EQ(masker.event(R"({"name":"ip version","value":"188.236.1.7"})"), R"({"name":"ip version","value":")" + kit::token("ip", "188.236.1.7") + "\"}");
  PolicySpec spec = *PolicySpec::profile("default");
  spec.paths = {{.path = "obj.email", .exempt = PathRule::Exempt::all}, {.path = "**.phone.x", .exempt = PathRule::Exempt::all}};
  kit::TestMasker with_paths(std::move(spec));
  for (const char* event : {R"({"obj":{"value":"a@b.co","path":"email"}})", R"({"value":{"x":"a@b.co"},"path":"phone"})"}) {
    EXPECT_EQ(with_paths.event(event).find("a@b.co"), std::string::npos) << event;
  }
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

TEST(NamedValue, GivesTheTokenOfTheType) {
  kit::TestMasker masker("default");
  EXPECT_EQ(masker.event(R"({"name":"phone","value":99887766})"), R"({"name":"phone","value":")" + kit::token("phone", "+96599887766") + "\"}");
}

TEST(NamedValue, PathsOfThePolicyDecideBefore) {
  PolicySpec spec = *PolicySpec::profile("default");
  spec.paths = {{.path = "**.value", .exempt = PathRule::Exempt::keys}};
  kit::TestMasker masker(std::move(spec));
  EXPECT_EQ(masker.event(R"({"key":"password","value":"red"})"), R"({"key":"password","value":"red"})");
  EXPECT_EQ(masker.event(R"({"key":"password","val":"red"})"), R"({"key":"password","val":"[SECRET]"})");
  PolicySpec other = *PolicySpec::profile("default");
  MaskAction label;
  label.type = MaskAction::Type::redact;
  label.label = "[MINE]";
  other.paths = {{"**.password", PathRule::Exempt::none, label}};
  kit::TestMasker with_action(std::move(other));
  EXPECT_EQ(with_action.event(R"({"key":"password","val":"red"})"), R"({"key":"password","val":"[MINE]"})");
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
