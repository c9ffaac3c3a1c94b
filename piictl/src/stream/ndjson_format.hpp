#pragma once

#include <string>
#include <utility>
#include <vector>

#include "stream/json_path.hpp"
#include "stream/row_format.hpp"

namespace piictl::stream {

class NdjsonFormat final : public RowFormat {
 public:
  static pii::Result<std::unique_ptr<RowFormat>> make(const Ndjson& ndjson, std::size_t max_line);

  // The path that names the row is one more target, whose values no operation sees.
  std::size_t targets() const noexcept override { return paths_.size(); }
  std::string_view target_name(std::size_t target) const noexcept override { return paths_[target]; }
  std::unique_ptr<Splitter> make_splitter() const override;
  pii::Result<std::size_t> read_header(std::string_view, const std::vector<Defect>&, Buffer&) override {
    return std::size_t{0};
  }
  std::size_t scan(std::string_view text, Block& block) const override;
  Fault encode(const ValueBatch& values, const Splice& splice, Buffer& out) const override;

 private:
  NdjsonFormat(std::vector<std::string> paths, bool has_record, JsonPathTree tree, std::size_t max_line)
      : paths_(std::move(paths)), has_record_(has_record), tree_(std::move(tree)), max_line_(max_line) {}
  /// Takes what names the row out of its splices and tells the values of it.
  Fault take_record(std::size_t first_splice, Block& block) const;

  std::vector<std::string> paths_;
  bool has_record_;  // the last path names the row
  JsonPathTree tree_;
  std::size_t max_line_;
};

}  // namespace piictl::stream
