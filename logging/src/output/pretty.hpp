#pragma once

#include <string>
#include <string_view>

namespace pii::log {

/// A masked flat line for people: `2024-01-15 14:32:01 [info   ] placing_order user_id=123`. What has blanks or control characters is
/// quoted as JSON. Appends one line; a line that is no flat event is copied.
void write_pretty(std::string_view flat, bool color, std::string& out);

}  // namespace pii::log
