#pragma once

#include "pii/masker.hpp"
#include "scan/finding_table.hpp"

namespace piictl {

/// Counts what a masker finds by place, of a share of its events (a policy's `sampling`).
class PlaceCounter final : public pii::MaskListener {
 public:
  /// From now on: of every event 1, of none 0.
  void set_rate(double rate) noexcept { rate_ = rate; }
  const FindingTable& places() const noexcept { return places_; }

 private:
  void on_finding(const pii::MaskFinding& finding) override;

  double rate_ = 1;
  FindingTable places_;
};

}  // namespace piictl
