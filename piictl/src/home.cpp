#include "home.hpp"

#include <cstdlib>
#include <string_view>

#include "json.hpp"
#include "keyset_file.hpp"
#include "pii/secret_json.hpp"

namespace piictl {
namespace {

using pii::Error;
using pii::ErrorCode;
using pii::Result;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Result<Home> find_home() {
  if (std::string folder = variable("PIICTL_HOME"); !folder.empty()) return Home{std::move(folder)};
  // The XDG specification has a relative path ignored.
  if (const std::string base = variable("XDG_CONFIG_HOME"); base.starts_with('/'))
    return Home{base + "/piictl"};
  if (const std::string user = variable("HOME"); !user.empty()) return Home{user + "/.config/piictl"};
  return Error(ErrorCode::not_configured, "nothing says where piictl's home is",
               "set PIICTL_HOME, or name a keyset with --token-keyset or --reveal-keyset");
}

Result<HomeConfig> load_home_config(const Home& home) {
  auto text = read_small_file(home.config_path());
  if (!text) {
    if (text.error().code() != ErrorCode::file_not_found) return std::move(text).error();
    return Error(ErrorCode::not_configured, "no keyset is configured, and there is no home at " + home.folder,
                 "piictl init makes one; or set PII_TOKEN_KEYSET_PATH and PII_ENV, or use flags");
  }
  const Error bad(ErrorCode::invalid_setting,
                  home.config_path() + " is not {\"env\": \"…\", \"access\": \"…\"}",
                  "mend it, or remove the home and run piictl init again");
  const auto parsed = pii::SecretJson::parse(*std::move(text), 1);
  if (!parsed || !parsed->root().is_object()) return bad;
  HomeConfig config;
  for (std::size_t i = 0; i < parsed->root().size(); ++i) {
    const std::string name = parsed->root().name_at(i);
    const auto value = parsed->root().at(i);
    if (!value->is_string() || (name != "env" && name != "access")) return bad;
    (name == "env" ? config.env : config.access) = value->plain_text();
  }
  return config;
}

std::string to_json(const HomeConfig& config) {
  return "{\n  \"env\": " + Json(config.env).text() + ",\n  \"access\": " + Json(config.access).text() + "\n}\n";
}

}  // namespace piictl
