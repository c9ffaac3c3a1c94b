#pragma once

#include <memory>

#include "commands/mask_setup.hpp"
#include "commands/place_counter.hpp"
#include "pii/masker.hpp"
#include "stream/text_run.hpp"

namespace piictl {

/// Masks what a stream consists of.
class MaskTransform : public stream::TextTransform {
 public:
  /// `as_text`: lines are text, whether they look like JSON or not.
  MaskTransform(pii::Masker masker, bool as_text, std::size_t max_line)
      : masker_(std::move(masker)), as_text_(as_text), max_line_(max_line) {}
  /// A policy that is followed is looked up before lines or a document are masked; places are counted as it
  /// says.
  MaskTransform(const MaskSetup& setup, bool as_text, std::size_t max_line);

  std::uint64_t lines(std::string_view lines, std::string& out) override;
  void document(std::string_view document, std::string& out) override;
  void defect(const stream::Defect& defect, std::string_view row, std::string& out) override;

  pii::MaskCounts counts() const noexcept;
  /// Of what was masked while the policy asked for it (`stats: paths`).
  const FindingTable& places() const noexcept { return places_->places(); }

 protected:
  pii::Masker& masker() noexcept { return masker_; }

 private:
  void mask_as_text(std::string_view lines, std::string& out);
  void replace_long_line(std::uint64_t bytes, std::string& out);

  void refresh();
  void count_places();

  pii::Masker masker_;
  bool as_text_;
  std::size_t max_line_;
  pii::MaskCounts beside_;  // of lines that this masker never saw
  std::unique_ptr<PlaceCounter> places_ = std::make_unique<PlaceCounter>();
  std::shared_ptr<FollowedPolicy> followed_;
  std::shared_ptr<const pii::MaskPolicy> policy_;
  pii::MaskKeys keys_;
};

}  // namespace piictl
