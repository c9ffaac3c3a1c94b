#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace piictl {

/// How often a key id occurs in tokens or ciphertexts of one kind.
struct KidCount {
  std::string kind;  // token, ciphertext, index, format_token, wrapped_key
  int version = 1;
  std::string kid;  // empty: the form carries none
  std::uint64_t count = 0;
};

/// Finds what libpii writes (docs/masking.md, section 2) in text of any form, whatever stands around it.
class KidCounter {
 public:
  static constexpr std::size_t kMaxKids = 1000;

  void scan(std::string_view text);
  void merge(const KidCounter& other);
  /// By kind, version and key id.
  std::vector<KidCount> counts() const;

 private:
  using Key = std::tuple<std::string_view, int, std::string>;

  void look_at(std::string_view text, std::size_t colon);
  void count(std::string_view kind, int version, std::string_view kid, std::uint64_t times);

  std::map<Key, std::uint64_t> counts_;
};

}  // namespace piictl
