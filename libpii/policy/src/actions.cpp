#include <algorithm>
#include <array>

#include "members.hpp"
#include "sections.hpp"

namespace pii::policy {
namespace {

using Type = MaskAction::Type;

constexpr std::array<std::string_view, 8> kTypes = {"token", "redact",    "partial", "card",
                                                    "email", "ip_prefix", "encrypt", "drop"};
constexpr std::array<Type, 8> kTypeOf = {Type::token,       Type::redact,    Type::partial, Type::card_parts,
                                         Type::keep_domain, Type::ip_prefix, Type::encrypt, Type::drop};

// Names that every policy has, so that `action: drop` needs no definition.
constexpr std::array<std::string_view, 4> kReady = {"token", "redact", "encrypt", "drop"};

std::span<const std::string_view> members_of(Type type) {
  switch (type) {
    case Type::redact:
      return members::kRedact;
    case Type::partial:
      return members::kPartial;
    case Type::card_parts:
    case Type::keep_domain:
      return members::kKeep;
    case Type::ip_prefix:
      return members::kIpPrefix;
    case Type::token:
    case Type::encrypt:
    case Type::drop:
      break;
  }
  return members::kAction;
}

bool is_label(std::string_view text) {
  if (text == "[{detector}]") return true;
  if (text.size() < 3 || text.size() > 34 || text.front() != '[' || text.back() != ']') return false;
  const std::string_view name = text.substr(1, text.size() - 2);
  return name.front() >= 'A' && name.front() <= 'Z' && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

void read_card_parts(Reader& reader, const Node& node, const std::string& path, MaskAction& action) {
  constexpr std::array<std::string_view, 3> kParts = {"bin6", "bin8", "last4"};
  const Node* keep = member(node, "keep");
  if (keep == nullptr) return reader.fail(node, path, "must say what it keeps", "keep: [bin6, last4]");
  if (!reader.is_list(*keep, join_path(path, "keep"))) return;
  for (std::size_t i = 0; i < keep->items.size() && reader.good(); ++i) {
    const std::string at = join_index(join_path(path, "keep"), i);
    const std::size_t part = reader.choice(keep->items[i], at, kParts);
    std::uint8_t& kept = part == 2 ? action.keep_last : action.bin;
    if (kept != 0) reader.fail(keep->items[i], at, "stands there twice, or with its like");
    kept = part == 2 ? 4 : part == 1 ? 8 : 6;
  }
}

MaskAction written_out(Reader& reader, const Node& node, const std::string& path) {
  MaskAction action;
  const Node* type = node.kind == Node::Kind::map ? member(node, "type") : nullptr;
  if (type == nullptr) {
    reader.fail(node, path, "must be an object with a type", "{ type: token }");
    return action;
  }
  action.type = kTypeOf[reader.choice(*type, join_path(path, "type"), kTypes)];
  if (!reader.is_map(node, path, members_of(action.type))) return action;
  if (action.type == Type::card_parts) read_card_parts(reader, node, path, action);
  if (action.type == Type::keep_domain) {
    constexpr std::array<std::string_view, 1> kDomain = {"domain"};
    const Node* keep = member(node, "keep");
    if (keep == nullptr) reader.fail(node, path, "must say what it keeps", "keep: domain");
    if (keep != nullptr) reader.choice(*keep, join_path(path, "keep"), kDomain);
  }
  if (const Node* text = member(node, "text")) {
    action.label = reader.text(*text, join_path(path, "text"));
    if (reader.good() && !is_label(action.label)) {
      reader.fail(*text, join_path(path, "text"), "is outside the grammar of outputs",
                  "[NAME] of A-Z, 0-9 and _ with a letter first, at most 32, or [{detector}]");
    }
  }
  if (const Node* last = member(node, "keep_last")) {
    action.keep_last = static_cast<std::uint8_t>(reader.integer(*last, join_path(path, "keep_last"), 0, 4));
  }
  if (const Node* star = member(node, "char");
      star != nullptr && reader.text(*star, join_path(path, "char")) != "*") {
    reader.fail(*star, join_path(path, "char"), "can only be *");
  }
  if (const Node* v4 = member(node, "v4")) {
    action.v4_prefix = static_cast<std::uint8_t>(reader.integer(*v4, join_path(path, "v4"), 8, 31));
  }
  if (const Node* v6 = member(node, "v6")) {
    action.v6_prefix = static_cast<std::uint8_t>(reader.integer(*v6, join_path(path, "v6"), 16, 127));
  }
  return action;
}

}  // namespace

void read_actions(Draft& draft, const Node& node) {
  if (node.kind != Node::Kind::map) return draft.reader.fail(node, "actions", "must be an object");
  for (std::size_t i = 0; i < node.items.size() && draft.reader.good(); ++i) {
    const std::string& name = node.names[i].text;
    const bool word = !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    const std::string path = join_path("actions", word ? name : "?");
    if (!word) draft.reader.fail(node.items[i], path, "an action's name has a-z, 0-9, - and _, at most 32");
    if (std::find(kReady.begin(), kReady.end(), name) != kReady.end()) {
      draft.reader.fail(node.items[i], path, "is the name of an action that is there already");
    }
    draft.actions.emplace(name, written_out(draft.reader, node.items[i], path));
  }
}

MaskAction read_action(Draft& draft, const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::map) return written_out(draft.reader, node, path);
  const std::string name = draft.reader.text(node, path);
  MaskAction action;
  if (const auto found = draft.actions.find(name); found != draft.actions.end()) {
    action = found->second;
  } else if (std::find(kReady.begin(), kReady.end(), name) != kReady.end()) {
    action.type =
        kTypeOf[static_cast<std::size_t>(std::find(kTypes.begin(), kTypes.end(), name) - kTypes.begin())];
  } else {
    draft.reader.fail(node, path, "names no action",
                      "define it under actions, or take token, redact, encrypt or drop");
  }
  return action;
}

}  // namespace pii::policy
