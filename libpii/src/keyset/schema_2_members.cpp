#include "keyset/schema_2_members.hpp"

#include <algorithm>
#include <charconv>

#include "keyset/hex.hpp"
#include "keyset/refusal.hpp"
#include "keyset/timestamp.hpp"
#include "pii/format_token.hpp"

namespace pii::keyset {
namespace {

using json::Kind;
using json::Member;
using json::Node;

constexpr std::size_t kMaxTextSize = 256;
constexpr std::uint64_t kMaxExact = std::uint64_t{1} << 53;

std::string member_place(const std::string& place, std::string_view name) {
  return place.empty() ? std::string(name) : place + "." + std::string(name);
}

// Short plain text; nothing that could steer a terminal or stand for something else.
std::optional<std::string> plain_text(const Node& node) {
  if (node.kind() != Kind::string || node.raw().size() > 6 * kMaxTextSize) return std::nullopt;
  std::string text(node.raw().size(), '\0');
  text.resize(node.unescape(text.data()));
  const bool clean = std::none_of(text.begin(), text.end(),
                                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (!clean || text.size() > kMaxTextSize) return std::nullopt;
  return text;
}

std::optional<std::uint64_t> whole_number(const Node& node) {
  if (node.kind() != Kind::number) return std::nullopt;
  const std::string_view text = node.text();
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value > kMaxExact) return std::nullopt;
  return value;
}

Result<void> read_versions(const Node& policy, KeysetPolicy& out) {
  const auto list = policy.find("accept_versions");
  if (!list) return {};
  const std::string place = "keyset.policy.accept_versions";
  out.accept_v1 = false;
  out.accept_v2 = false;
  bool good = list->kind() == Kind::array;
  if (good) {
    for (const Node version : list->elements()) {
      bool& accepted = version.text() == "1" ? out.accept_v1 : out.accept_v2;
      good = good && !accepted && (version.text() == "1" || version.text() == "2");
      accepted = true;
    }
  }
  if (good && (out.accept_v1 || out.accept_v2)) return {};
  return refuse(place, *list, "must be [1], [2] or [1, 2]");
}

Result<void> read_alphabet(const Node& params, const std::string& place, std::string& out) {
  const auto alphabet = params.find("alphabet");
  if (!alphabet) return refuse(place, params, "alphabet is missing");
  auto text = plain_text(*alphabet);
  bool good = text.has_value() && text->size() >= 2;
  if (good) {
    std::string sorted = *text;
    std::sort(sorted.begin(), sorted.end());
    good = std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end() &&
           std::all_of(sorted.begin(), sorted.end(), is_format_character);
  }
  if (!good) {
    return refuse(place + ".alphabet", *alphabet, "must be 2 to 62 letters and digits of ASCII, each once");
  }
  out = *std::move(text);
  return {};
}

}  // namespace

Result<void> take_members(const Node& object, const std::string& place,
                          std::initializer_list<std::string_view> known, std::vector<Member>& extras) {
  for (const Member member : object.members()) {
    const bool is_known = std::any_of(known.begin(), known.end(),
                                      [&](std::string_view name) { return member.name.equals(name); });
    if (is_known) continue;
    // A name that is written with escapes is not one that anybody's tool reserves.
    if (!member.name.raw().starts_with("x_")) {
      return refuse(place, member.name, "an unknown member; members of others begin with x_");
    }
    extras.push_back(member);
  }
  return {};
}

Result<std::optional<Node>> find_object(const Node& parent, const std::string& place, std::string_view name) {
  const auto found = parent.find(name);
  if (found && found->kind() != Kind::object) {
    return refuse(member_place(place, name), *found, "must be an object");
  }
  return found;
}

Result<void> read_text(const Node& parent, const std::string& place, std::string_view name,
                       std::string& out) {
  const auto node = parent.find(name);
  if (!node) return {};
  auto text = plain_text(*node);
  if (!text) {
    return refuse(member_place(place, name), *node,
                  "must be a string of at most 256 bytes without control characters");
  }
  out = *std::move(text);
  return {};
}

Result<void> read_date(const Node& parent, const std::string& place, std::string_view name,
                       std::optional<Seconds>& out) {
  const auto node = parent.find(name);
  if (!node) return {};
  if (node->kind() == Kind::string && !node->escaped()) out = parse_rfc3339(node->raw());
  if (out) return {};
  return refuse(member_place(place, name), *node, "must be an RFC 3339 date, as 2026-01-31T12:00:00Z");
}

Result<void> read_duration(const Node& parent, const std::string& place, std::string_view name,
                           Seconds& out) {
  const auto node = parent.find(name);
  if (!node) return {};
  std::optional<Seconds> duration;
  if (node->kind() == Kind::string && !node->escaped()) duration = parse_duration(node->raw());
  if (!duration)
    return refuse(member_place(place, name), *node, "must be an ISO 8601 duration, as P30D or PT10M");
  out = *duration;
  return {};
}

Result<void> read_flag(const Node& parent, const std::string& place, std::string_view name, bool& out) {
  const auto node = parent.find(name);
  if (!node) return {};
  if (node->kind() != Kind::boolean) return refuse(member_place(place, name), *node, "must be true or false");
  out = node->text() == "true";
  return {};
}

Result<void> read_number(const Node& parent, const std::string& place, std::string_view name,
                         std::uint64_t least, std::uint64_t most, std::uint64_t& out) {
  const auto node = parent.find(name);
  if (!node) return {};
  const auto number = whole_number(*node);
  if (!number || *number < least || *number > most) {
    return refuse(member_place(place, name), *node,
                  "must be an integer from " + std::to_string(least) + " to " + std::to_string(most));
  }
  out = *number;
  return {};
}

Result<void> read_hex(const Node& parent, const std::string& place, std::string_view name, std::size_t size,
                      std::string& out) {
  const auto node = parent.find(name);
  if (!node) return {};
  if (node->kind() != Kind::string || node->escaped() || !is_lower_hex(node->raw(), size)) {
    return refuse(member_place(place, name), *node,
                  "must be a string of " + std::to_string(size) + " lower-case hex digits");
  }
  out = std::string(node->raw());
  return {};
}

Result<void> read_params(const Node& entry, const std::string& at, KeyAlgorithm algorithm, KeyParams& out) {
  const auto params = find_object(entry, at, "params");
  if (!params) return params.error();
  const std::string place = at + ".params";
  const bool needed = algorithm == KeyAlgorithm::pii_idx_2 || algorithm == KeyAlgorithm::pii_ff1_2;
  if (!*params && needed) return refuse(at, entry, "params is missing");
  if (!*params) return {};
  const Node& node = **params;
  std::string_view known;
  std::uint64_t number = 0;
  Result<void> ok;
  switch (algorithm) {
    case KeyAlgorithm::pii_tok_2:
      known = "len";
      number = out.token_length;
      ok = read_number(node, place, known, 16, 32, number);
      out.token_length = static_cast<std::uint8_t>(number);
      break;
    case KeyAlgorithm::pii_aead_2:
    case KeyAlgorithm::xaes_256_gcm:
      known = "pad";
      ok = read_number(node, place, known, 0, 64, number);
      out.padding = static_cast<std::uint8_t>(number);
      if (ok && number != 0 && number != 16 && number != 32 && number != 64) {
        ok = refuse(place + ".pad", node, "must be 0, 16, 32 or 64");
      }
      break;
    case KeyAlgorithm::pii_idx_2:
      known = "bits";
      ok = read_number(node, place, known, 4, 64, number);
      out.index_bits = static_cast<std::uint8_t>(number);
      if (ok && number == 0) ok = refuse(place, node, "bits is missing");
      break;
    case KeyAlgorithm::pii_ff1_2:
      known = "alphabet";
      ok = read_alphabet(node, place, out.alphabet);
      break;
    case KeyAlgorithm::hmac_sha_256:
    case KeyAlgorithm::aes_256_gcm:
      break;
  }
  if (!ok) return ok;
  for (const Member member : node.members()) {
    if (known.empty() || !member.name.equals(known)) {
      return refuse(place, member.name, "is no parameter of " + std::string(to_string(algorithm)));
    }
  }
  return {};
}

Result<void> read_policy(const Node& keyset, KeysetPolicy& out, std::vector<Member>& extras) {
  const std::string place = "keyset.policy";
  const auto found = find_object(keyset, "keyset", "policy");
  if (!found) return found.error();
  if (!*found) return {};
  const Node& policy = **found;
  auto ok = take_members(policy, place,
                         {"write_version", "accept_versions", "rotate_every", "propagation", "retire_min",
                          "destroy_hold", "max_messages_log2", "require_record"},
                         extras);
  std::uint64_t version = 1;
  std::uint64_t messages = static_cast<std::uint64_t>(out.max_messages_log2);
  if (ok) ok = read_number(policy, place, "write_version", 1, 2, version);
  if (ok) ok = read_versions(policy, out);
  if (ok) ok = read_duration(policy, place, "rotate_every", out.rotate_every);
  if (ok) ok = read_duration(policy, place, "propagation", out.propagation);
  if (ok) ok = read_duration(policy, place, "retire_min", out.retire_min);
  if (ok) ok = read_duration(policy, place, "destroy_hold", out.destroy_hold);
  if (ok) ok = read_number(policy, place, "max_messages_log2", 1, 64, messages);
  if (ok) ok = read_flag(policy, place, "require_record", out.require_record);
  if (!ok) return ok;
  out.write_version = static_cast<int>(version);
  out.max_messages_log2 = static_cast<int>(messages);
  const bool accepted = version == 1 ? out.accept_v1 : out.accept_v2;
  if (!accepted) return refuse(place, policy, "write_version is none of accept_versions");
  return {};
}

}  // namespace pii::keyset
