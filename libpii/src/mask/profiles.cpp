#include <array>
#include <string>

#include "pii/mask_policy.hpp"

namespace pii {
namespace {

MaskAction label(std::string text) {
  MaskAction action;
  action.type = MaskAction::Type::redact;
  action.label = std::move(text);
  return action;
}

MaskAction of_type(MaskAction::Type type) {
  MaskAction action;
  action.type = type;
  return action;
}

MaskAction& action_of(PolicySpec& spec, Detector detector) {
  return spec.actions[static_cast<std::size_t>(detector)];
}

constexpr DetectorSet kSecrets = {Detector::jwt,         Detector::auth_header,  Detector::api_key,
                                  Detector::private_key, Detector::url_userinfo, Detector::cookie,
                                  Detector::secret};

constexpr DetectorSet kOn = {
    Detector::email,       Detector::phone,       Detector::card,    Detector::card_track,
    Detector::iban,        Detector::kw_civil_id, Detector::sa_id,   Detector::ae_eid,
    Detector::us_ssn,      Detector::us_itin,     Detector::ipv4,    Detector::ipv6,
    Detector::person_name, Detector::address,     Detector::dob,     Detector::cvv,
    Detector::card_expiry, Detector::national_id, Detector::account, Detector::generic};

// Weaker: a length and a shape, no check digits, or numbers that the Gulf's workforce brings along.
constexpr DetectorSet kGulfWeaker = {Detector::qa_qid,     Detector::bh_cpr,  Detector::om_civil,
                                     Detector::in_aadhaar, Detector::pk_cnic, Detector::eg_nid};

// Actions for every detector, so that one enabled later has a fitting one.
void set_actions(PolicySpec& spec) {
  spec.actions.fill(of_type(MaskAction::Type::token));
  action_of(spec, Detector::jwt) = label("[JWT]");
  action_of(spec, Detector::api_key) = label("[API_KEY]");
  action_of(spec, Detector::secret) = label("[SECRET]");
  action_of(spec, Detector::url_userinfo) = label("[SECRET]");
  action_of(spec, Detector::cookie) = label("[COOKIE]");
  action_of(spec, Detector::card_track) = of_type(MaskAction::Type::drop);
  action_of(spec, Detector::private_key) = of_type(MaskAction::Type::drop);
  action_of(spec, Detector::cvv) = of_type(MaskAction::Type::drop);
  MaskAction& header = action_of(spec, Detector::auth_header);
  header.type = MaskAction::Type::partial;  // ends in the form of docs/masking.md section 4
  header.keep_last = 4;
}

PolicySpec base_profile() {
  PolicySpec spec;
  spec.enabled = kOn | kSecrets;
  set_actions(spec);
  spec.never_scan = {"@timestamp", "trace.id", "span.id", "transaction.id", "event.id", "log.origin.**"};
  return spec;
}

PolicySpec gulf_payments() {
  PolicySpec spec = base_profile();
  spec.enabled = spec.enabled | kGulfWeaker;
  return spec;
}

// PCI DSS 4.0: no part of a card but its token, no sensitive authentication data.
PolicySpec pci_strict() {
  PolicySpec spec = base_profile();
  action_of(spec, Detector::card_expiry) = of_type(MaskAction::Type::drop);
  action_of(spec, Detector::auth_header) = label("[AUTH_HEADER]");
  return spec;
}

PolicySpec secrets_only() {
  PolicySpec spec = base_profile();
  spec.enabled = kSecrets;
  spec.enabled.insert(Detector::cvv);
  return spec;
}

PolicySpec ecsctx(PolicySpec::Rules rules) {
  PolicySpec spec;
  spec.rules = rules;
  spec.enabled = {Detector::email, Detector::phone, Detector::generic, Detector::auth_header};
  set_actions(spec);
  spec.regions.clear();
  return spec;
}

constexpr std::array<std::string_view, 6> kNames = {"default",      "gulf-payments", "pci-strict",
                                                    "secrets-only", "ecsctx-compat", "ecsctx-fixed"};

}  // namespace

Result<PolicySpec> PolicySpec::profile(std::string_view name) {
  if (name == "default") return base_profile();
  if (name == "gulf-payments") return gulf_payments();
  if (name == "pci-strict") return pci_strict();
  if (name == "secrets-only") return secrets_only();
  if (name == "ecsctx-compat") return ecsctx(Rules::ecsctx_compat);
  if (name == "ecsctx-fixed") return ecsctx(Rules::ecsctx_fixed);
  return Error(
      ErrorCode::invalid_setting, "there is no such policy profile",
      "the profiles are default, gulf-payments, pci-strict, secrets-only, ecsctx-compat and ecsctx-fixed");
}

std::vector<std::string_view> PolicySpec::profile_names() { return {kNames.begin(), kNames.end()}; }

}  // namespace pii
