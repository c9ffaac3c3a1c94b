// What is written without the encoder and the masker is what these two would have written.
#include "front/line_shapes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>
#include <random>

#include "front/known_text.hpp"
#include "front/masking_stage.hpp"
#include "kit/masking.hpp"
#include "pii/logging/log.hpp"

namespace pii::log {
namespace {

std::shared_ptr<const MaskPolicy> policy_of(PolicySpec spec) { return *MaskPolicy::compile(std::move(spec)); }

class LineShapesTest : public testing::Test {
 protected:
  explicit LineShapesTest(PolicySpec spec = *PolicySpec::profile("default"), Configuration configuration = {})
      : encoder_(configuration), maskers_(engine_maskers(policy_of(std::move(spec)), {kit::masking_provider(), kit::test_environment(), false})) {}

  // As Pipeline does it.
  std::string slow(const Event& event, bool flat) {
    std::string line, masked;
    flat ? encoder_.flat(event, tree_, nullptr, line) : encoder_.ecs(event, tree_, nullptr, line);
    of_lines_->mask(line, masked);
    return masked;
  }
  // What needs neither the encoder nor the masker, but for single values.
  std::string fast(const Event& event, bool flat) {
    EncodingNotes notes;
    const ShapedLine line = shapes_.line(event, flat, encoder_, *masker_, notes);
    return line.masked ? std::string(line.text) : std::string();
  }
  // What needs no encoder; as MaskingStage does it.
  std::string shaped(const Event& event, bool flat) {
    EncodingNotes notes;
    const ShapedLine line = shapes_.line(event, flat, encoder_, *masker_, notes);
    if (line.masked || line.text.empty()) return std::string(line.text);
    std::string masked;
    masker_->mask(line.text, masked);
    return masked;
  }
  // The third time a call is known, if it ever is.
  std::string third(const Event& event, bool flat = false) {
    fast(event, flat);
    fast(event, flat);
    return fast(event, flat);
  }
  static Event event_of(std::span<const Field> fields) {
    Event event;
    event.time = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'790'000'000'123));
    event.logger = "orders";
    event.name = "payment_processed";
    event.where = {"orders.cpp", "pay", 12};
    event.fields = fields;
    return event;
  }

  Encoder encoder_;
  EventTree tree_;
  MaskerMaker maskers_;
  std::unique_ptr<LineMasker> masker_ = maskers_();
  std::unique_ptr<LineMasker> of_lines_ = maskers_();  // what one has learned of values must not hide what the other has of lines
  LineShapes shapes_;
};

// The sizes of one byte to three, of words and of what lies between the ends, each with another byte in every place.
TEST(KnownText, IsNoOtherOne) {
  const std::string all = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (std::size_t size = 0; size <= 50; ++size) {
    const std::string text = all.substr(0, size);
    const KnownText known(text);
    Remembered remembered;
    EXPECT_FALSE(remembered.is(text));
    remembered.set(text);
    EXPECT_TRUE(known.is(std::string(text)));
    EXPECT_EQ(remembered.is(std::string(text)), size > 0 && size <= Remembered::kMost) << size;
    for (std::size_t at = 0; at < size; ++at) {
      for (const char flip : {'\x01', '\x80'}) {
        std::string other = text;
        other[at] = static_cast<char>(other[at] ^ flip);
        EXPECT_FALSE(known.is(other)) << size << " " << at;
        EXPECT_FALSE(remembered.is(other)) << size << " " << at;
      }
      EXPECT_FALSE(known.is(text.substr(0, at)));
      EXPECT_FALSE(remembered.is(text.substr(0, at)));
    }
    EXPECT_FALSE(known.is(text + "x"));
    EXPECT_FALSE(remembered.is(text + "x"));
  }
}

struct OriginShapes : LineShapesTest {
  static Configuration with_origin() {
    Configuration configuration;
    configuration.origin = true;
    return configuration;
  }
  OriginShapes() : LineShapesTest(*PolicySpec::profile("default"), with_origin()) {}
};

