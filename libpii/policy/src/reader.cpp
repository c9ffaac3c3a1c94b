#include "reader.hpp"

#include <algorithm>
#include <charconv>

namespace pii::policy {
namespace {

// What a file says may be shown only where it is a plain word.
std::string shown(std::string_view name) {
  const bool plain = !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
  return plain ? std::string(name) : "?";
}

std::string listing(std::span<const std::string_view> words) {
  std::string out;
  for (std::string_view word : words) (out += out.empty() ? "" : ", ") += word;
  return out;
}

template <class Number>
std::optional<Number> number_of(const Node& node) {
  Number number{};
  const char* end = node.scalar.data() + node.scalar.size();
  const auto done = std::from_chars(node.scalar.data(), end, number);
  if (node.kind != Node::Kind::plain || node.scalar.empty() || done.ec != std::errc() || done.ptr != end)
    return std::nullopt;
  return number;
}

}  // namespace

void Reader::fail(const Node& node, std::string_view path, std::string_view why, std::string hint) {
  if (error_) return;
  std::string message = "policy: line " + std::to_string(node.place.line) + ", column " +
                        std::to_string(node.place.column) + ": ";
  if (!path.empty()) (message += path) += ": ";
  message += why;
  error_ = Error(ErrorCode::invalid_setting, std::move(message), std::move(hint));
}

std::string Reader::text(const Node& node, std::string_view path) {
  if (node.kind != Node::Kind::text && node.kind != Node::Kind::plain) fail(node, path, "must be a text");
  if (good() && node.scalar.empty()) fail(node, path, "must not be empty");
  return good() ? node.scalar : std::string();
}

bool Reader::boolean(const Node& node, std::string_view path) {
  const bool word = node.kind == Node::Kind::plain && (node.scalar == "true" || node.scalar == "false");
  if (!word) fail(node, path, "must be true or false");
  return good() && node.scalar == "true";
}

std::uint32_t Reader::integer(const Node& node, std::string_view path, std::uint32_t low,
                              std::uint32_t high) {
  const auto number = number_of<std::uint32_t>(node);
  if (!number || *number < low || *number > high) {
    fail(node, path, "must be a number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return good() ? *number : low;
}

double Reader::fraction(const Node& node, std::string_view path, double low, double high) {
  const auto number = number_of<double>(node);
  if (!number || !(*number >= low && *number <= high)) fail(node, path, "is out of range");
  return good() ? *number : low;
}

std::vector<std::string> Reader::texts(const Node& node, std::string_view path) {
  std::vector<std::string> out;
  if (!is_list(node, path)) return out;
  for (std::size_t i = 0; i < node.items.size() && good(); ++i)
    out.push_back(text(node.items[i], join_index(path, i)));
  return out;
}

std::size_t Reader::choice(const Node& node, std::string_view path, std::span<const std::string_view> words) {
  const bool scalar = node.kind == Node::Kind::plain || node.kind == Node::Kind::text;
  const auto found = std::find(words.begin(), words.end(), node.scalar);
  if (!scalar || found == words.end()) {
    fail(node, path, "has none of the values that are known", "one of " + listing(words));
    return 0;
  }
  return static_cast<std::size_t>(found - words.begin());
}

bool Reader::is_list(const Node& node, std::string_view path) {
  if (node.kind != Node::Kind::list) fail(node, path, "must be a list");
  return good();
}

bool Reader::is_map(const Node& node, std::string_view path, std::span<const std::string_view> known) {
  if (node.kind != Node::Kind::map) fail(node, path, "must be an object");
  if (!good()) return false;
  for (const Node::Name& name : node.names) {
    if (std::find(known.begin(), known.end(), name.text) != known.end()) continue;
    Node there;
    there.place = name.place;
    fail(there, join_path(path, shown(name.text)), "is no member that a policy knows",
         "here a policy knows " + listing(known));
    return false;
  }
  return true;
}

const Node* member(const Node& map, std::string_view name) {
  for (std::size_t i = 0; i < map.names.size(); ++i) {
    if (map.names[i].text == name) return &map.items[i];
  }
  return nullptr;
}

std::string join_path(std::string_view above, std::string_view name) {
  std::string out(above);
  if (!out.empty()) out += '.';
  return out += name;
}

std::string join_index(std::string_view above, std::size_t index) {
  return std::string(above) + '[' + std::to_string(index) + ']';
}

}  // namespace pii::policy
