#include "pii/keyset_document.hpp"

#include <array>
#include <utility>

#include "json/document.hpp"
#include "keyset/keyset_digest.hpp"
#include "keyset/keyset_rules.hpp"
#include "keyset/secret_text.hpp"
#include "keyset/timestamp.hpp"
#include "pii/base64url.hpp"
#include "pii/names.hpp"

namespace pii {
namespace {

using json::Member;
using json::Node;
using keyset::TextWriter;

Result<void> check(const NewKey& key) {
  if (!is_valid_kid(key.kid)) {
    return Error(ErrorCode::invalid_name, "the new key's id must match [A-Za-z0-9._-]{1,64}");
  }
  if (!keyset::is_rfc3339_utc(key.created_at)) {
    return Error(ErrorCode::usage, "the new key's date must be RFC 3339 in UTC",
                 "for example 2025-01-31T12:00:00Z");
  }
  return {};
}

// A fresh key as unpadded base64url.
SecretBytes make_key_text() {
  const SecretBytes key = SecretBytes::random(keyset::kNewKeySize);
  SecretBytes text(base64url_encoded_size(key.size()));
  base64url_encode(key.expose(), reinterpret_cast<char*>(text.expose_mutable().data()));
  return text;
}

// What stands between the tokens of an entry: white space, and one colon or comma where there must be one.
struct EntryStyle {
  std::string_view colon;
  std::string_view open;
  std::string_view separator;
  std::string_view close;
};

void write_entry(TextWriter& out, const NewKey& key, KeysetUsage usage, const SecretBytes& key_text,
                 const EntryStyle& style) {
  out << "\"" << key.kid << "\"" << style.colon << "{" << style.open;
  out << "\"alg\"" << style.colon << "\"" << to_string(keyset::algorithm_of(usage)) << "\"" << style.separator;
  out << "\"created_at\"" << style.colon << "\"" << key.created_at << "\"" << style.separator;
  out << "\"key_b64\"" << style.colon << "\"" << keyset::text_of(key_text) << "\"" << style.close << "}";
}

// The first two members of an object that has that many, and where the last one ends.
struct Outline {
  explicit Outline(const Node& object) {
    for (const Member member : object.members()) {
      if (count < first.size()) first[count] = member;
      end = member.value.end();
      ++count;
    }
  }

  std::array<std::optional<Member>, 2> first;
  std::size_t count = 0;
  std::size_t end = 0;
};

// Lays a new entry of `keys` out as the one that stands first there now.
class Layout {
 public:
  Layout(std::string_view text, const Node& keys) : text_(text), keys_(keys), first_(keys_.first[0]->value) {
    const Node& entry = keys_.first[0]->value;
    style = {between(keys_.first[0]->name.end(), entry.begin()),
             between(entry.begin() + 1, first_.first[0]->name.begin()),
             between(first_.first[0]->value.end(), first_.first[1]->name.begin()),
             between(first_.end, entry.end() - 1)};
    indent_ = between(keys.begin() + 1, insert_at());
  }

  /// Where the new entry goes.
  std::size_t insert_at() const noexcept { return keys_.first[0]->name.begin(); }

  void write_separator(TextWriter& out) const {
    if (keys_.count > 1) {
      out << between(keys_.first[0]->value.end(), keys_.first[1]->name.begin());
    } else if (indent_.find('\n') != std::string_view::npos) {
      out << "," << indent_;
    } else {
      out << style.separator;
    }
  }

  EntryStyle style;

 private:
  std::string_view between(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }

  std::string_view text_;
  Outline keys_;
  Outline first_;
  std::string_view indent_;
};

// `insertion` goes to offset `insert_at` and `primary` replaces the value `old_primary`; all else is copied.
SecretBytes apply(std::string_view text, std::size_t insert_at, const SecretBytes& insertion,
                  const Node& old_primary, std::string_view primary) {
  struct Edit {
    std::size_t begin;
    std::size_t end;
    std::string_view replacement;
  };
  std::array<Edit, 2> edits{{{insert_at, insert_at, keyset::text_of(insertion)},
                             {old_primary.begin(), old_primary.end(), primary}}};
  if (edits[0].begin > edits[1].begin) std::swap(edits[0], edits[1]);
  return keyset::write_secret([&](TextWriter& out) {
    std::size_t copied = 0;
    for (const Edit& edit : edits) {
      out << text.substr(copied, edit.begin - copied) << edit.replacement;
      copied = edit.end;
    }
    out << text.substr(copied);
  });
}

}  // namespace

Result<SecretBytes> make_keyset_document(KeysetUsage usage, const NewKey& key, bool with_digest) {
  if (auto ok = check(key); !ok) return ok.error();
  const SecretBytes key_text = make_key_text();
  const EntryStyle style{": ", "\n      ", ",\n      ", "\n    "};
  SecretBytes document = keyset::write_secret([&](TextWriter& out) {
    out << "{\n  \"schema_version\": 1,\n  \"primary_kid\": \"" << key.kid << "\",\n  \"keys\": {\n    ";
    write_entry(out, key, usage, key_text, style);
    out << "\n  }";
    if (with_digest) out << ",\n  \"integrity\": {\n    \"digest\": \"" << keyset::kBlankDigest << "\"\n  }";
    out << "\n}\n";
  });
  if (auto ok = keyset::renew_digest(document); !ok) return ok.error();
  return document;
}

Result<SecretBytes> rotate_keyset_document(const SecretBytes& document, const NewKey& key) {
  if (auto ok = check(key); !ok) return ok.error();
  auto old = parse_keyset(document);
  if (!old) return old.error();
  if ((*old)->schema_version() != 1) {
    return Error(ErrorCode::usage, "a keyset of schema 2 keeps states, and is changed step by step",
                 "pii::KeysetDraft and pii::key_life; piictl rotate");
  }
  for (const KeyInfo& info : (*old)->keys()) {
    if (info.kid == key.kid)
      return Error(ErrorCode::already_exists, "key " + key.kid + " is in this keyset already");
  }

  auto text = keyset::read_json(document);
  if (!text) return text.error();
  const Layout layout(keyset::text_of(document), *text->root().find("keys"));
  const SecretBytes key_text = make_key_text();
  const SecretBytes entry = keyset::write_secret([&](TextWriter& out) {
    write_entry(out, key, (*old)->usage(), key_text, layout.style);
    layout.write_separator(out);
  });
  SecretBytes rotated = apply(keyset::text_of(document), layout.insert_at(), entry,
                              *text->root().find("primary_kid"), "\"" + key.kid + "\"");
  if (auto ok = keyset::renew_digest(rotated); !ok) return ok.error();
  // A keyset that was just within the limits may now be beyond them.
  if (auto parsed = parse_keyset(rotated, (*old)->usage()); !parsed) return parsed.error();
  return rotated;
}

}  // namespace pii