TEST_F(LineShapesTest, PlainFieldsAreKnown) {
  const Field fields[] = {kv("amount", 100), kv("currency", "KWD"), kv("ratio", 0.25), kv("cached", true), kv("note", nullptr),
                          kv("http.request.method", "POST"), kv("attempt", 2U)};
  for (const bool flat : {false, true}) {
    const Event event = event_of(fields);
    EXPECT_EQ(fast(event, flat), "");
    EXPECT_EQ(fast(event, flat), slow(event, flat));
    EXPECT_EQ(fast(event, flat), slow(event, flat));
  }
}

TEST_F(LineShapesTest, WhatIsOrMayBePersonalIsNot) {
  const Field fields[] = {kv("customer_name", "ada"), kv("user.full_name", "ada"), kv("first_name", "Ada"),
                          kv("a", "two\nlines"), kv("b", "caf\xC3\xA9"), kv("c", ""), kv("e", std::numeric_limits<double>::quiet_NaN()),
                          email("f", "x"), secret("g", "x"), kv("ada@example.com", 1)};
  for (const Field& field : fields) {
    const Field list[] = {kv("amount", 1), field};
    EXPECT_EQ(third(event_of(list)), "") << field.key;
  }
  Event named = event_of({});
  named.name = "mail ada@example.com";
  EXPECT_EQ(third(named), "");
}

TEST_F(LineShapesTest, AValueThatMustBeSeenIsSeenEveryTime) {
  const auto line = [&](std::string_view note) {
    const Field fields[] = {kv("note", note)};
    return fast(event_of(fields), false);
  };
  line("one");
  EXPECT_NE(line("two"), "");
  EXPECT_EQ(line("ada@example.com").find("ada"), std::string::npos);
  EXPECT_NE(line("three"), "");
}

TEST_F(LineShapesTest, WhatIsPersonalIsWrittenFromItsShapeAndMasked) {
  const Field fields[] = {kv("customer_name", "Ada Lovelace"), kv("mail", "ada@example.com"), kv("number", 4111111111111111), kv("amount", 3)};
  for (const bool flat : {false, true}) {
    const Event event = event_of(fields);
    shaped(event, flat);
    EXPECT_EQ(shaped(event, flat), slow(event, flat));
    EXPECT_EQ(shaped(event, flat), slow(event, flat));
    EXPECT_EQ(shaped(event, flat).find("Ada"), std::string::npos);
  }
}

trace::SpanContext some_span(std::uint8_t flags = trace::kSampled) { return {trace::new_trace_id(), trace::new_span_id(), flags, {}}; }

BoundFields bound_of(const ValueRef& fields) { return BoundFields(*fields.to_value().object()); }

TEST_F(LineShapesTest, WhatALoggerAndAContextCarryIsKnownByItsForm) {
  const Field fields[] = {kv("amount", 100), kv("currency", "KWD")};
  for (const bool flat : {false, true}) {
    for (int i = 0; i < 6; ++i) {
      const std::string user = "u-" + std::to_string(i);
      const BoundFields bound = bound_of(object(kv("http", object(kv("status", 200 + i))), kv("tenant", "acme"), kv("shard", nullptr)));
      const Context context = Context().with(std::array{current_span(some_span()), user_id(user), session_id("s1"), labels(kv("team.a", "red"), kv("n", i)),
                                                        extra(kv("merchant", object(kv("id", i), kv("empty", object()))))});
      Event event = event_of(fields);
      event.bound = &bound;
      event.context = &context;
      const std::string line = fast(event, flat);
      EXPECT_EQ(line, i == 0 ? "" : slow(event, flat));
      EXPECT_EQ(fast(event, flat), slow(event, flat));
      EXPECT_NE(slow(event, flat).find(user), std::string::npos);
    }
  }
}

TEST_F(LineShapesTest, WhatIsPersonalInAContextIsMaskedAlone) {
  const Field fields[] = {kv("amount", 100)};
  for (const char* const mail : {"one", "two", "ada@example.com", "grace@example.org"}) {
    const BoundFields bound = bound_of(object(kv("mail", mail), kv("note", mail)));
    const Context context = Context().with(std::array{client_ip("10.1.2.3"), extra(kv("last", mail))});
    Event event = event_of(fields);
    event.bound = &bound;
    event.context = &context;
    for (const bool flat : {false, true}) {
      third(event, flat);
      EXPECT_EQ(fast(event, flat), slow(event, flat)) << mail;
      EXPECT_NE(fast(event, flat), "");
      EXPECT_EQ(fast(event, flat).find("10.1.2.3"), std::string::npos);
    }
  }
}

