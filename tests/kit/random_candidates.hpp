#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "pii/detector.hpp"

namespace pii::kit {

/// Short texts of what a detector looks for, of what is nearly that, and of the characters around it.
class RandomCandidates {
 public:
  explicit RandomCandidates(Detector detector) : detector_(detector), random_(static_cast<std::uint64_t>(detector)) {}

  std::string text();

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <std::size_t N>
  std::string any(const char* const (&of)[N]) {
    return of[below(N)];
  }
  std::string any_of(std::string_view characters, std::size_t count);
  std::string digits(std::size_t count) { return any_of("0123456789", count); }

  std::string candidate();
  std::string number();
  std::string with_luhn(std::string prefix, std::size_t size);
  std::string grouped(const std::string& number, const std::vector<std::vector<std::size_t>>& shapes);
  std::string kw_civil_id();
  std::string iban();
  std::string email();
  std::string label();
  std::string phone();
  std::string ipv4();
  std::string ipv6();
  std::string jwt();
  std::string api_key();
  std::string noise();

  Detector detector_;
  std::mt19937_64 random_;
};

}  // namespace pii::kit
