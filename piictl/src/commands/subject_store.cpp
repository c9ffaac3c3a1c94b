#include "commands/subject_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "descriptor.hpp"
#include "pii/ciphertext.hpp"
#include "private_file.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

constexpr std::string_view kHeader = "piictl subjects 1";

Error not_a_row(std::size_t line) {
  return Error(ErrorCode::malformed_ciphertext,
               "the store's line " + std::to_string(line) + " is not a subject's id and wrapped key",
               "restore the file; a line that is lost is a person whose values are lost");
}

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
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (number == 1) {
      if (line != kHeader) return not_a_row(number);
      continue;
    }
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) return not_a_row(number);
    const std::string id = line.substr(0, tab);
    std::string wrapped = line.substr(tab + 1);
    if (!pii::SubjectId::parse(id) || !pii::parse_wrapped_key(wrapped)) return not_a_row(number);
    if (!wrapped_.emplace(id, std::move(wrapped)).second) return not_a_row(number);
  }
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
  std::string content(kHeader);
  content += '\n';
  for (const auto& [id, wrapped] : wrapped_) content.append(id).append(1, '\t').append(wrapped).append(1, '\n');
  if (auto written = write_private_file("--store", path_, content); !written) return written;
  const std::string folder = path_.substr(0, path_.rfind('/') + 1);
  const Descriptor descriptor(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor && ::fsync(descriptor.get()) == 0) return {};
  return Error(ErrorCode::output_failed, std::string("the folder of --store: ") + std::strerror(errno));
}

}  // namespace piictl