// Whether it says again what the call says is noted of each event anew; a sampled span and another one differ in more than their ids.
TEST_F(LineShapesTest, WhatAContextSaysAgainIsNotKnown) {
  const Field fields[] = {kv("session_id", "s1")}, service[] = {kv("amount", 1)};
  const Context again = Context().with(std::array{session_id("s1")});
  Event event = event_of(fields);
  event.context = &again;
  for (const bool flat : {false, true}) EXPECT_EQ(third(event, flat), "");
  const Context of_service = Context().with(std::array{extra(kv("service", object(kv("name", "shop"))))});
  event = event_of(service);
  event.context = &of_service;
  EXPECT_EQ(third(event), "");
  const Context items = Context().with(std::array{extra(kv("ids", array(1, 2)))});
  event.context = &items;
  EXPECT_EQ(third(event), "");
  for (const std::uint8_t flags : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
    const Context context = Context().with(std::array{current_span(some_span(flags))});
    event.context = &context;
    third(event, true);
    EXPECT_EQ(fast(event, true), slow(event, true));
  }
}

struct UuidShapes : LineShapesTest {
  static Configuration with_uuids() {
    Configuration configuration;
    configuration.span_ids = SpanIdForm::uuid;
    return configuration;
  }
  UuidShapes() : LineShapesTest(*PolicySpec::profile("default"), with_uuids()) {}
};
TEST_F(UuidShapes, ASpanThatIsWrittenInAnotherFormIsNotKnown) {
  const Context context = Context().with(std::array{current_span(some_span())});
  Event event = event_of({});
  event.context = &context;
  EXPECT_EQ(third(event), "");
}

TEST_F(LineShapesTest, CallsThatShareAPlaceAreToldApart) {
  const Field one[] = {kv("a", 1)}, other[] = {kv("b", 1)}, text[] = {kv("a", "1")};
  for (const std::span<const Field> fields : {std::span<const Field>(one), std::span<const Field>(other), std::span<const Field>(text)}) {
    const Event event = event_of(fields);
    third(event);
    EXPECT_EQ(fast(event, false), slow(event, false));
  }
}

// Of C's calls nothing but their names differs.
TEST_F(LineShapesTest, CallsThatTakeTurnsAreLearnedOnce) {
  class Counting final : public LineMasker {
   public:
    Counting(LineMasker& of, std::size_t& calls) : of_(of), calls_(calls) {}
    void mask(std::string_view line, std::string& out) override { ++calls_, of_.mask(line, out); }
    bool leaves_alone(std::string_view text) const noexcept override { return of_.leaves_alone(text); }

   private:
    LineMasker& of_;
    std::size_t& calls_;
  };
  std::size_t calls = 0;
  Counting masker(*masker_, calls);
  const Field fields[] = {kv("amount", 3), kv("note", "plain"), kv("status", "ok")};
  for (const std::size_t names : {2U, 5U, 300U}) {
    LineShapes shapes;
    calls = 0;
    std::size_t known = 0, all = 0;
    for (std::size_t i = 0; i < 40 * names; ++i) {
      const std::string name = "event_number_" + std::to_string(1000 + i / 2 % names);
      Event event = event_of(fields);
      event.name = name;
      event.where = {};
      EncodingNotes notes;
      known += shapes.line(event, false, encoder_, masker, notes).masked ? 1U : 0U;
      ++all;
    }
    EXPECT_LE(calls, 16 * std::min<std::size_t>(names, 64)) << names;
    if (names == 2) {
      EXPECT_GE(known, all - 8);
    }
  }
}

TEST_F(LineShapesTest, LongNamesAndFieldsOfTheServiceAreNot) {
  const std::string text(513, 'x');
  const Field fields[] = {kv(text, 1)}, service[] = {kv("service.name", "shop")}, project[] = {kv("project", "shop")};
  Event event = event_of({});
  event.name = text;
  EXPECT_EQ(third(event), "");
  EXPECT_EQ(third(event_of(fields)), "");
  EXPECT_EQ(third(event_of(service)), "") << "what is redundant depends on the value";
  EXPECT_EQ(third(event_of(project)), "");
}

