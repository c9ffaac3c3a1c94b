#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "encode/json_writer.hpp"
#include "front/line_shapes.hpp"
#include "pii/logging/configuration.hpp"

namespace pii::log {

/// Masks lines; a test's own fails on purpose.
class LineMasker {
 public:
  virtual ~LineMasker() = default;
  virtual void mask(std::string_view line, std::string& out) = 0;
  /// pii::Masker::leaves_alone(), as far as it is known.
  virtual bool leaves_alone(std::string_view /*text*/) const noexcept { return false; }
  /// pii::Masker::mask_value(); false: not known, and nothing appended.
  virtual bool mask_value(Masker::ValuePlace& /*place*/, std::string_view /*text*/, std::string& /*out*/) noexcept { return false; }
  /// Bytes; of longer lines nothing is left but a placeholder.
  virtual std::size_t longest_line() const noexcept { return SIZE_MAX; }
};
using MaskerMaker = std::function<std::unique_ptr<LineMasker>()>;
/// Makes pii::Masker objects, one a thread.
MaskerMaker engine_maskers(std::shared_ptr<const MaskPolicy> policy, MaskKeys keys);

/// Of one thread: the only way from an encoded line to a MaskedLine. Whatever goes wrong, a placeholder takes the line's place.
class MaskingStage {
 public:
  explicit MaskingStage(std::unique_ptr<LineMasker> masker) : masker_(std::move(masker)) {}

  /// `line` is one JSON text with its line end. The result lives until the next call. `failed`: it is the placeholder.
  MaskedLine mask(std::string_view line, Level level, bool local, bool& failed) noexcept;
  /// The line of an event whose shape is known, masked where that changes something; without text for all others.
  MaskedLine known(const Event& event, bool flat, const Encoder& encoder, EncodingNotes& notes, bool& failed) noexcept {
    try {
      if (masker_ != nullptr) {
        const ShapedLine line = shapes_.line(event, flat, encoder, *masker_, notes);
        if (line.masked || line.text.empty()) return MaskedLine(line.text, event.level, event.local);
        return mask(line.text, event.level, event.local, failed);
      }
    } catch (...) {
      // Whoever encodes and masks it will see.
    }
    return MaskedLine({}, event.level, event.local);
  }
  /// `masked` in another form, made of nothing else.
  template <class Render>
  static MaskedLine rendered(const MaskedLine& masked, std::string& out, Render render) {
    out.clear();
    render(masked.text(), out);
    return MaskedLine(out, masked.level(), masked.local());
  }

 private:
  std::unique_ptr<LineMasker> masker_;
  LineShapes shapes_;
  std::string out_;
};

/// Tokens for values that are sensitive by declaration.
class TokenWriter final : public SensitiveWriter {
 public:
  explicit TokenWriter(const MaskKeys& keys, const MaskPolicy& policy) : keys_(keys), policy_(policy) {}
  void write(std::string_view field_type, std::string_view value, std::string& out) override;

 private:
  const MaskKeys& keys_;
  const MaskPolicy& policy_;
};

}  // namespace pii::log
