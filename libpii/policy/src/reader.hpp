#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "node.hpp"

namespace pii::policy {

/// Takes values out of a tree. The first fault is kept, with its place; after it everything reads as empty.
class Reader {
 public:
  bool good() const noexcept { return !error_; }
  std::optional<Error>& error() noexcept { return error_; }

  /// `path: why` at the node's place.
  void fail(const Node& node, std::string_view path, std::string_view why, std::string hint = {});

  std::string text(const Node& node, std::string_view path);  // not empty
  bool boolean(const Node& node, std::string_view path);
  std::uint32_t integer(const Node& node, std::string_view path, std::uint32_t low, std::uint32_t high);
  double fraction(const Node& node, std::string_view path, double low, double high);
  std::vector<std::string> texts(const Node& node, std::string_view path);
  /// The index of the word that stands there.
  std::size_t choice(const Node& node, std::string_view path, std::span<const std::string_view> words);

  /// Whether it is a list, or a map all of whose members are known.
  bool is_list(const Node& node, std::string_view path);
  bool is_map(const Node& node, std::string_view path, std::span<const std::string_view> known);

 private:
  std::optional<Error> error_;
};

/// The member of that name; null when there is none.
const Node* member(const Node& map, std::string_view name);
std::string join_path(std::string_view above, std::string_view name);
std::string join_index(std::string_view above, std::size_t index);

}  // namespace pii::policy
