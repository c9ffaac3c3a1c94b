#include "pii/policy/policy_file.hpp"

#include <mutex>
#include <utility>

#include "node.hpp"
#include "pii/normalize.hpp"
#include "policy_text.hpp"
#include "sections.hpp"

namespace pii {
namespace {

using Clock = std::chrono::steady_clock;

PolicySyntax syntax_of(std::string_view path) {
  return path.ends_with(".json") ? PolicySyntax::json : PolicySyntax::yaml;
}

Result<PolicySpec> parse(std::string_view text, PolicySyntax syntax, std::string folder) {
  if (text.size() > kMaxPolicySize) return Error(ErrorCode::too_large, "policy: larger than 1 MiB");
  if (const std::size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    return Error(ErrorCode::invalid_utf8, "policy: byte " + std::to_string(bad) + " is no UTF-8");
  }
  const Result<policy::Node> root =
      syntax == PolicySyntax::json ? policy::read_json(text) : policy::read_yaml(text);
  if (!root) return root.error();
  return policy::read_policy(*root, std::move(folder));
}

Result<PolicySpec> parse_text(const std::string& path, std::string_view text) {
  const std::size_t slash = path.rfind('/');
  return parse(text, syntax_of(path), slash == std::string::npos ? "./" : path.substr(0, slash + 1));
}

}  // namespace

Result<PolicySpec> parse_policy(std::string_view text, PolicySyntax syntax) {
  return parse(text, syntax, {});
}

Result<PolicySpec> load_policy(const std::string& path) {
  const Result<policy::PolicyText> file = policy::read_text_file(path);
  if (!file) return file.error();
  return parse_text(path, file->text);
}

struct PolicyFile::Impl {
  std::string path;
  Options options;

  std::mutex reading;  // held by the one that looks at the file
  policy::FileStamp seen;

  mutable std::mutex mutex;  // of what follows
  std::shared_ptr<const MaskPolicy> policy;
  Status status;
  Clock::time_point looked;

  Result<std::shared_ptr<const MaskPolicy>> load();
  bool is_due();
  void look();
};

// Takes the stamp down first: a file that cannot be read is not tried again until it changes.
Result<std::shared_ptr<const MaskPolicy>> PolicyFile::Impl::load() {
  seen = policy::stamp_of(path);
  const Result<policy::PolicyText> file = policy::read_text_file(path);
  if (!file) return file.error();
  seen = file->stamp;
  Result<PolicySpec> spec = parse_text(path, file->text);
  if (!spec) return std::move(spec).error();
  if (options.adjust) options.adjust(*spec);
  return MaskPolicy::compile(*std::move(spec));
}

bool PolicyFile::Impl::is_due() {
  const std::lock_guard lock(mutex);
  const Clock::time_point now = Clock::now();
  if (now - looked < options.interval) return false;
  looked = now;
  return true;
}

void PolicyFile::Impl::look() {
  if (policy::stamp_of(path) == seen) return;
  auto loaded = load();
  const std::lock_guard lock(mutex);
  if (!loaded) {
    // Changing under our hands: the next look tries again.
    if (loaded.error().code() == ErrorCode::file_unstable) seen = {};
    ++status.refused;
    status.error = std::move(loaded).error();
    return;
  }
  policy = *std::move(loaded);
  ++status.revision;
  status.error.reset();
}

PolicyFile::PolicyFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PolicyFile::~PolicyFile() = default;

Result<std::unique_ptr<PolicyFile>> PolicyFile::open(std::string path, Options options) {
  auto impl = std::make_unique<Impl>();
  impl->path = std::move(path);
  impl->options = std::move(options);
  auto loaded = impl->load();
  if (!loaded) return std::move(loaded).error();
  impl->policy = *std::move(loaded);
  impl->status.revision = 1;
  impl->looked = Clock::now();
  return std::unique_ptr<PolicyFile>(new PolicyFile(std::move(impl)));
}

std::shared_ptr<const MaskPolicy> PolicyFile::current() {
  if (impl_->is_due()) {
    if (const std::unique_lock one(impl_->reading, std::try_to_lock); one.owns_lock()) impl_->look();
  }
  const std::lock_guard lock(impl_->mutex);
  return impl_->policy;
}

PolicyFile::Status PolicyFile::status() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->status;
}

}  // namespace pii
