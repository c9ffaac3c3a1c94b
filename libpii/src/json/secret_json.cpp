#include "pii/secret_json.hpp"

#include <charconv>
#include <utility>

#include "json/document.hpp"

namespace pii {
namespace {

constexpr std::size_t kMaxSize = std::size_t{64} << 20;

std::string_view view(const SecretBytes& text) {
  return {reinterpret_cast<const char*>(text.expose().data()), text.size()};
}

json::Node node(const void* document, std::uint32_t index) {
  return static_cast<const json::Document*>(document)->node(index);
}

// The child at `position`: an element, or a member as its name and value.
std::optional<json::Member> child(const json::Node& parent, std::size_t position) {
  if (parent.kind() == json::Kind::object) {
    for (const json::Member member : parent.members()) {
      if (position-- == 0) return member;
    }
  } else if (parent.kind() == json::Kind::array) {
    for (const json::Node element : parent.elements()) {
      if (position-- == 0) return json::Member{element, element};
    }
  }
  return std::nullopt;
}

std::string plain(const json::Node& text, std::size_t limit) {
  if (text.kind() != json::Kind::string || text.raw().size() > limit) return {};
  std::string out(text.raw().size(), '\0');
  out.resize(text.unescape(out.data()));
  return out;
}

// What a character becomes inside quotes, or empty when it stays itself.
std::string_view escape(char c, char (&buffer)[6]) noexcept {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"') return "\\\"";
  if (c == '\\') return "\\\\";
  if (c == '\n') return "\\n";
  if (byte >= 0x20) return {};
  buffer[0] = '\\';
  buffer[1] = 'u';
  buffer[2] = buffer[3] = '0';
  buffer[4] = kHex[byte >> 4];
  buffer[5] = kHex[byte & 15];
  return {buffer, 6};
}

}  // namespace

struct SecretJson::State {
  SecretBytes text;
  json::Document document;
};

SecretJson::SecretJson(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
SecretJson::SecretJson(SecretJson&& other) noexcept = default;
SecretJson& SecretJson::operator=(SecretJson&& other) noexcept = default;
SecretJson::~SecretJson() = default;

Result<SecretJson> SecretJson::parse(SecretBytes text, std::size_t max_depth) {
  auto document = json::Document::parse(view(text), {kMaxSize, max_depth});
  if (!document) return std::move(document).error();
  return SecretJson(std::make_unique<State>(State{std::move(text), *std::move(document)}));
}

SecretJson::Value SecretJson::root() const noexcept { return {&state_->document, 0}; }

std::optional<SecretJson::Value> SecretJson::find(
    std::initializer_list<std::string_view> path) const noexcept {
  std::optional<Value> value = root();
  for (const std::string_view name : path) {
    if (value) value = value->find(name);
  }
  return value;
}

bool SecretJson::Value::is_object() const noexcept {
  return node(document_, index_).kind() == json::Kind::object;
}
bool SecretJson::Value::is_array() const noexcept {
  return node(document_, index_).kind() == json::Kind::array;
}
bool SecretJson::Value::is_string() const noexcept {
  return node(document_, index_).kind() == json::Kind::string;
}
bool SecretJson::Value::is_null() const noexcept {
  return node(document_, index_).kind() == json::Kind::null;
}
bool SecretJson::Value::is_true() const noexcept { return node(document_, index_).text() == "true"; }

std::optional<SecretJson::Value> SecretJson::Value::find(std::string_view name) const noexcept {
  if (!is_object()) return std::nullopt;
  const auto found = node(document_, index_).find(name);
  if (!found) return std::nullopt;
  return Value(document_, found->index());
}

std::optional<std::int64_t> SecretJson::Value::integer() const noexcept {
  const json::Node number = node(document_, index_);
  if (number.kind() != json::Kind::number) return std::nullopt;
  const std::string_view text = number.text();
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

SecretBytes SecretJson::Value::secret_text() const {
  const json::Node text = node(document_, index_);
  if (text.kind() != json::Kind::string) return {};
  SecretBytes out(text.raw().size());
  out.shrink(text.unescape(reinterpret_cast<char*>(out.expose_mutable().data())));
  return out;
}

std::string SecretJson::Value::plain_text(std::size_t limit) const {
  return plain(node(document_, index_), limit);
}

SecretBytes SecretJson::Value::written() const {
  const std::string_view text = node(document_, index_).text();
  return SecretBytes::copy_of(std::as_bytes(std::span(text.data(), text.size())));
}

std::size_t SecretJson::Value::size() const noexcept {
  const json::Node parent = node(document_, index_);
  std::size_t count = 0;
  if (parent.kind() == json::Kind::object) {
    for ([[maybe_unused]] const json::Member member : parent.members()) ++count;
  } else if (parent.kind() == json::Kind::array) {
    for ([[maybe_unused]] const json::Node element : parent.elements()) ++count;
  }
  return count;
}

std::optional<SecretJson::Value> SecretJson::Value::at(std::size_t position) const noexcept {
  const auto found = child(node(document_, index_), position);
  if (!found) return std::nullopt;
  return Value(document_, found->value.index());
}

std::string SecretJson::Value::name_at(std::size_t position) const {
  if (!is_object()) return {};
  const auto found = child(node(document_, index_), position);
  return found ? plain(found->name, 1024) : std::string();
}

std::size_t json_string_size(std::string_view text) noexcept {
  char buffer[6];
  std::size_t size = 2;
  for (const char c : text) {
    const std::string_view escaped = escape(c, buffer);
    size += escaped.empty() ? 1 : escaped.size();
  }
  return size;
}

std::size_t write_json_string(std::string_view text, std::byte* out) noexcept {
  char buffer[6];
  std::byte* const begin = out;
  const auto put = [&out](char c) { *out++ = static_cast<std::byte>(c); };
  put('"');
  for (const char c : text) {
    const std::string_view escaped = escape(c, buffer);
    if (escaped.empty()) put(c);
    for (const char e : escaped) put(e);
  }
  put('"');
  return static_cast<std::size_t>(out - begin);
}

}  // namespace pii
