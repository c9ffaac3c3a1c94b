#include "front/message_words.hpp"

#include "fields/json_reader.hpp"

namespace pii::log {

namespace {

// Flat (`log.level`) or nested.
const Value* find_path(const Object& object, std::string_view path) {
  if (const Value* const whole = object.find(path)) return whole;
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const Value* const outer = object.find(path.substr(0, dot));
  return outer != nullptr && outer->object() != nullptr ? find_path(*outer->object(), path.substr(dot + 1)) : nullptr;
}

// Where a field of the call stands in its line; null where placement had to call it otherwise.
const Value* find_field(const Object& line, std::string_view key, bool flat, const RootFields& root_fields) {
  if (flat || (key != "message" && root_fields.keeps(key))) return find_path(line, key);
  const Value* const extra = line.find("extra");
  return extra != nullptr && extra->object() != nullptr ? find_path(*extra->object(), key) : nullptr;
}

std::string rendered(const Object& line, const Event& event, bool flat, const RootFields& root_fields) {
  std::string text;
  auto field = event.places.begin();
  for (std::size_t i = 0; i < event.words.size(); ++i) {
    const char c = event.words[i];
    text += c;
    if (c != '{' && c != '}') continue;
    if (event.words[++i] == c) continue;  // a brace
    text.pop_back();
    while (field != event.places.end() && field->value.kind == ValueRef::Kind::local) ++field;
    if (field == event.places.end()) continue;
    const Value* const value = find_field(line, field->key, flat, root_fields);
    ++field;
    if (value == nullptr) {
      text += "{}";
    } else if (const std::string* const words = value->text()) {
      text += *words;
    } else {
      write_value(*value, nullptr, text);
    }
  }
  return text;
}

}  // namespace

std::optional<std::string> with_words(std::string_view masked, const Event& event, bool flat, const RootFields& root_fields) {
  auto value = read_json(masked);
  Object* const line = value ? value->object() : nullptr;
  if (line == nullptr) return std::nullopt;
  std::string words = rendered(*line, event, flat, root_fields);
  if (flat) {
    line->set("message", Value(std::move(words)));
  } else {
    Value name = line->find("message") != nullptr ? *line->find("message") : Value();
    line->set("message", Value(std::move(words)));
    if (line->find("event") == nullptr) line->set("event", Value(Object{}));
    Object* const of_event = line->find("event")->object();
    if (of_event != nullptr && of_event->find("action") == nullptr) of_event->set("action", std::move(name));
  }
  std::string text;
  write_value(*value, nullptr, text);
  text += '\n';
  return text;
}

}  // namespace pii::log
