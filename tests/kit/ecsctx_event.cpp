#include "kit/ecsctx_event.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "normalize/unicode_rules.hpp"

namespace pii::kit {
namespace {

namespace ecsctx = mask::ecsctx;
using Json = nlohmann::ordered_json;

FieldType field_type(std::string_view name) {
  auto made = FieldType::make(name);
  if (!made) std::abort();
  return *std::move(made);
}

std::string token_of(const EcsctxSetup& setup, std::string_view type, std::string_view value) {
  if (setup.tokenizer == nullptr) return "[PII_REDACTED]";
  const auto token = setup.tokenizer->tokenize(field_type(type), value);
  return token ? std::string(token->view()) : "[PII_REDACTED]";
}

class ContainerWalk {
 public:
  explicit ContainerWalk(const EcsctxSetup& setup) : setup_(setup) {
    for (const std::string& path : setup.exempt_paths) exempt_.emplace_back(path);
  }

  void mask(Json& value) {
    if (value.is_string()) {
      value = scrub_ecsctx_text(value.get_ref<const std::string&>(), setup_);
    } else if (value.is_object()) {
      mask_members(value);
    } else if (value.is_array()) {
      path_.push_back(ecsctx::kArrayStep);
      for (Json& element : value) mask(element);
      path_.pop_back();
    }
  }

 private:
  void mask_members(Json& object) {
    for (auto member = object.begin(); member != object.end(); ++member) {
      path_.push_back(member.key());
      if (member.value().is_string()) {
        member.value() = masked(member.key(), member.value().get_ref<const std::string&>());
      } else {
        mask(member.value());
      }
      path_.pop_back();
    }
  }

  std::string masked(std::string_view key, const std::string& value) const {
    if (ecsctx::passes_as_token(value, setup_.fixed)) return value;
    if (!ecsctx::is_sensitive_key(key) || is_exempt()) return scrub_ecsctx_text(value, setup_);
    if (value.empty()) return value;
    const ecsctx::Unquoted inner = ecsctx::unquote(value);
    const std::string token =
        token_of(setup_, setup_.fixed ? ecsctx::fixed_field_type(key, inner.value) : "generic", inner.value);
    return inner.quoted ? '"' + token + '"' : token;
  }

  bool is_exempt() const {
    return std::any_of(exempt_.begin(), exempt_.end(),
                       [&](const ecsctx::ExemptPath& pattern) { return pattern.matches(path_); });
  }

  const EcsctxSetup& setup_;
  std::vector<ecsctx::ExemptPath> exempt_;
  std::vector<std::string_view> path_;
};

void mask_headers(Json& parent) {
  if (!parent.contains("headers") || !parent["headers"].is_object()) return;
  for (auto& [name, value] : parent["headers"].items()) {
    if (!value.is_string() || !ecsctx::is_authorization_key(name)) continue;
    std::string masked;
    ecsctx::append_masked_header(value.get_ref<const std::string&>(), masked);
    value = masked;
  }
}

void mask_container(Json& parent, const char* name, const EcsctxSetup& setup) {
  if (parent.contains(name)) ContainerWalk(setup).mask(parent[name]);
}

}  // namespace

std::string scrub_ecsctx_text(std::string_view text, const EcsctxSetup& setup) {
  std::string out;
  ecsctx::scrub_exactly(
      text, setup.fixed,
      [&](ecsctx::Replacement::Kind kind, std::string_view value, std::string& to) {
        to += token_of(setup, ecsctx::field_type_of(kind), value);
      },
      out);
  return out;
}

std::vector<std::string> split_exempt_paths(std::string_view variable) {
  std::vector<std::string> paths;
  while (true) {
    const std::size_t comma = variable.find(',');
    const std::string_view path = unicode::strip(variable.substr(0, comma));
    if (!path.empty()) paths.emplace_back(path);
    if (comma == std::string_view::npos) return paths;
    variable.remove_prefix(comma + 1);
  }
}

Json mask_ecsctx_event(Json event, const EcsctxSetup& setup) {
  mask_headers(event);
  for (const char* name : {"payload", "args", "kwargs"}) mask_container(event, name, setup);
  if (!event.contains("http") || !event["http"].is_object()) return event;
  Json& http = event["http"];
  if (http.contains("request") && http["request"].is_object()) {
    mask_headers(http["request"]);
    mask_container(http["request"], "body", setup);
  }
  if (http.contains("response") && http["response"].is_object())
    mask_container(http["response"], "body", setup);
  return event;
}

}  // namespace pii::kit
