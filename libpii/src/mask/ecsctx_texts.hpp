#pragma once

#include <cstdint>
#include <string_view>

#include "detect/leaf_class.hpp"
#include "mask/layer.hpp"
#include "mask/place_table.hpp"
#include "mask/work.hpp"

namespace pii::mask {

/// What a string must have one of to have an e-mail or a phone in it; detect::LeafClass.
inline constexpr std::uint32_t kWorthScanningByEcsctx =
    detect::LeafClass::at | detect::LeafClass::digits | detect::LeafClass::non_ascii | detect::LeafClass::backslash;

/// A string under a key that ecsctx takes for sensitive, or of a header.
void mask_ecsctx_value(Work& work, const Layer& raw, const Entry& entry);
/// Any other string that ecsctx looks at: its e-mails and phones.
void scan_ecsctx_text(Work& work, const Leaf& leaf);

}  // namespace pii::mask
