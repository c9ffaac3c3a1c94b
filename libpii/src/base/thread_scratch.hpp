#pragma once

namespace pii::base {

/// An object of this thread, one a Tag, kept for its memory. When the thread's objects were destroyed, as when a static destructor
/// logs, another one is made that stays.
template <class T, class Tag>
T& thread_scratch() {
  static thread_local constinit bool gone = false;
  static thread_local constinit T* late = nullptr;
  struct Owner {
    T object;
    ~Owner() { gone = true; }
  };
  if (gone) [[unlikely]] {
    if (late == nullptr) late = new T;
    return *late;
  }
  static thread_local Owner owner;
  return owner.object;
}

}  // namespace pii::base
