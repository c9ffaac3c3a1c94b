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
};

/// Decides keys by their words (docs/detectors.md "Keys"). Immutable after construction; any thread. Not for
/// hot paths: callers remember verdicts by the key's bytes.
class KeyPolicy {
 public:
  explicit KeyPolicy(const PolicySpec& spec);
  ~KeyPolicy();
  KeyPolicy(const KeyPolicy&) = delete;
  KeyPolicy& operator=(const KeyPolicy&) = delete;

  /// `key` is unescaped UTF-8, of any length; `parent` is the nearest enclosing object's key, empty at the
  /// root. The same word means different things in `user{name}` and `host{name}`. A dotted key brings its own
  /// parent.
  KeyVerdict judge(std::string_view key, std::string_view parent) const;
  /// Whether judge() surely says nothing of the key, whatever its parent: cheaper, true of most keys of most events.
  bool says_nothing(std::string_view key) const;
  /// KeyVocabulary::append_skeleton(): of keys with the same one judge() says the same.
  bool append_skeleton(std::string_view key, std::string& out) const;

 private:
  struct Lists;
  std::unique_ptr<const Lists> lists_;
};

}  // namespace pii::mask
