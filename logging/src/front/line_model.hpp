#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "front/event_values.hpp"
#include "front/lone_values.hpp"

namespace pii::log {

/// A line of one call with made-up values, and where these are.
struct LineModel {
  std::string text = {};  // kPadding bytes longer than the line
  std::size_t size = 0;   // of the line
  std::vector<LineSlot> slots = {};
  EncodingNotes notes = {};
  bool by_values = false;  // what the masker makes of such a line is what it makes of each of its values alone

  static constexpr std::size_t kPadding = 32;

  /// Asks the encoder and the masker. False: what changes with a value is not this value alone.
  bool learn(const Event& event, std::span<const ValueRef* const> more, bool flat, const Encoder& encoder, LineMasker& masker);

 private:
  bool add_slot(std::uint32_t value, bool quoted, const std::string& first, const std::string& second, const std::string& other);
  bool is_masked_by_values(std::span<const ValueRef> values, LineMasker& masker);
};

}  // namespace pii::log
