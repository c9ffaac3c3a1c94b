#include <string>

#include "keyset/draft_state.hpp"
#include "keyset/keyset_digest.hpp"
#include "keyset/timestamp.hpp"
#include "pii/secret_json.hpp"

namespace pii::keyset {
namespace {

using json::Member;
using State = KeysetDraft::State;

std::string quoted(std::string_view text) {
  std::string out(json_string_size(text), '\0');
  write_json_string(text, reinterpret_cast<std::byte*>(out.data()));
  return out;
}

// The members of one object, each on a line of its own.
class ObjectWriter {
 public:
  ObjectWriter(TextWriter& out, std::size_t depth) : out_(out), depth_(depth) { out_ << "{"; }

  TextWriter& member(std::string_view name) {
    next();
    return out_ << quoted(name) << ": ";
  }
  void text(std::string_view name, std::string_view value) { member(name) << quoted(value); }
  void text_if(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  void number(std::string_view name, std::uint64_t value) { member(name) << std::to_string(value); }
  void date(std::string_view name, const std::optional<Seconds>& value) {
    if (value) text(name, to_rfc3339(*value));
  }
  // Members of others as they stand. Those of schema 1 get a name that schema 2 leaves alone.
  void others(const std::vector<Member>& members, std::string_view source) {
    for (const Member& member : members) {
      next();
      if (!member.name.raw().starts_with("x_")) {
        out_ << "\"x_" << member.name.raw() << "\": " << member.value.text();
      } else {
        out_ << source.substr(member.name.begin(), member.value.end() - member.name.begin());
      }
    }
  }
  void close() {
    if (any_) indent(depth_ - 1);
    out_ << "}";
  }
  std::size_t inner() const { return depth_ + 1; }

 private:
  void next() {
    if (any_) out_ << ",";
    any_ = true;
    indent(depth_);
  }
  void indent(std::size_t depth) {
    out_ << "\n";
    for (std::size_t i = 0; i < depth; ++i) out_ << "  ";
  }

  TextWriter& out_;
  std::size_t depth_;
  bool any_ = false;
};

class Writer {
 public:
  Writer(TextWriter& out, const State& draft) : out_(out), draft_(draft), record_(draft.record) {}

  void schema_2() {
    ObjectWriter root(out_, 1);
    root.number("schema_version", 2);
    write_primary(root, 1, true);
    write_keys(root, "keys",
               [](const KeyRecord& key) { return is_live(key.status) && version_of(key.algorithm) == 1; });
    write_v2(root);
    write_stored(root, "disabled", KeyStatus::disabled, KeyStatus::destroy_scheduled);
    write_stored(root, "tombstones", KeyStatus::destroyed, KeyStatus::destroyed);
    write_identity(root);
    root.others(draft_.extras, source());
    ObjectWriter integrity(root.member("integrity"), root.inner());
    integrity.text("digest", kBlankDigest);
    integrity.close();
    root.close();
    out_ << "\n";
  }

  void schema_1() {
    ObjectWriter root(out_, 1);
    root.number("schema_version", 1);
    write_primary(root, 1, true);
    ObjectWriter keys(root.member("keys"), root.inner());
    for (const KeyRecord& key : record_.keys) {
      if (!is_live(key.status) || version_of(key.algorithm) != 1) continue;
      ObjectWriter entry(keys.member(key.kid), keys.inner());
      entry.text("alg", to_string(key.algorithm));
      entry.date("created_at", key.created_at);
      write_material(entry, key);
      entry.close();
    }
    keys.close();
    root.close();
    out_ << "\n";
  }

