// Inputs made to be slow: time must grow with the bytes. Each family at n and 2n, in one line of text, in one JSON string, and
// where the family is JSON itself, as such.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <functional>
#include <iterator>
#include <string>

#include "mask_bench.hpp"

namespace pii::bench {
namespace {

struct Family {
  const char* name;
  std::function<std::string(std::size_t)> make;  // about that many bytes
};

std::string repeated(std::string_view piece, std::size_t size) {
  std::string result;
  result.reserve(size + piece.size());
  while (result.size() < size) result += piece;
  return result;
}

Family of(const char* name, const char* piece) {
  return {name, [piece](std::size_t size) { return repeated(piece, size); }};
}
Family quoted(const char* name, const char* piece) {
  return {name, [piece](std::size_t size) { return "{\"payload\":{\"note\":\"" + repeated(piece, size) + "\"}}"; }};
}

std::string distinct_keys(std::size_t size) {
  std::string event = "{";
  for (std::size_t i = 0; event.size() < size; ++i) event += "\"k" + std::to_string(i) + "\":1,";
  return event + "\"\":1}";
}
// Keys that say something, of which no two are alike: of members, and of pairs.
std::string told_keys(std::size_t size) {
  std::string event = "{";
  for (std::size_t i = 0; event.size() < size; ++i) event += "\"email" + std::to_string(i) + "\":1,";
  return event + "\"\":1}";
}
std::string told_pairs(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += "email" + std::to_string(i) + "=x ";
  return text;
}
std::string keys_to_mask(std::size_t size) {
  std::string event = "{";
  while (event.size() < size) event += "\"a@b.co\":1,";
  return event + "\"\":1}";
}
// Keys of three words of which each says something, in ever other ways.
std::string phrase(std::size_t i) {
  constexpr const char* kWords[] = {"email", "card", "phone", "name", "user", "bank", "token", "secret", "address", "city", "pin", "order", "payment",
                                    "customer", "mobile", "account", "number", "holder", "iban", "status", "type", "id", "first", "street", "zip",
                                    "birth", "api", "key", "session", "host", "client", "billing", "shipping"};
  constexpr std::size_t kCount = std::size(kWords);
  return std::string(kWords[i % kCount]) + "_" + kWords[i / kCount % kCount] + "_" + kWords[i / kCount / kCount % kCount];
}
// Members of one object: `before`, a number and `behind` each.
std::function<std::string(std::size_t)> members(const char* before, const char* behind) {
  return [before, behind](std::size_t size) {
    std::string event = "{";
    for (std::size_t i = 0; event.size() < size; ++i) event += before + std::to_string(i) + behind + ",";
    return event + "\"\":1}";
  };
}
std::string phrase_members(std::size_t size) {
  std::string event = "{";
  for (std::size_t i = 0; event.size() < size; ++i) event += "\"" + phrase(i) + "\":1,";
  return event + "\"\":1}";
}
std::string phrase_pairs(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += phrase(i) + "=x ";
  return text;
}
// Many names that are alike nearly to their ends, and prose that begins as they do.
std::string names_alike(std::size_t size) {
  std::string event = "{\"first_name\":[";
  for (char c = 'a'; c < 'i'; ++c) event += "\"" + repeated("A a ", 120) + std::string(1, c) + "\",";
  return event + "\"\"],\"message\":\"" + repeated("A a ", size) + "\"}";
}
std::string names_by_first(std::size_t size) {
  std::string event = "{\"first_name\":[", prose;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::string name = std::string("Fa") + static_cast<char>('a' + i / 8) + "ima " + static_cast<char>('a' + i % 8);
    event += "\"" + name + "\",";
    if (i % 8 == 0) prose += name.substr(0, 7);
  }
  return event + "\"\"],\"message\":\"" + repeated(prose, size) + "\"}";
}
// Names that stand at every other byte of a value that is replaced whole, beside others that are.
std::string names_in_secret(std::size_t size) {
  const std::string name = repeated("A ", 128);
  std::string event = R"({"customer_name":")" + name.substr(0, 121) + R"(1","payer":")" + name.substr(0, 123) + R"(1","beneficiary":")" + name.substr(0, 125) +
                      R"(1","cardholder_name":")" + name.substr(0, 127) + "\",";
  for (std::size_t i = 0; i < 11; ++i) event += "\"password" + std::to_string(i) + "\":\"zz" + std::to_string(i) + "zz\",";
  return event + R"("password":")" + repeated("a ", size) + "\"}";
}
std::string cookies(std::size_t size) { return "cookie: " + repeated("a=b; ", size); }
std::string names(std::size_t size) {
  std::string event = "{\"first_name\":[";
  for (char c = 'a'; c < 'i'; ++c) event += "\"Fatima Fatima Fatim" + std::string(1, c) + "\",";
  return event + "\"\"],\"message\":\"" + repeated("Fatima ", size) + "\"}";
}

