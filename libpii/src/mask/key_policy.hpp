#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "pii/detector.hpp"
#include "pii/mask_policy.hpp"

namespace pii::mask {

/// What a key says of its value.
struct KeyVerdict {
  enum class Kind : std::uint8_t {
    plain,          // nothing: the detectors decide
    sensitive,      // the whole value is personal data of `type`
    secret,         // password, api key: redacted whole
    drop,           // cvv, pin, otp: [DROPPED]
    authorization,  // `Bearer …`: the scheme stays
    cookie,         // `a=b; c=d`: names stay
    set_cookie,     // the same, attributes stay too
    safe,           // named as safe: the detectors decide, and an enclosing sensitive key does not reach it
  };
  Kind kind = Kind::plain;
  Detector type = Detector::none;  // sensitive, secret, drop: how it is counted and which field type it gets
  DetectorSet context;             // detectors that the key's words give context to
  bool version_like = false;       // version, release, build: dotted numbers are no addresses
  bool part = false;  // a word that under a sensitive key names a part of it: first, line1, city, value

  bool operator==(const KeyVerdict&) const = default;
};

/// What an enclosing object's key is to the keys in it: all that they ask about it.
struct KeyRole {
  bool any = false;  // there is one
  bool card = false, person = false, thing = false, machine = false, header = false;  // what it names

  std::uint8_t bits() const noexcept {
    return static_cast<std::uint8_t>(any | card << 1 | person << 2 | thing << 3 | machine << 4 | header << 5);
  }
};

/// What a key says of its value, and of the keys below it.
struct KeySaid {
  KeyVerdict verdict;
  KeyRole role;
  bool by_outputs = false;  // outputs of the masker that may stand in it decide, too
};

/// Decides keys by their words (docs/detectors.md "Keys"). Immutable after construction; any thread.
/// Callers remember verdicts by the key's bytes.
class KeyPolicy {
 public:
  explicit KeyPolicy(const PolicySpec& spec);
  ~KeyPolicy();
  KeyPolicy(const KeyPolicy&) = delete;
  KeyPolicy& operator=(const KeyPolicy&) = delete;

  /// `key` is unescaped UTF-8, of any length; `parent` is the nearest enclosing object's key, empty at the
  /// root. The same word means different things in `user{name}` and `host{name}`. A dotted key brings its own
  /// parent.
  KeyVerdict judge(std::string_view key, std::string_view parent) const { return say(key, role_of(parent)).verdict; }
  KeySaid say(std::string_view key, KeyRole parent) const;
  KeyRole role_of(std::string_view parent) const;
  /// How many digits the longest number has that is in some phrase: of longer ones none says anything else than another.
  std::size_t longest_number() const noexcept;

 private:
  struct Lists;
  std::unique_ptr<const Lists> lists_;
};

}  // namespace pii::mask