// A macro's calls, or a template's, stand at one line of several functions.
TEST_F(OriginShapes, FunctionsOfOneLineAreToldApart) {
  const Field fields[] = {kv("a", 1)};
  Event one = event_of(fields), other = one;
  other.where.function = "refund";
  third(one);
  EXPECT_NE(fast(one, false).find("\"pay\""), std::string::npos);
  third(other);
  EXPECT_EQ(fast(other, false), slow(other, false));
}

// Of a function in a header each library has its own name of the file.
TEST_F(OriginShapes, ACallOfTwoLibrariesIsOne) {
  const Field fields[] = {kv("a", 1)};
  Event one = event_of(fields), other = one;
  const std::string file = "orders.cpp", function = "pay";
  other.where.file = file.c_str();
  other.where.function = function.c_str();
  third(one);
  EXPECT_EQ(fast(other, false), slow(one, false)) << "nothing was learned anew";
}

// As a library is that was unloaded since: its names are gone, and another one's may lie where they were.
TEST_F(OriginShapes, ACallOutlivesItsNames) {
  const Field fields[] = {kv("a", 1)};
  Event event = event_of(fields);
  auto file = std::make_unique<std::string>("some/longer/folder/orders.cpp"), function = std::make_unique<std::string>("a_function_of_this_library");
  event.where = {file->c_str(), function->c_str(), 12};
  third(event);
  const std::string known = fast(event, false);
  ASSERT_NE(known, "");
  const auto file_again = std::make_unique<std::string>(*file), function_again = std::make_unique<std::string>(*function);
  file.reset();
  function.reset();
  event.where = {file_again->c_str(), function_again->c_str(), 12};
  EXPECT_EQ(fast(event, false), known);
  *file_again = "other/longer/folder/orders.cpp";
  event.where.file = file_again->c_str();
  third(event);
  EXPECT_EQ(fast(event, false), slow(event, false)) << "at the same address, and not the same";
  EXPECT_NE(fast(event, false).find("other/longer"), std::string::npos);
}

// A name, a key and a logger may be made at run time, and lie where others lay.
TEST_F(LineShapesTest, TheSameAddressIsNotTheSameCall) {
  std::string name = "payment_processed", key = "note", longer = "a_key_of_more_than_thirty_two_bytes", logger = "orders";
  std::size_t known = 0, all = 0;
  const auto both = [&](std::string_view value) {
    const Field fields[] = {kv(key, value), kv(longer, 1)};
    Event event = event_of(fields);
    event.name = name;
    event.logger = logger;
    for (int i = 0; i < 4; ++i, ++all) {
      const std::string line = fast(event, false);
      if (line.empty()) continue;
      EXPECT_EQ(line, slow(event, false));
      ++known;
    }
  };
  both("plain");
  for (std::string* const text : {&name, &key, &longer, &logger}) {
    for (const std::size_t at : {std::size_t{0}, text->size() / 2, text->size() - 1}) {
      (*text)[at] = 'z';
      both("plain");
    }
  }
  key = "mail";
  both("ada@example.com");
  key = "note";
  both("ada@example.com");
  EXPECT_GT(known, all / 4) << "of those that share a place not all are learned";
}

// Where lines do not show where their call stands.
TEST_F(LineShapesTest, CallsThatSayTheSameAreOne) {
  const Field fields[] = {kv("a", 1)};
  Event one = event_of(fields), other = one;
  other.where = {"refunds.cpp", "refund", 99};
  third(one);
  EXPECT_EQ(fast(other, false), slow(one, false)) << "nothing was learned anew";
}

