#include "vault/curl_failure.hpp"

#include <algorithm>
#include <initializer_list>

namespace pii::providers::vault {
namespace {

bool says_any(std::string_view words, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(parts, [words](auto part) { return words.find(part) != words.npos; });
}

// By the numbers of X509_V_ERR_*, which OpenSSL never changes.
std::string certificate_fault(const CurlFailure& failure) {
  switch (failure.verify_result) {
    case 0:  // libcurl itself compares the name, and has 1 for what OpenSSL did not tell
    case 1:
      if (failure.code == CURLE_PEER_FAILED_VERIFICATION) return "its certificate is for another name";
      // An authority of the same name with another key: libcurl takes OpenSSL's first error, which is of the
      // signature.
      if (says_any(failure.words, {"asn1 encoding routines", "rsa routines", "bad signature"}))
        return "its certificate is from an unknown authority";
      return {};
    case 62:
    case 64:
      return "its certificate is for another name";
    case 9:
      return "its certificate is not valid yet";
    case 10:
      return "its certificate has expired";
    case 2:
    case 7:
    case 18:
    case 19:
    case 20:
    case 21:
      return "its certificate is from an unknown authority";
    case 23:
      return "its certificate is revoked";
    case 26:
      return "its certificate is not one of a server";
    case 66:
    case 67:
    case 68:
      return "its certificate has too weak a key or signature";
    default:
      return "its certificate is not to be trusted (X509_V_ERR " + std::to_string(failure.verify_result) +
             ")";
  }
}

}  // namespace

Error to_error(const CurlFailure& failure, const std::string& where) {
  const auto unavailable = [&where](const std::string& what, const char* hint) {
    return Error(ErrorCode::provider_unavailable, where + ": " + what, hint);
  };
  const auto insecure = [&where](const std::string& what, const char* hint) {
    return Error(ErrorCode::no_secure_connection, where + ": " + what, hint);
  };
  if (failure.code == CURLE_PEER_FAILED_VERIFICATION || failure.code == CURLE_SSL_CONNECT_ERROR) {
    if (const std::string fault = certificate_fault(failure); !fault.empty()) {
      return insecure(fault,
                      "name the authority in PII_VAULT_CACERT_PATH, and the name in "
                      "PII_VAULT_TLS_SERVER_NAME; check both clocks");
    }
  }
  // OpenSSL's words about the handshake; with TLS 1.3 a refusal of ours comes after it, as a failure to read.
  if (says_any(failure.words, {"certificate required", "alert bad certificate", "alert unknown ca",
                               "alert certificate", "alert unsupported certificate"})) {
    return insecure(failure.with_certificate ? "the server refuses our certificate"
                                             : "the server wants a certificate of ours",
                    "check PII_VAULT_CLIENT_CERT and PII_VAULT_CLIENT_KEY");
  }
  if (says_any(failure.words, {"wrong version number", "http request", "packet length too long"})) {
    return insecure("it speaks no TLS", "check the port in PII_VAULT_ADDR");
  }
  if (says_any(failure.words, {"unsupported protocol", "alert protocol version"})) {
    return insecure("it speaks no TLS that is still safe", "the server must speak TLS 1.2 or later");
  }
  switch (failure.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return unavailable("no such host", "check PII_VAULT_ADDR and the machine's name service");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unavailable("no such proxy", "check PII_VAULT_PROXY");
    case CURLE_COULDNT_CONNECT:
      return unavailable("nobody answers there", "check PII_VAULT_ADDR, and whether the server runs");
    case CURLE_OPERATION_TIMEDOUT:
      return unavailable("no complete answer in time", "PII_VAULT_TIMEOUT sets how long to wait");
    case CURLE_SSL_CACERT_BADFILE:
      return insecure("the authority's certificate cannot be read",
                      "check PII_VAULT_CACERT_PATH and PII_VAULT_CAPATH");
    case CURLE_SSL_CERTPROBLEM:
      return insecure("our certificate cannot be used",
                      "check PII_VAULT_CLIENT_CERT and PII_VAULT_CLIENT_KEY");
    case CURLE_SSL_CONNECT_ERROR:
      return unavailable("no TLS connection comes about",
                         "check that the address speaks https; the server may want a client certificate");
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return unavailable("the connection broke", "try again; the server may be restarting");
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return unavailable("what answers there does not speak HTTP", "check PII_VAULT_ADDR");
    case CURLE_ABORTED_BY_CALLBACK:
      return unavailable("given up, because the program ends", "start it again");
    default:
      return unavailable("the exchange failed (libcurl's error " + std::to_string(failure.code) + ")",
                         "check PII_VAULT_ADDR; piictl doctor tells more");
  }
}

}  // namespace pii::providers::vault
