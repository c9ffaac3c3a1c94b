#pragma once

#include <cstddef>

namespace pii::kit {

/// How often operator new was called so far, in a program that is built with counting_new.cpp.
std::size_t allocation_count();

}  // namespace pii::kit
