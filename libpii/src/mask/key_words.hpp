#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "mask/key_policy.hpp"
#include "pii/detector.hpp"

// What words of keys mean: the data behind key_policy.cpp. Phrases are lower-case words, separated by commas.
namespace pii::mask::words {

/// Phrases that make a key personal data.
struct Meaning {
  KeyVerdict::Kind kind;
  Detector type;
  std::uint8_t flags;
  std::string_view phrases;

  /// Only alone, or after words that name a person or say nothing (`customer`, `new`): `card`, but not
  /// `graphics_card`.
  static constexpr std::uint8_t kAlone = 1;
  /// Words of no known meaning may follow: `password_admin`, but not `email_campaign`.
  static constexpr std::uint8_t kAnyTail = 2;
  /// Only below a key of a card: `expiry`, `holder`.
  static constexpr std::uint8_t kUnderCard = 4;
  /// `name`: what the enclosing key names decides.
  static constexpr std::uint8_t kOfPerson = 8;
  /// `address`: of a person, unless the enclosing key is a machine.
  static constexpr std::uint8_t kPostal = 16;
};
std::span<const Meaning> meanings() noexcept;

/// Words that give context to detectors.
struct Context {
  DetectorSet detectors;
  std::string_view phrases;
};
std::span<const Context> contexts() noexcept;

extern const std::string_view kPlain;  // phrases that look like personal data and are not: `id card type`
extern const std::string_view kSafe;   // whole keys that are safe by name
extern const std::string_view kTails;  // metadata: after a phrase they cancel it, alone they make a key safe
extern const std::string_view kNeutral;      // say nothing, before and after
extern const std::string_view kNeutralTail;  // say nothing after a phrase
extern const std::string_view kLeads;        // at the beginning of a key they cancel: `is`, `has`, `max`
extern const std::string_view kSoftLeads;    // leads that leave a secret a secret: `verify_password`
extern const std::string_view kQuiet;        // say nothing before `name`
extern const std::string_view kPersons;      // name a person: before `name` they make it a person's
extern const std::string_view kThings;       // name a thing: above `name` they make it a thing's
extern const std::string_view kMachines;     // above or before `address` they make it a network address
extern const std::string_view kCards;        // name a card
extern const std::string_view kParts;        // parts of what the enclosing key names
extern const std::string_view kVersions;     // dotted numbers under them are versions
extern const std::string_view kGlued;  // words that are written as one: `first name` also means `firstname`
extern const std::string_view kGluedHeads;  // person + head, written as one: `customername`

}  // namespace pii::mask::words
