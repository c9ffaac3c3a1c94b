#pragma once

#include "stream/row_format.hpp"

namespace piictl::stream {

class LinesFormat final : public RowFormat {
 public:
  LinesFormat(bool apply_to_empty, std::size_t max_line) noexcept
      : apply_to_empty_(apply_to_empty), max_line_(max_line) {}

  std::size_t targets() const noexcept override { return 1; }
  std::string_view target_name(std::size_t) const noexcept override { return {}; }
  std::unique_ptr<Splitter> make_splitter() const override;
  pii::Result<std::size_t> read_header(std::string_view, const std::vector<Defect>&, Buffer&) override {
    return std::size_t{0};
  }
  std::size_t scan(std::string_view text, Block& block) const override;
  Fault encode(const ValueBatch& values, const Splice& splice, Buffer& out) const override;
  bool keeps_failed_rows() const noexcept override { return true; }

 private:
  bool apply_to_empty_;
  std::size_t max_line_;
};

}  // namespace piictl::stream
