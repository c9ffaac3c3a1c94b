#include <unistd.h>

#include <cstdlib>

#include "pii/logging/configuration.hpp"

namespace pii::log {

namespace {

Output console(int descriptor, Format format, BufferPolicy buffer) {
  Output output;
  const bool terminal = ::isatty(descriptor) == 1;
  output.format = format != Format::automatic ? format : terminal ? Format::pretty : Format::ecs;
  const char* const no_color = std::getenv("NO_COLOR");
  output.color = terminal && (no_color == nullptr || *no_color == '\0');
  if (terminal) buffer.bytes = 0;
  output.sink = make_descriptor_sink(descriptor, buffer);
  return output;
}

std::string stream_part(std::string_view name, std::string_view otherwise) {
  constexpr std::string_view kForbidden = "\\/*?\"<>| ,#:-";
  constexpr std::size_t kMax = 100;
  std::string part;
  for (const char c : name.substr(0, kMax)) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool forbidden = static_cast<unsigned char>(c) < 0x21 || kForbidden.find(c) != std::string_view::npos;
    part += forbidden ? '_' : upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return part.empty() ? std::string(otherwise) : part;
}

}  // namespace

Output standard_output(Format format, BufferPolicy buffer) { return console(STDOUT_FILENO, format, buffer); }
Output standard_error(Format format, BufferPolicy buffer) { return console(STDERR_FILENO, format, buffer); }

Output file(std::string path, Rotation rotation, Format format, BufferPolicy buffer) {
  Output output;
  output.sink = make_file_sink(std::move(path), rotation, buffer);
  output.format = format == Format::automatic ? Format::ecs : format;
  return output;
}

std::string data_stream_name(const Configuration& configuration) {
  return "logs-" + stream_part(configuration.project, "generic") + "-" + stream_part(configuration.environment, "default");
}

}  // namespace pii::log