 private:
  std::string_view source() const {
    const auto bytes = draft_.document.expose();
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  void write_primary(ObjectWriter& to, int version, bool null_if_none) {
    const KeyRecord* primary = record_.active(version, main_role_of(record_.usage));
    if (primary != nullptr) {
      to.text("primary_kid", primary->kid);
    } else if (null_if_none) {
      to.member("primary_kid") << "null";
    }
  }

  template <class Belongs>
  void write_keys(ObjectWriter& to, std::string_view name, const Belongs& belongs) {
    ObjectWriter keys(to.member(name), to.inner());
    for (const KeyRecord& key : record_.keys) {
      if (belongs(key)) write_entry(keys, key);
    }
    keys.close();
  }

  void write_v2(ObjectWriter& root) {
    const auto belongs = [](const KeyRecord& key) {
      return is_live(key.status) && version_of(key.algorithm) == 2;
    };
    bool any = !draft_.v2_extras.empty();
    for (const KeyRecord& key : record_.keys) any = any || belongs(key);
    if (!any) return;
    ObjectWriter v2(root.member("v2"), root.inner());
    write_primary(v2, 2, false);
    write_keys(v2, "keys", belongs);
    v2.others(draft_.v2_extras, source());
    v2.close();
  }

  void write_stored(ObjectWriter& root, std::string_view name, KeyStatus one, KeyStatus other) {
    const auto belongs = [=](const KeyRecord& key) { return key.status == one || key.status == other; };
    bool any = false;
    for (const KeyRecord& key : record_.keys) any = any || belongs(key);
    if (any) write_keys(root, name, belongs);
  }

  void write_entry(ObjectWriter& keys, const KeyRecord& key) {
    ObjectWriter entry(keys.member(key.kid), keys.inner());
    entry.text("alg", to_string(key.algorithm));
    entry.text("status", to_string(key.status));
    entry.date("created_at", key.created_at);
    entry.date("staged_at", key.staged_at);
    entry.date("activated_at", key.activated_at);
    entry.date("retired_at", key.retired_at);
    entry.date("compromised_at", key.compromised_at);
    if (!is_live(key.status)) {
      entry.date("disabled_at", key.disabled_at);
      entry.date("destroy_at", key.destroy_at);
      entry.date("destroyed_at", key.destroyed_at);
      if (key.evidence) {
        ObjectWriter evidence(entry.member("evidence"), entry.inner());
        evidence.date("scanned_at", key.evidence->scanned_at);
        evidence.text("digest", key.evidence->digest);
        evidence.close();
      }
    }
    write_params(entry, key);
    entry.text_if("kcv", key.check_value);
    if (key.status != KeyStatus::destroyed) write_material(entry, key);
    if (const auto found = draft_.key_extras.find(key.kid); found != draft_.key_extras.end()) {
      entry.others(found->second, source());
    }
    entry.close();
  }

  static void write_params(ObjectWriter& entry, const KeyRecord& key) {
    if (version_of(key.algorithm) == 1) return;
    ObjectWriter params(entry.member("params"), entry.inner());
    switch (key.algorithm) {
      case KeyAlgorithm::pii_tok_2:
        params.number("len", key.params.token_length);
        break;
      case KeyAlgorithm::pii_idx_2:
        params.number("bits", key.params.index_bits);
        break;
      case KeyAlgorithm::pii_ff1_2:
        params.text("alphabet", key.params.alphabet);
        break;
      default:
        params.number("pad", key.params.padding);
        break;
    }
    params.close();
  }

  void write_material(ObjectWriter& entry, const KeyRecord& key) {
    const State::Key& material = draft_.keys.find(key.kid)->second;
    TextWriter& out = entry.member("key_b64");
    if (material.own.empty()) {
      out << material.written;
      return;
    }
    const auto bytes = material.own.expose();
    out << "\"" << std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()) << "\"";
  }

  void write_identity(ObjectWriter& root) {
    const KeysetIdentity& identity = record_.identity;
    ObjectWriter keyset(root.member("keyset"), root.inner());
    keyset.text_if("id", identity.id);
    keyset.text_if("name", identity.name);
    keyset.text("usage", to_string(record_.usage));
    keyset.text_if("env", identity.env);
    keyset.text_if("owner", identity.owner);
    keyset.number("revision", identity.revision);
    keyset.date("updated_at", identity.updated_at);
    write_policy(keyset);
    keyset.others(draft_.keyset_extras, source());
    keyset.close();
  }

  void write_policy(ObjectWriter& keyset) {
    const KeysetPolicy& policy = record_.policy;
    ObjectWriter out(keyset.member("policy"), keyset.inner());
    out.number("write_version", static_cast<std::uint64_t>(policy.write_version));
    out.member("accept_versions") << (policy.accept_v1 && policy.accept_v2 ? "[1, 2]"
                                      : policy.accept_v1                   ? "[1]"
                                                                           : "[2]");
    out.text("rotate_every", to_duration(policy.rotate_every));
    out.text("propagation", to_duration(policy.propagation));
    out.text("retire_min", to_duration(policy.retire_min));
    out.text("destroy_hold", to_duration(policy.destroy_hold));
    out.number("max_messages_log2", static_cast<std::uint64_t>(policy.max_messages_log2));
    out.member("require_record") << (policy.require_record ? "true" : "false");
    out.others(draft_.policy_extras, source());
    out.close();
  }

  TextWriter& out_;
  const State& draft_;
  const KeysetRecord& record_;
};

}  // namespace

void write_schema_2(TextWriter& out, const State& draft) { Writer(out, draft).schema_2(); }
void write_schema_1(TextWriter& out, const State& draft) { Writer(out, draft).schema_1(); }

}  // namespace pii::keyset
