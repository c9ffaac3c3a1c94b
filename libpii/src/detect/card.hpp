#pragma once

#include <string_view>

#include "detect/regions.hpp"

namespace pii::detect {

enum class CardKind : unsigned char {
  none,
  ambiguous,  // in a range that other numbers fall in as well: needs context
  rare,       // in one that has hardly been issued from: needs context or the grouping of cards
  issued,     // issuer's range, length and check digit
};

/// What `digits` is by its range, length and Luhn digit (ISO 7812).
CardKind card_kind(std::string_view digits, const ExtraIins& extra) noexcept;

/// Whether it is a card number that a payment provider publishes for tests.
bool is_published_test_card(std::string_view digits) noexcept;

}  // namespace pii::detect
