#include "commands/log_sources.hpp"

#include <array>

namespace piictl {
namespace {

// A call is followed by a parenthesis, the others by nothing in particular.
constexpr std::array<std::string_view, 6> kCalls = {"printf", "fprintf", "puts", "fputs", "perror", "syslog"};
constexpr std::array<std::string_view, 4> kStreams = {"std::cout", "std::cerr", "std::clog", "spdlog::"};

bool in_name(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// The line without its texts, letters and comment.
std::string code_of(std::string_view line) {
  std::string code;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line.substr(i, 2) == "//") break;
    code += line[i];
    if (line[i] != '"' && line[i] != '\'') continue;
    const char quote = line[i];
    for (++i; i < line.size() && line[i] != quote; ++i) {
      if (line[i] == '\\') ++i;
    }
    code += quote;
  }
  return code;
}

}  // namespace

std::string way_past_the_logger(std::string_view line) {
  const std::string code = code_of(line);
  for (const std::string_view name : kStreams) {
    const std::size_t at = code.find(name);
    if (at != std::string::npos && (at == 0 || !in_name(code[at - 1]))) return std::string(name);
  }
  for (const std::string_view name : kCalls) {
    for (std::size_t at = code.find(name); at != std::string::npos; at = code.find(name, at + 1)) {
      const std::size_t end = code.find_first_not_of(' ', at + name.size());
      if ((at == 0 || !in_name(code[at - 1])) && end != std::string::npos && code[end] == '(') return std::string(name);
    }
  }
  return {};
}

}  // namespace piictl
