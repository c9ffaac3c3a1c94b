#include "pii/logging/error_field.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

namespace pii::log {

namespace {

constexpr int kMaxCauses = 16;

std::string demangled(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 && name != nullptr ? name.get() : type.name();
}

std::string current_type() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  return type == nullptr ? "unknown" : demangled(*type);
}

// Causes are what std::throw_with_nested put inside, the nearest first.
void append_causes(const std::exception& error, std::string& out, int left) {
  const auto* const nested = dynamic_cast<const std::nested_exception*>(&error);
  if (nested == nullptr || nested->nested_ptr() == nullptr || left == 0) return;
  try {
    nested->rethrow_nested();
  } catch (const std::exception& cause) {
    out.append(out.empty() ? "caused by " : "\ncaused by ").append(demangled(typeid(cause))).append(": ").append(cause.what());
    append_causes(cause, out, left - 1);
  } catch (...) {
    out.append(out.empty() ? "caused by " : "\ncaused by ").append(current_type());
  }
}

}  // namespace

ErrorField::ErrorField(std::string_view message, std::string_view type) : message_(message), type_(type) {}

ErrorField::ErrorField(const std::exception& error) { read(error); }

ErrorField::ErrorField(const std::exception_ptr& error) {
  if (error == nullptr) return;
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    read(known);
  } catch (...) {
    type_ = current_type();
  }
}

void ErrorField::read(const std::exception& error) {
  message_ = error.what();
  type_ = demangled(typeid(error));
  append_causes(error, causes_, kMaxCauses);
}

ErrorField::operator Field() const noexcept {
  members_ = {Field{"message", std::string_view(message_)}, Field{"type", std::string_view(type_)},
              Field{"stack_trace", std::string_view(causes_)}};
  return {"error", std::span<const Field>(members_.data(), causes_.empty() ? 2u : 3u)};
}

}  // namespace pii::log
