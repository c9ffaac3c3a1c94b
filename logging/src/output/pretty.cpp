#include "output/pretty.hpp"

#include "encode/json_writer.hpp"
#include "fields/json_reader.hpp"
#include "pii/logging/level.hpp"

namespace pii::log {

namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::size_t kEventWidth = 30;

std::string_view color_of(std::string_view level) noexcept {
  switch (parse_level(level).value_or(Level::info)) {
    case Level::warning: return "\x1b[33m";
    case Level::error:
    case Level::critical: return "\x1b[31m";
    case Level::info: return "\x1b[32m";
    default: return "\x1b[36m";
  }
}

bool plain(std::string_view text) noexcept {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\\' || c == '=' || c == 0x7F) return false;
  }
  return !text.empty();
}

// C1 controls (U+0080 to U+009F) steer terminals, too.
void write_text(std::string_view text, std::string& out) {
  const bool controls = text.find('\xC2') != std::string_view::npos;
  if (plain(text) && !controls) {
    out += text;
  } else {
    std::string quoted;
    write_string(text, quoted);
    for (std::size_t i = 0; i < quoted.size(); ++i) {
      const bool control = quoted[i] == '\xC2' && i + 1 < quoted.size() && static_cast<unsigned char>(quoted[i + 1]) < 0xA0;
      out += control ? '?' : quoted[i];
      if (control) ++i;
    }
  }
}

std::string_view text_of(const Object& event, std::string_view name) {
  const Value* const value = event.find(name);
  return value != nullptr && value->text() != nullptr ? std::string_view(*value->text()) : std::string_view{};
}

}  // namespace

void write_pretty(std::string_view flat, bool color, std::string& out) {
  const auto event = read_json(flat);
  if (!event || event->object() == nullptr) {
    out += flat;
    return;
  }
  const Object& members = *event->object();
  const std::string_view level = text_of(members, "level");
  const std::string_view time = text_of(members, "timestamp");
  const auto paint = [&](std::string_view code) { out += color ? code : std::string_view{}; };
  paint(kDim);
  std::string day(time.substr(0, 19));
  if (day.size() > 10) day[10] = ' ';
  if (day.find_first_not_of("0123456789-: ") == std::string::npos) out += day;
  paint(kReset);
  out += " [";
  paint(color_of(level));
  std::string name(to_string(parse_level(level).value_or(Level::info)));
  name.resize(8, ' ');
  out += name;
  paint(kReset);
  out += "] ";
  const std::size_t start = out.size();
  write_text(text_of(members, "event"), out);
  if (out.size() - start < kEventWidth) out.append(kEventWidth - (out.size() - start), ' ');
  for (const auto& [key, value] : members.members()) {
    if (key == "event" || key == "level" || key == "timestamp") continue;
    out += ' ';
    paint(kDim);
    write_text(key, out);
    out += '=';
    paint(kReset);
    if (const std::string* const text = value.text()) {
      write_text(*text, out);
    } else {
      write_value(value, nullptr, out);
    }
  }
  out += '\n';
}

}  // namespace pii::log