const Family kFamilies[] = {
    of("a_dot", "a."), of("at", "@"), of("a_at", "a@"), of("digits", "7"), of("digit_blank", "7 "), of("plus_one", "+1 "),
    of("nesting_object", "{\"a\":"), of("nesting_array", "["), of("colons", ":"), of("percent_at", "%40"), of("eyJ", "eyJ."),
    of("spaces", " "), of("quotes", "\""), of("backslash_quotes", "\\\""), of("equals", "="), of("keys", "a=\""),
    of("passwords", "password=a1! "), of("pairs", "b="), of("tight_pairs", "b:"), of("card_pairs", "card="), of("token_pairs", "token:"), of("authorization", "authorization: a "), of("cookie", "cookie: a=[COOKIE]; "), of("empty_cookies", "cookie:a=;"), of("set_cookies", "set-cookie:a=;path=cookie:"),
    of("pin_and_email", "pin=1 a@b.co "), of("stars", "*"), of("ptok", "ptok:v1:"), of("labels", "[PII_REDACTED] "), of("slashes", "a/"),
    of("hyphens", "1-"), of("begin", "-----BEGIN "), of("scheme", "://a:"), of("bearer", "Bearer "), of("hex_colon", "a:"), of("iban", "GB82"),
    of("ampersand", "&#6"), of("wide_digit", "\xd9\xa9"), of("zero_width", "\xe2\x80\x8b"), of("broken", "\xe2\x80"),
    quoted("json_escapes", "\\\""), quoted("json_unicode", "\\u0040"), quoted("json_at", "a@"), quoted("json_digits", "12 "),
    quoted("json_embedded", "{\\\"a\\\":"), quoted("json_brackets", "["), {"distinct_keys", distinct_keys}, {"masked_keys", keys_to_mask},
    {"told_keys", told_keys}, {"told_pairs", told_pairs}, of("card_digits", "card=1"), of("stars_of_cards", "card=**** "), of("star_cards", "card=****"), of("card_values", "card=7 "), of("masked_cards", "card=777 "),
    {"names", names}, {"names_alike", names_alike}, {"names_by_first", names_by_first}, {"names_in_secret", names_in_secret}, {"phrase_pairs", phrase_pairs}, {"phrase_members", phrase_members},
    {"strange_keys", members("\"\xc3\xa9", "\":1")}, {"marked_keys", members("\"email~", "\":1")}, {"dotted_keys", members("\"10.1.2.", "\":1")},
    {"email_keys", members("\"a", "@b.co\":1")}, {"phone_keys", members("\"+96599887", "\":1")}, {"told_objects", members("\"user", "\":{\"email\":\"x\"}")},
    {"escaped_keys", members("\"k\\u0061", "\":1")}, of("seven_digit_cards", "card=7777777 "), of("grouped_cards", "4111 1111 1111 1112 "),
    of("bare_cards", "4111111111111112 "), of("ibans", "GB82 WEST 1234 5698 7654 33 "), of("ssns", "666-90-4399 "), of("ipv6", "2001:db8::1 "),
    of("ipv6_broken", "2001:db8::1:: "), of("zeros", "00 "), of("phones_short", "+96599887 "), of("form", "&email=a%40b.co"), of("url", "https://u:p@h/?a=b&email=a%40b.co "),
    {"cookies", cookies}, of("arabic_phone", "+\xd9\xa9\xd9\xa6\xd9\xa5\xd9\xa9\xd9\xa9\xd9\xa8\xd9\xa8\xd9\xa7\xd9\xa7\xd9\xa6\xd9\xa6 "),
    of("authorization_parameters", "authorization: Digest a=\"x\", b="), of("cookie_quotes", "cookie: a=\"b\"; "), of("quoted_cookies", "cookie=\"a=\"b\"; "),
    of("codes", "password=a%26"), of("numbered_ipv6", "1.2a02::1.4 "), {"cookies_in_quotes", [](std::size_t size) { return "cookie: " + repeated("a=\"b\"; ", size); }},
    of("hidden_digits", "4\xe2\x80\x8b""1\xe2\x80\x8b"), of("jwt_heads", "eyJhbGciOiJIUzI1NiJ9."), of("tracks", ";4111111111111111=2512"),
    {"values", members("\"v\":1,\"v", "\":1")}, {"named_values", [](std::size_t size) { return "[" + repeated("{\"name\":\"a\",\"value\":1},", size) + "1]"; }},
};

PolicySpec limits_wide(std::string_view profile) {
  PolicySpec spec = *PolicySpec::profile(profile);
  spec.max_leaf_bytes = 1U << 28;
  spec.max_line_bytes = 1U << 30;
  return spec;
}

// A masker that has seen nothing yet, each time: what it remembers of a line that it has had before would flatter the shorter ones.
void hostile(benchmark::State& state, const Family& family, const char* profile) {
  // Memory that was given back is not asked of the kernel again: from some size on malloc would return it after each line, and the longer
  // of two lines pay for pages that the shorter one finds.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  const auto policy = *MaskPolicy::compile(limits_wide(profile));
  const std::string text = family.make(static_cast<std::size_t>(state.range(0)));
  std::string out;
  for (auto _ : state) {
    state.PauseTiming();
    Masker mask(policy, {kit::masking_provider(), kit::test_environment(), false});
    out.clear();
    state.ResumeTiming();
    mask.mask_lines(text, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(text.size()));
}

const bool registered = [] {
  for (const char* profile : {"default", "ecsctx-fixed"}) {
    for (const Family& family : kFamilies) {
      const std::string name = std::string("hostile/") + profile + "/" + family.name;
      benchmark::RegisterBenchmark(name.c_str(), [&family, profile](benchmark::State& state) { hostile(state, family, profile); })
          ->Arg(128 << 10)
          ->Arg(256 << 10)
          ->Unit(benchmark::kMicrosecond);
    }
  }
  return true;
}();

}  // namespace
}  // namespace pii::bench