TEST_F(LineShapesTest, OnlyTheValueThatIsNotLeftAloneIsMasked) {
  const auto line = [&](std::string_view note, std::int64_t number) {
    const Field fields[] = {kv("http.request.note", note), kv("id", number), kv("word", "KWD")};
    const Event event = event_of(fields);
    const std::string written = fast(event, false), as_flat = fast(event, true);
    if (!written.empty()) {
      EXPECT_EQ(written, slow(event, false));
      EXPECT_EQ(as_flat, slow(event, true));
    }
    return written;
  };
  line("one", 1);
  EXPECT_NE(line("two", 2), "");
  EXPECT_NE(line("mail ada@example.com or grace@example.org", 4111111111111111).find("ptok:"), std::string::npos);
  EXPECT_NE(line("https://example.com/a", 1790000000123), "") << "is looked at, and left";
  EXPECT_NE(line("card 4111 1111 1111 1111", -5), "");
  EXPECT_EQ(line("password=Tr0ub4dor&3", 1), "") << "a pair might name somebody";
}

TEST_F(LineShapesTest, ValuesOfSensitiveKeysAreMaskedAlone) {
  const auto line = [&](std::string_view mail, std::string_view password, std::int64_t pin) {
    const Field fields[] = {kv("mail", mail), kv("password", password), kv("pin", pin), kv("note", "plain")};
    const Event event = event_of(fields);
    std::string written = fast(event, false);
    if (!written.empty()) {
      EXPECT_EQ(written, slow(event, false));
    }
    return written;
  };
  line("ada@example.com", "hunter2", 1234);
  for (const std::string_view mail : {"ada@example.com", "nobody", "grace@example.org", "[PII_REDACTED]"}) {
    const std::string written = line(mail, "s3cret", 99);
    EXPECT_NE(written, "");
    EXPECT_EQ(written.find("s3cret"), std::string::npos);
    EXPECT_EQ(written.find('@'), written.find("@timestamp"));
  }
}

// Policies in which more than the text's bytes decides.
struct StrictPolicy : LineShapesTest {
  static PolicySpec spec() {
    PolicySpec spec = *PolicySpec::profile("default");
    PathRule rule;
    rule.path = "extra.amount";
    rule.action = MaskAction{};
    spec.paths.push_back(rule);
    return spec;
  }
  StrictPolicy() : LineShapesTest(spec()) {}
};
TEST_F(StrictPolicy, KnowsNothing) {
  const Field fields[] = {kv("n", 1)};
  EXPECT_EQ(third(event_of(fields)), "");
}
struct EcsctxPolicy : LineShapesTest {
  EcsctxPolicy() : LineShapesTest(*PolicySpec::profile("ecsctx-fixed")) {}
};
TEST_F(EcsctxPolicy, KnowsNothing) {
  const Field fields[] = {kv("n", 1)};
  EXPECT_EQ(third(event_of(fields)), "");
}

// A scope that a policy names is not that of the texts which are tried.
struct ScopedPolicy : LineShapesTest {
  static PolicySpec spec() {
    PolicySpec spec = *PolicySpec::profile("default");
    spec.include = {"extra"};
    return spec;
  }
  ScopedPolicy() : LineShapesTest(spec()) {}
};
TEST_F(ScopedPolicy, APersonIsMaskedInTheOtherTexts) {
  const auto line = [&](std::string_view note) {
    const Field fields[] = {kv("customer_name", "Ada Lovelace"), kv("note", note)};
    const Event event = event_of(fields);
    const std::string written = shaped(event, false);
    if (!written.empty()) {
      EXPECT_EQ(written, slow(event, false));
    }
    return written;
  };
  line("plain");
  line("plain");
  EXPECT_EQ(line("called Ada Lovelace back").find("Lovelace"), std::string::npos);
}

struct AllowingPolicy : LineShapesTest {
  static PolicySpec spec() {
    PolicySpec spec = *PolicySpec::profile("default");
    for (int i = 300; i < 400; ++i) {
      spec.allow_values.push_back(std::to_string(i));
      spec.allow_values.push_back(std::to_string(i) + ".25");
    }
    return spec;
  }
  AllowingPolicy() : LineShapesTest(spec()) {}
};
TEST_F(AllowingPolicy, AllowedNumbersSayNothingOfOthers) {
  const auto expect_same = [&](std::int64_t pin, double latitude) {
    const Field fields[] = {kv("pin", pin), kv("latitude", latitude)};
    const Event event = event_of(fields);
    const std::string written = shaped(event, false);
    if (!written.empty()) {
      EXPECT_EQ(written, slow(event, false));
    }
  };
  expect_same(1234, 1.5);
  expect_same(1234, 1.5);
  expect_same(4321, 29.3759);
}

