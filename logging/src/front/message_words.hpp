#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "encode/encoder.hpp"

namespace pii::log {

/// `masked`, the line of an event with words (Logger::infof), with these in it: each `{}` is the field as it stands in the line, so
/// what was masked there is masked here. ECS: the words are the message, the event's name is `event.action`; flat: they are `message`.
/// It has to be masked once more, as words and values together may say more than each. nullopt: the line is no event.
std::optional<std::string> with_words(std::string_view masked, const Event& event, bool flat, const RootFields& root_fields);

}  // namespace pii::log
