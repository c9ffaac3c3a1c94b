#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/outputs.hpp"
#include "detect/scanner.hpp"
#include "kit/reference_json.hpp"
#include "kit/reference_pairs.hpp"
#include "kit/reference_place.hpp"
#include "kit/reference_text.hpp"
#include "mask/key_policy.hpp"
#include "pii/mask_policy.hpp"
#include "pii/masker.hpp"
#include "pii/protector.hpp"
#include "pii/tokenizer.hpp"

namespace pii::kit::reference {

/// docs/masking.md as plainly as it can be written: no index, no caches, nothing remembered from value to value but what the
/// document says. The detectors, the judgement of keys and the recognition of outputs are the engine's own. Rules of the
/// catalogue only.
class ReferenceMasker {
 public:
  ReferenceMasker(PolicySpec spec, MaskKeys keys);

  std::string mask_lines(std::string_view lines);
  std::string mask_document(std::string_view document);
  std::string mask_text(std::string_view text);
  const MaskCounts& counts() const { return counts_; }

 private:
  /// What takes the place of a piece of the line.
  struct Edit {
    std::size_t begin;
    std::size_t end;
    std::string text;
  };
  /// A text for the second round.
  struct Leaf {
    Placed raw;
    bool json = false;
    DetectorSet context = {};
    bool version_like = false;
    std::string key = {};
    std::size_t object = 0;  // of which it is a key, or 0
  };
  /// Something to replace.
  struct Found {
    Detector detector;
    std::size_t custom;
    std::string folded;
    std::string plain;
  };

  std::string mask_line(std::string_view line);
  std::string mask_json_or_text(std::string_view text);
  std::string mask_once(std::string_view text);
  std::string mask_as_text(std::string_view text);
  std::string written(std::string_view line);

  // Round 1.
  void walk(const JsonNode& node, const Placed& text, const Place& place, std::size_t embedded);
  void walk_object(const JsonNode& node, const Placed& text, const Place& place, std::size_t embedded);
  std::vector<std::string> names_beside(const JsonNode& object, const Placed& text, std::size_t member) const;
  Place decided_by_names(const JsonNode& object, const Placed& text, std::size_t i, const Place& place, const Place& below) const;
  void mask_string(const Placed& raw, const Place& place, std::size_t embedded);
  void mask_scalar(const Placed& raw, const Place& place);
  void mask_whole(const Placed& raw, bool json, const Place& place, const Ruling& ruling);
  void mask_header(const Placed& raw, const Place& place);
  bool mask_embedded(const Placed& raw, const Place& place, std::size_t embedded);
  void remember_name(const std::string& folded);
  Detector type_of(const std::string& folded, const Place& place) const;

  // Round 2.
  void scan(const Leaf& leaf);
  Placed within_limit(const Leaf& leaf);
  void find_outputs(const std::string& text, Pieces& pieces) const;
  void find_custom(const Leaf& leaf, const std::string& text, Pieces& pieces) const;
  void find_names(const std::string& text, Pieces& pieces) const;
  void run_detectors(const Leaf& leaf, const std::string& text, bool with_context, Pieces& pieces) const;
  void replace(const Piece& piece, const Pieces& pieces, const Placed& folded);
  void keep_key_apart(const Leaf& leaf, std::size_t first_edit);

  // Values.
  bool is_allowed(const Found& found) const;
  std::string output_for(const MaskAction& action, const Found& found);
  std::string header_for(const Found& found);
  std::string token_of(const Found& found, const std::string& suffix = {});
  std::string ciphertext_of(const Found& found);
  FieldType field_of(const Found& found) const;
  const MaskAction& action_for(const Found& found) const;
  std::string label_of(Detector detector, std::size_t custom) const;
  void edit(const Placed& where, std::string text, Detector counted);

  PolicySpec spec_;
  mask::KeyPolicy keys_;
  detect::Settings settings_;
  std::vector<std::string> labels_;
  detect::OutputGrammar grammar_;
  std::optional<Tokenizer> tokenizer_;
  std::optional<Protector> protector_;
  bool limited_ = true;  // limits of leaves are for what came in
  MaskCounts counts_;

  // Of one event.
  std::vector<Edit> edits_;
  std::vector<Leaf> leaves_;
  std::vector<std::string> names_;
  std::size_t objects_ = 0;
  std::map<std::pair<std::size_t, std::string>, int> masked_keys_;
};

}  // namespace pii::kit::reference