// A text that makes the masker look at the whole line again changes what becomes of the others.
TEST_F(LineShapesTest, NeighboursAreLookedAtAgain) {
  for (const std::string_view glued : {"+96555512345.Token x1y2z3a4b5-GB82WEST12345698765432", "Token x1y2z3a4b5+96555512345-ada@example.com-12345",
                                       "10.1.2.3 284101612345.Basic YWRhOnB3"}) {
    for (const std::string_view beside : {"user%40example.com", "ada&#64;example.com", "plain"}) {
      const Field fields[] = {kv("q", beside), kv("note", glued)};
      const Field model[] = {kv("q", "one"), kv("note", "two")};
      third(event_of(model));
      EXPECT_EQ(shaped(event_of(fields), false), slow(event_of(fields), false)) << glued;
    }
  }
}

// Random events of few keys, so that calls come again; whatever is known is what the slow way makes of it.
class LineShapesRace : public LineShapesTest {
 protected:
  explicit LineShapesRace(PolicySpec spec = *PolicySpec::profile("default")) : LineShapesTest(std::move(spec), configuration()) {}
  static Configuration configuration() {
    Configuration all;
    all.origin = true;
    all.root_fields = {"tenant"};
    return all;
  }
  struct Seen {
    std::size_t known = 0, masked = 0, replaced = 0, of_context = 0;  // masked: whole
  };
  Seen race();
  Value some_value();
  Object some_object(const std::vector<std::string>& keys, std::size_t form);
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

