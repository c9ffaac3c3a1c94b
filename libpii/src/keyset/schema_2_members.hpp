#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.hpp"
#include "pii/keyset_record.hpp"
#include "pii/result.hpp"

namespace pii::keyset {

/// Refuses members that are not `known`, save those that begin with x_, which are collected.
Result<void> take_members(const json::Node& object, const std::string& place,
                          std::initializer_list<std::string_view> known, std::vector<json::Member>& extras);
/// The member, if it is there; it must be an object.
Result<std::optional<json::Node>> find_object(const json::Node& parent, const std::string& place,
                                              std::string_view name);

// Each reads a member of `parent` when it is there, and leaves `out` as it is otherwise. Errors name
// `place`.`name` and the byte: invalid_keyset.
Result<void> read_text(const json::Node& parent, const std::string& place, std::string_view name,
                       std::string& out);
Result<void> read_date(const json::Node& parent, const std::string& place, std::string_view name,
                       std::optional<Seconds>& out);
Result<void> read_duration(const json::Node& parent, const std::string& place, std::string_view name,
                           Seconds& out);
Result<void> read_flag(const json::Node& parent, const std::string& place, std::string_view name, bool& out);
Result<void> read_number(const json::Node& parent, const std::string& place, std::string_view name,
                         std::uint64_t least, std::uint64_t most, std::uint64_t& out);
Result<void> read_hex(const json::Node& parent, const std::string& place, std::string_view name,
                      std::size_t size, std::string& out);

/// The members of a key's entry: what may be told of it, and everything but its place and its key.
Result<void> read_params(const json::Node& entry, const std::string& place, KeyAlgorithm algorithm,
                         KeyParams& out);
Result<void> read_policy(const json::Node& keyset, KeysetPolicy& out, std::vector<json::Member>& extras);

}  // namespace pii::keyset
