#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "encode/encoder.hpp"

namespace pii::log {

/// What an event has beside the fields of its call: the values of its logger, those of the context, and, flat, the ids of its span.
/// Views of these for the length of a call.
class EventValues {
 public:
  /// False: something of it is neither null, bool, number nor text.
  bool collect(const Event& event, bool flat) {
    more_.clear();
    bound_form_ = {};
    context_form_ = {};
    hash_ = 0;
    span_ = 0;
    const bool nothing = event.bound == nullptr && (event.context == nullptr || event.context->data() == nullptr);
    return nothing || add_all(event, flat);
  }

  std::span<const ValueRef* const> more() const noexcept { return more_; }
  /// What tells events apart whose calls are the same: the forms of both objects, and whether there is a span, with its flags.
  std::string_view bound_form() const noexcept { return bound_form_; }
  std::string_view context_form() const noexcept { return context_form_; }
  std::uint8_t span() const noexcept { return span_; }
  std::uint64_t hash() const noexcept { return hash_; }

 private:
  bool add_all(const Event& event, bool flat);

  std::vector<const ValueRef*> more_;
  std::string_view bound_form_;
  std::string_view context_form_;
  std::uint64_t hash_ = 0;
  std::uint8_t span_ = 0;  // 0: there is none, or no line shows it
  std::array<char, 48> digits_ = {};
  std::array<ValueRef, 2> ids_ = {};
};

/// An event of the same form as another, with values of its own.
class ModelEvent {
 public:
  ModelEvent(const Event& of, bool flat, std::span<const ValueRef* const> more);

  /// In the order of the call's fields, then of EventValues.
  std::vector<ValueRef> values;
  std::chrono::system_clock::time_point time = {};

  bool is_of_call(std::size_t value) const noexcept { return value < of_.fields.size(); }
  /// An id of the span: the digits of a trace's or a span's.
  bool is_trace_id(std::size_t value) const noexcept { return ids_ && value + 2 == values.size(); }
  bool is_span_id(std::size_t value) const noexcept { return ids_ && value + 1 == values.size(); }
  /// Of the context's trace or span, which a flat line shows in its own way.
  bool is_left_out(std::size_t value) const noexcept { return value < left_out_.size() && left_out_[value]; }
  EncodingNotes encode(const Encoder& encoder, std::string& line);

 private:
  const Event& of_;
  const bool flat_;
  const bool ids_;
  std::vector<bool> left_out_;
  EventTree tree_;
};

}  // namespace pii::log
