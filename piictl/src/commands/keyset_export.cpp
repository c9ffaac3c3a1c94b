#include <unistd.h>

#include <cstring>

#include "commands/commands.hpp"
#include "folder_writer.hpp"
#include "keyset_change.hpp"
#include "output.hpp"
#include "pii/secret_json.hpp"
#include "report.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::KeysetDraft;
using pii::Result;
using pii::SecretBytes;

std::string_view text_of(const SecretBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.expose().data()), bytes.size()};
}

// A manifest that kubectl takes; the keyset goes from guarded memory to guarded memory.
SecretBytes kubernetes_secret(const SecretBytes& document, const std::string& name, const std::string& key) {
  const std::string head = R"({"apiVersion":"v1","kind":"Secret","metadata":{"name":)" + Json(name).text() +
                           R"(},"type":"Opaque","stringData":{)" + Json(key).text() + ":";
  const std::string_view tail = "}}\n";
  const std::size_t size = pii::json_string_size(text_of(document));
  SecretBytes manifest(head.size() + size + tail.size());
  std::byte* out = manifest.expose_mutable().data();
  std::memcpy(out, head.data(), head.size());
  pii::write_json_string(text_of(document), out + head.size());
  std::memcpy(out + head.size() + size, tail.data(), tail.size());
  return manifest;
}

class KeysetExportCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    options.add_keyset(file_);
    options.add_switch("--v1", v1_, "a document of schema 1, with what a version 1 reader may use");
    options.add_switch("--k8s-secret", secret_, "a Kubernetes Secret that holds the document");
    options.add_text("--secret-name", name_, "NAME",
                     "name of the Secret (default pii-token-keyset or pii-reveal-keyset)");
    options.add_text("--secret-key", key_, "KEY", "name of its entry (default token.json or reveal.json)");
    options.add_file("--out", out_, "FILE", "a file of mode 0600, never overwritten, instead of standard output");
  }

  Result<void> run(Session& session) override {
    if (!v1_ && !secret_) {
      return Error(ErrorCode::usage, "nothing says what to export", "--v1, --k8s-secret, or both");
    }
    const auto source = read_keyset_document(session, file_);
    if (!source) return source.error();
    const auto draft = KeysetDraft::read(SecretBytes::copy_of(source->expose()));
    if (!draft) return draft.error();
    auto document =
        v1_ ? draft->write_schema_1() : Result<SecretBytes>(SecretBytes::copy_of(source->expose()));
    if (!document) return std::move(document).error();
    const bool token = draft->record().usage == pii::KeysetUsage::token;
    if (secret_) {
      document = kubernetes_secret(*document,
                                   !name_.empty() ? name_
                                   : token        ? "pii-token-keyset"
                                                  : "pii-reveal-keyset",
                                   !key_.empty() ? key_
                                   : token       ? "token.json"
                                                 : "reveal.json");
    }
    const auto done = hand_out(session, *document);
    note_change(session, file_, {"export", {}}, draft->record().identity, done.has_value());
    return done;
  }

 private:
  // Key material never goes to a terminal.
  Result<void> hand_out(const Session& session, const SecretBytes& document) const {
    if (!out_.empty()) {
      const auto writer = FolderWriter::lock(out_);
      if (!writer) return writer.error();
      if (session.flags.dry_run) return {};
      return writer->create(document);
    }
    if (::isatty(STDOUT_FILENO) == 1) {
      return Error(ErrorCode::guard_refused, "keys are not shown on a terminal", "--out FILE, or a pipe");
    }
    if (session.flags.dry_run) return {};
    return write_to_standard_output(text_of(document));
  }

  std::string file_;
  std::string name_;
  std::string key_;
  std::string out_;
  bool v1_ = false;
  bool secret_ = false;
};

}  // namespace

std::unique_ptr<Command> make_keyset_export() { return std::make_unique<KeysetExportCommand>(); }

}  // namespace piictl
