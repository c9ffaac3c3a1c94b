#include "commands/subject_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "descriptor.hpp"
#include "private_file.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

}  // namespace

Result<SubjectStore> SubjectStore::open(const std::string& path, bool make) {
  SubjectStore store;
  store.path_ = path;
  if (auto ok = store.read(make); !ok) return ok.error();
  return store;
}

Result<SubjectStore> SubjectStore::open_for_change(const std::string& path, bool make) {
  auto lock = FolderWriter::lock(path);
  if (!lock) return std::move(lock).error();
  auto store = open(lock->path(), make);
  if (store) store->lock_ = *std::move(lock);
  return store;
}

Result<void> SubjectStore::read(bool make) {
  std::ifstream file(path_);
  if (!file) {
    const int why = errno;
    if (why == ENOENT && make) return {};
    return Error(why == ENOENT ? ErrorCode::file_not_found : ErrorCode::file_unreadable,
                 std::string("cannot read the file of --store: ") + std::strerror(why),
                 "piictl subject create makes one");
  }
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  auto rows = parse_subject_rows(text);
  if (!rows) return std::move(rows).error();
  wrapped_ = *std::move(rows);
  return {};
}

const std::string* SubjectStore::find(std::string_view id) const noexcept {
  const auto found = wrapped_.find(id);
  return found == wrapped_.end() ? nullptr : &found->second;
}

void SubjectStore::remove(std::string_view id) {
  if (const auto found = wrapped_.find(id); found != wrapped_.end()) wrapped_.erase(found);
}

Result<void> SubjectStore::write() const {
  if (auto written = write_private_file("--store", path_, to_text(wrapped_)); !written) return written;
  const std::string folder = path_.substr(0, path_.rfind('/') + 1);
  const Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor && ::fsync(descriptor.get()) == 0) return {};
  return Error(ErrorCode::output_failed, std::string("the folder of --store: ") + std::strerror(errno));
}

}  // namespace piictl
