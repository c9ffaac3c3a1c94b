#include "report.hpp"


#include "display_text.hpp"
#include "output.hpp"

namespace piictl {
namespace {

using pii::ErrorCode;

std::string_view general_hint(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_utf8:
      return "values are UTF-8; convert the input first, e.g. with iconv";
    case ErrorCode::invalid_name:
      return "environments, field types and key ids: docs/formats.md, \"Names\" (man piictl)";
    case ErrorCode::malformed_token:
      return "a token is ptok:v1: and 43 characters of base64url, or ptok:v2:<kid>: and base64url; a format-preserving one pfpt:v2:<kid>: and its characters";
    case ErrorCode::malformed_value:
      return "a phone number is + and digits with the country's code; piictl preserve takes the letters and digits of its key's alphabet alone";
    case ErrorCode::malformed_ciphertext:
      return "a ciphertext is penc:v1:<kid>: or penc:v2:<kid>: and base64url; --lenient reads what ecsctx wrote loosely";
    case ErrorCode::malformed_json:
    case ErrorCode::invalid_keyset:
      return "piictl keyset create makes a keyset of the right form, piictl keyset restore FILE --from BACKUP brings one back";
    case ErrorCode::malformed_csv:
      return "RFC 4180: a cell with quotes, delimiters or line breaks stands in quotes, its own quotes "
             "doubled";
    case ErrorCode::missing_column:
      return "a column is named as the header has it, and every row has as many cells as the header";
    case ErrorCode::too_large:
      return "--max-line BYTES allows longer ones";
    case ErrorCode::file_unstable:
    case ErrorCode::provider_unavailable:
    case ErrorCode::no_secure_connection:
      return "try again; piictl doctor shows which settings are in force";
    case ErrorCode::unsupported_version:
      return "this build reads and writes versions 1 and 2; the keyset says which it takes";
    case ErrorCode::access_denied:
      return "protect and reveal need --access full (or PII_ACCESS=full)";
    case ErrorCode::file_permission:
    case ErrorCode::file_unreadable:
      return "check the path and who may read it: piictl doctor";
    case ErrorCode::file_not_found:
      return "check the path; piictl doctor shows which settings are in force, piictl keyset create makes a keyset";
    case ErrorCode::login_failed:
      return "piictl vault login-check tells more; check the role's credentials";
    case ErrorCode::reveal_failed:
      return "field type, environment and keyset must be those it was protected with";
    case ErrorCode::output_failed:
      return "check free space and permissions where the output goes";
    case ErrorCode::not_configured:
      return "piictl init makes local keysets; or set PII_TOKEN_KEYSET_PATH and PII_ENV, or PII_VAULT_*";
    case ErrorCode::invalid_setting:
      return "piictl doctor shows which settings are in force";
    case ErrorCode::internal:
    case ErrorCode::crypto_failure:
    case ErrorCode::self_test_failed:
      return "piictl selftest says whether this build works on this machine";
    default:
      return "see piictl --help";
  }
}

}  // namespace

std::string printable(std::string_view text) { return display_text(text); }

void Report::line(std::string_view color, std::string_view label, std::string_view text) const {
  std::string out;
  if (color_) out.append(color);
  out.append(label);
  if (color_) out.append("\033[0m");
  out.append(" ").append(printable(text)).append("\n");
  write_to_standard_error(out);
}

void Report::error(const pii::Error& error) const {
  const std::string_view hint =
      error.hint().empty() ? general_hint(error.code()) : std::string_view(error.hint());
  if (json_) {
    const Json body = {
        {"error", {{"code", static_cast<int>(error.code())}, {"message", error.message()}, {"hint", hint}}}};
    write_to_standard_error(to_json_line(body));
    return;
  }
  line("\033[1;31m", "error:", error.message());
  line("\033[1;36m", "hint:", hint);
}

void Report::note(std::string_view text) const {
  if (!quiet_ && !json_) line("\033[1m", "note:", text);
}

void Report::warning(std::string_view text) const {
  if (!quiet_ && !json_) line("\033[1;33m", "warning:", text);
}

}  // namespace piictl
