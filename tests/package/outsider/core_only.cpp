// Uses pii::core alone: no provider, no file.
#include <pii/keyset_document.hpp>
#include <pii/selftest.hpp>

#include <cstdio>

int main() {
  const auto document = pii::make_keyset_document(pii::KeysetUsage::token, {"k1", "2026-01-01T00:00:00Z"});
  if (!document || !pii::parse_keyset(*document)) return 1;
  for (const auto& result : pii::run_self_test()) {
    if (!result.passed) return 2;
  }
  std::puts("ptok:v1:");  // what package_test.py looks for
}
