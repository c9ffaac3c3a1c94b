#include <algorithm>
#include <cmath>
#include <cstdio>

#include "commands/commands.hpp"
#include "output.hpp"
#include "pii/blind_index.hpp"

namespace piictl {
namespace {

using pii::Result;

struct Choice {
  unsigned bits;
  double values_an_index;  // different values of the domain that share an index
  double rows_an_index;    // rows that a look-up finds, of which all but the wanted are wrong
};

// An index hides a value among the others of its domain and finds it among the rows, and both cannot be had at once. At
// least this many of the domain's values should share an index.
constexpr double kCrowd = 4;

Choice choice_of(unsigned bits, double rows, double domain) {
  const double indexes = std::exp2(bits);
  return {bits, domain / indexes, rows / std::min(indexes, domain)};
}

// The most bits that still hide a value in a crowd; at least the least that there are.
unsigned proposed_bits(double domain) {
  const double most = std::floor(std::log2(domain / kCrowd));
  return static_cast<unsigned>(std::clamp(most, double{pii::kMinIndexBits}, double{pii::kMaxIndexBits}));
}

class IndexPlanCommand final : public Command {
 public:
  void declare(OptionList& options) override {
    OptionSpec& rows = options.add_number("--rows", rows_, "N", "how many rows there will be");
    rows.minimum = 1;
    rows.required = true;
    OptionSpec& domain = options.add_number("--domain", domain_, "N", "how many different values there can be");
    domain.minimum = 2;
    domain.required = true;
  }

  Result<void> run(Session& session) override {
    const auto rows = static_cast<double>(rows_);
    const auto domain = static_cast<double>(domain_);
    const unsigned bits = proposed_bits(domain);
    const Choice proposed = choice_of(bits, rows, domain);
    const bool hides = proposed.values_an_index >= kCrowd;
    if (session.flags.json) {
      return write_to_standard_output(to_json_line({{"bits", bits},
                                                    {"values_per_index", proposed.values_an_index},
                                                    {"rows_per_index", proposed.rows_an_index},
                                                    {"hides", hides}}));
    }
    std::string text;
    for (int offset = -4; offset <= 4; offset += 2) {
      const int other = static_cast<int>(bits) + offset;
      if (other < static_cast<int>(pii::kMinIndexBits) || other > static_cast<int>(pii::kMaxIndexBits)) continue;
      const Choice choice = choice_of(static_cast<unsigned>(other), rows, domain);
      text += std::to_string(choice.bits) + " bits: " + number(choice.rows_an_index) + " rows a look-up, " +
              number(choice.values_an_index) + " values an index" + (offset == 0 ? "  <- proposed" : "") + "\n";
    }
    if (!hides) {
      text += "The domain is too small to hide a value: even the shortest index tells which few it can be.\n";
    }
    return write_to_standard_output(text);
  }

 private:
  static std::string number(double value) {
    char text[32];
    (void)std::snprintf(text, sizeof text, value < 10 ? "%.2g" : "%.0f", value);
    return text;
  }

  std::uint64_t rows_ = 0;
  std::uint64_t domain_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_index_plan() { return std::make_unique<IndexPlanCommand>(); }

}  // namespace piictl
