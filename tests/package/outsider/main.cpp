// An outsider's program: tokenizes with the keyset named by PII_TOKEN_KEYSET_PATH through public headers only.
#include <pii/pii.hpp>
#include <pii/providers/configuration.hpp>

#include <cstdio>

int main() {
  const auto configuration = pii::providers::configuration_from_environment();
  if (!configuration) return std::fprintf(stderr, "%s\n", configuration.error().message().c_str()), 2;
  const auto pii = pii::providers::make_pii(*configuration);
  if (!pii) return std::fprintf(stderr, "%s\n", pii.error().message().c_str()), 2;
  const auto token = pii->tokenize("email", "ada@example.com");
  if (!token) return std::fprintf(stderr, "%s\n", token.error().message().c_str()), 3;
  std::printf("%.*s\n", static_cast<int>(token->view().size()), token->view().data());
}
