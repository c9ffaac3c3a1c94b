#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/leaf_class.hpp"
#include "mask/arena.hpp"
#include "mask/ecsctx_rules.hpp"
#include "mask/edit.hpp"
#include "mask/layer.hpp"
#include "mask/masked_keys.hpp"
#include "mask/names.hpp"
#include "mask/place_table.hpp"
#include "mask/policy_impl.hpp"
#include "pii/masker.hpp"

namespace pii::mask {

/// A string or text that the second round looks at.
struct Leaf {
  Layer raw;                // between the quotes, escapes and all, or plain text
  detect::LeafClass bytes;  // of raw
  bool json = false;        // raw has JSON's escapes
  bool version_like = false;
  bool ecsctx_member = false;
  Treatment treatment = Treatment::scan;
  DetectorSet context = {};
  std::string_view key = {};      // for keywords of the policy's patterns, if it has any
  std::string_view path = {};     // only while somebody listens
  std::uint32_t object = 0;       // keys: which object they are of, counted from 1; else 0
  Entry* entry = nullptr;         // where it stands; null: nothing is to be remembered
};

/// A string of the line itself in which nothing is to be found but names of the event.
struct PlainLeaf {
  std::uint32_t begin;
  std::uint32_t end;
  Entry* entry = nullptr;  // where it stands, if the detectors found nothing the last time: with names they must look again
};

/// A key of the line itself that the second round looks at, while nobody listens.
struct KeyLeaf {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t object = 0;  // as in Leaf
  detect::LeafClass bytes;
  Entry* entry = nullptr;
};

/// What the listener will be told when the event is done.
struct Report {
  Detector detector;
  std::uint16_t custom;
  std::string_view path;
  std::string_view shape;
};

/// What the parts of the masker share while they work on one event.
struct Work {
  Work(const MaskPolicy& of, MaskCounts& to)
      : policy(of), impl(of.impl()), grammar(impl.grammar()), counts(to) {}

  const MaskPolicy& policy;
  const MaskPolicy::Impl& impl;
  detect::OutputGrammar grammar;
  MaskCounts& counts;
  MaskListener* listener = nullptr;
  bool has_key = false;      // tokens can be made
  bool can_encrypt = false;  // ciphertexts can
  /// What was replaced stands where its neighbours may be read in another way now: beside escapes, references or bytes beyond
  /// ASCII, in a pair, in a key, in the middle of a word. The result is masked again until nothing changes.
  bool look_again = false;
  std::string_view line;  // the event as it is looked at
  std::string_view path;  // of the scalar at hand, only while somebody listens
  bool limited = true;  // policy limits of leaves are for what came in, not for what masking has made of it
  Arena arena;
  std::vector<Edit> edits;
  std::vector<Leaf> leaves;
  std::vector<PlainLeaf> plain_leaves;
  std::vector<KeyLeaf> key_leaves;
  std::vector<Report> reports;
  Names names;
  bool names_in_line = true;  // names_stand_in() the line itself
  MaskedKeys masked_keys;
  std::string scratch;
  ecsctx::ScrubPlan scrub;
  /// Appends the token of a value at once, or [PII_REDACTED]: for the few that cannot wait.
  std::function<void(std::string_view field, std::string_view value, std::string& out)> append_token;

  void begin_event() noexcept {
    arena.reset();
    edits.clear();
    leaves.clear();
    plain_leaves.clear();
    key_leaves.clear();
    reports.clear();
    names.clear();
    names_in_line = true;
    look_again = false;
    line = {};
    path = {};
    masked_keys.clear();
  }
  /// Gives back what a long event needed.
  void give_back() noexcept {
    arena.give_back();
    std::vector<Edit>().swap(edits);
    std::vector<Leaf>().swap(leaves);
    std::vector<PlainLeaf>().swap(plain_leaves);
    std::vector<KeyLeaf>().swap(key_leaves);
    std::vector<Report>().swap(reports);
    masked_keys.give_back();
    std::string().swap(scratch);
    scrub = {};
    names.clear();
  }
};

}  // namespace pii::mask
