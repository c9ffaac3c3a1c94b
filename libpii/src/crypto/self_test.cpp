#include "pii/selftest.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "base/base64url_implementations.hpp"
#include "crypto/aes_gcm_implementations.hpp"
#include "crypto/random_pool.hpp"
#include "crypto/sha256_kernels.hpp"

namespace pii {
namespace {

SelfTestResult result(std::string_view primitive, std::string_view name, bool passed) {
  return {std::string(primitive) + "/" + std::string(name), passed,
          passed ? "" : "differs from the known answer and is not used"};
}

}  // namespace

std::vector<SelfTestResult> run_self_test() {
  std::vector<SelfTestResult> results;
  for (const crypto::CompressKernel& kernel : crypto::compress_kernels()) {
    results.push_back(result("sha256", kernel.name, crypto::passes_known_answer(kernel)));
  }
  for (const crypto::HmacKernel& kernel : crypto::hmac_kernels()) {
    results.push_back(
        result("hmac-sha256", kernel.name,
               crypto::passes_known_answer(kernel, 1) && crypto::passes_known_answer(kernel, 2)));
  }
  for (const crypto::AesGcmImplementation implementation : crypto::aes_gcm_implementations()) {
    results.push_back(
        result("aes-256-gcm", crypto::name_of(implementation), crypto::passes_known_answer(implementation)));
  }
  for (const base::Base64Implementation& implementation : base::base64_implementations()) {
    results.push_back(result("base64url", implementation.name, base::passes_known_answer(implementation)));
  }
  return results;
}

std::vector<Implementation> implementations() {
  const crypto::Sha256Dispatch& sha256 = crypto::sha256_dispatch();
  std::string lanes = sha256.one.name;
  for (std::size_t i = sha256.tier_count; i-- > 0;) lanes += std::string(" + ") + sha256.tiers[i].kernel.name;
  return {{"sha256", sha256.compress.name},
          {"hmac-sha256", lanes},
          {"aes-256-gcm", crypto::name_of(crypto::aes_gcm_in_force())},
          {"base64url", base::base64_in_force().name},
          {"random", crypto::RandomPool().is_buffered() ? "getrandom, buffered" : "getrandom"}};
}

}  // namespace pii
