#include "home.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "keyset_file.hpp"

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
  const auto bytes = text->expose();
  const std::string_view document(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto parsed = nlohmann::json::parse(document, nullptr, false);
  const Error bad(ErrorCode::invalid_setting,
                  home.config_path() + " is not {\"env\": \"…\", \"access\": \"…\"}",
                  "mend it, or remove the home and run piictl init again");
  if (!parsed.is_object()) return bad;
  HomeConfig config;
  for (const auto& [name, value] : parsed.items()) {
    if (!value.is_string()) return bad;
    if (name == "env") {
      config.env = value.get<std::string>();
    } else if (name == "access") {
      config.access = value.get<std::string>();
    } else {
      return bad;
    }
  }
  return config;
}

std::string to_json(const HomeConfig& config) {
  nlohmann::ordered_json body;
  body["env"] = config.env;
  body["access"] = config.access;
  return body.dump(2) + "\n";
}

}  // namespace piictl