  std::mt19937_64 random_{5};
  const std::vector<std::string> texts_ = {"KWD", "ok", "", "a b c", "ada@example.com", "4111111111111111", "10.1.2.3", "x\ty", "caf\xC3\xA9", "55512345",
                                           "Ada", "k=v", "name=Ada Lovelace", "called Ada Lovelace back", "5f3e6a9c-1b2d-4c3e-8f90-aabbccddeeff",
                                           "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", "user%40example.com", "Bearer abcdefghijklmnop"};
};
Value LineShapesRace::some_value() {
  switch (below(8)) {
    case 0: return Value(std::int64_t{random_() % 5 == 0 ? 4111111111111111 : 7});
    case 1: return Value(0.25);
    default: return Value(texts_[below(texts_.size())]);
  }
}
// Of one `form` names and nesting are alike, and kinds mostly.
Object LineShapesRace::some_object(const std::vector<std::string>& keys, std::size_t form) {
  Object object;
  for (std::size_t i = 0; i < 1 + form % 3; ++i) {
    const std::string& key = keys[(form * 7 + i * 3) % keys.size()];
    Value value = (form + i) % 5 == 0 ? Value() : below(6) == 0 ? some_value() : Value(texts_[below(texts_.size())]);
    if ((form + i) % 4 != 0) {
      object.set(key, std::move(value));
      continue;
    }
    Object inner;
    inner.set("id", std::move(value));
    inner.set("n", Value(std::int64_t{1}));
    object.set(key, Value(std::move(inner)));
  }
  return object;
}
LineShapesRace::Seen LineShapesRace::race() {
  const std::vector<std::string> keys = {"amount", "currency", "note", "http", "http.status", "labels.team", "labels", "url", "level", "log.level",
                                         "log.logger", "message", "extra", "ecs_event", "event", "customer_name", "password", "phone", "tenant",
                                         "error", "user", "user.name", "timestamp", "a.b.c", "a.b", "service", "card", "trace_id", "ip",
                                         "mail", "authorization", "cookie", "username", "iban", "pin", "http.request.headers.cookie", "date_of_birth"};
  const std::vector<std::string> texts = {"KWD", "POST", "ok", "", "a b c", "info", "ada@example.com", "+96555512345", "4111111111111111", "10.1.2.3",
                                          "x\ty", "caf\xC3\xA9", "55512345", "Ada", "ord-2f7c19", "{\"a\":1}", "k=v", "true", "null", "[PII_REDACTED]",
                                          "mail Ada@Example.com, card 4111-1111-1111-1111.", "name=Ada Lovelace", "Ada Lovelace", "password: hunter2x!",
                                          "https://u:pw@example.com/?q=1", "2026-06-16T17:02:57Z", "user%40example.com", "[1,2]", "Bearer abcdefghijklmnop",
                                          "ptok:v1:x", "5f3e6a9c-1b2d-4c3e-8f90-aabbccddeeff", "a..b...c", "055512345", "called Ada Lovelace back",
                                          "+96555512345.Token x1y2z3a4b5-GB82WEST12345698765432", "Token x1y2z3a4b5+96555512345-ada@example.com-12345",
                                          "10.1.2.3 284101612345.Basic YWRhOnB3"};
  const std::vector<double> reals = {0.25, 1, 1e300, -0.0, 12345678, 4111111111111111.0, 1e-7};
  std::vector<std::vector<std::size_t>> calls;
  for (int i = 0; i < 60; ++i) {
    std::vector<std::size_t> call;  // a key and a kind a field
    for (std::size_t n = below(4); n > 0; --n) call.push_back(below(keys.size()) * 8 + below(6));
    calls.push_back(call);
  }
  Seen seen;
  const char* const asked = std::getenv("PII_RACE_ROUNDS");
  const int rounds = asked == nullptr ? 1 : std::atoi(asked);
  for (int i = 0; i < 6000 * rounds; ++i) {
    if (i % 6000 == 0 && i > 0) {
      for (auto& call : calls) std::generate(call.begin(), call.end(), [&] { return below(keys.size()) * 8 + below(6); });
    }
    const std::size_t which = below(calls.size());
    std::vector<Field> fields;
    for (const std::size_t field : calls[which]) {
      const std::int64_t number = below(3) == 0 ? static_cast<std::int64_t>(random_()) : static_cast<std::int64_t>(below(1000));
      const ValueRef values[] = {nullptr, below(2) == 0, number, static_cast<std::uint64_t>(number), reals[below(reals.size())],
                                 std::string_view(texts[below(below(4) == 0 ? 6 : texts.size())])};
      fields.push_back({keys[field / 8], values[field % 8]});
    }
    Event event = event_of(fields);
    event.where.line = static_cast<std::uint_least32_t>(which);  // so that most have a place of their own
    event.level = which % 2 == 0 ? Level::info : Level::error;
    event.time += std::chrono::milliseconds(below(1'000'000));
    const bool flat = which % 3 == 0;
    std::optional<BoundFields> bound;
    if (which % 2 == 1) event.bound = &bound.emplace(some_object(keys, which % 10));
    Context context;
    if (which % 4 >= 2) {
      std::vector<ContextEntry> entries{{ContextEntry::Part::extra, Value(some_object(keys, which % 9))}};
      if (which % 8 >= 4) entries.push_back(current_span(some_span(static_cast<std::uint8_t>(which % 4))));
      if (which % 5 == 0) entries.emplace_back(ContextEntry::Part::user_id, Value(texts_[below(texts_.size())]));
      if (which % 7 == 0) entries.emplace_back(ContextEntry::Part::labels, Value(some_object(keys, which % 6)));
      context = Context().with(entries);
    }
    event.context = &context;
    const std::string line = shaped(event, flat);
    if (line.empty()) continue;
    const bool whole = fast(event, flat).empty();
    ++(whole ? seen.masked : seen.known);
    if (!whole && (bound || !context.empty())) ++seen.of_context;
    if (!whole && line.find("ptok:v1:") != std::string::npos) ++seen.replaced;
    EXPECT_EQ(line, slow(event, flat));
    if (HasFailure()) break;
  }
  return seen;
}
TEST_F(LineShapesRace, TheSameLine) {
  const Seen seen = race();
  EXPECT_GT(seen.known, 500U);
  EXPECT_GT(seen.replaced, 100U);
  EXPECT_GT(seen.masked, 10U);
  EXPECT_GT(seen.of_context, 200U);
}
struct ScopedRace : LineShapesRace {
  ScopedRace() : LineShapesRace(ScopedPolicy::spec()) {}
};
TEST_F(ScopedRace, TheSameLine) { EXPECT_GT(race().masked, 500U); }

}  // namespace
}  // namespace pii::log
