#pragma once

#include <string>

#include "pii/result.hpp"

namespace piictl {

/// The files that `piictl init` makes, for working with nothing configured.
struct Home {
  std::string folder;  // $PIICTL_HOME, else $XDG_CONFIG_HOME/piictl, else ~/.config/piictl

  std::string config_path() const { return folder + "/config.json"; }
  std::string token_path() const { return folder + "/token.json"; }
  std::string reveal_path() const { return folder + "/reveal.json"; }
};

/// Errors: not_configured when no variable says where it would be.
pii::Result<Home> find_home();

/// What config.json holds.
struct HomeConfig {
  std::string env;
  std::string access;
};

/// Errors: not_configured when the home was never made, invalid_setting, file_unreadable.
pii::Result<HomeConfig> load_home_config(const Home& home);
std::string to_json(const HomeConfig& config);

}  // namespace piictl
