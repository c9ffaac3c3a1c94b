#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace pii::kit {

/// Whether each of `count` forked children in turn has done its work within five seconds and found it good.
template <class Work>
bool all_children_do(int count, Work work) {
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(5);
      ::_exit(work() ? 0 : 1);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return false;
  }
  return true;
}

}  // namespace pii::kit
