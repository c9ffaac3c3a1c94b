#pragma once

#include <map>
#include <string>

#include "node.hpp"
#include "pii/mask_policy.hpp"
#include "reader.hpp"

// A policy's sections, each read into the PolicySpec. Faults stay in the reader.
namespace pii::policy {

struct Draft {
  Reader reader;
  PolicySpec spec;
  std::map<std::string, MaskAction, std::less<>> actions;  // the named ones
  std::string folder;  // of the file, with its slash; empty: there is none
};

void read_extends(Draft& draft, const Node* node);  // null: the profile default
void read_limits(Draft& draft, const Node& node);
void read_scope(Draft& draft, const Node& node);
void read_actions(Draft& draft, const Node& node);
void read_detectors(Draft& draft, const Node& node);
void read_custom_detectors(Draft& draft, const Node& node);
void read_keys(Draft& draft, const Node& node);
void read_paths(Draft& draft, const Node& node);
void read_allow(Draft& draft, const Node& node);

/// An action by name or written out.
MaskAction read_action(Draft& draft, const Node& node, const std::string& path);

/// The whole document. Errors: invalid_setting, unsupported_version, those of the files it names.
Result<PolicySpec> read_policy(const Node& root, std::string folder);

}  // namespace pii::policy
