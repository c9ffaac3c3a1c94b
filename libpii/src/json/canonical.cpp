#include "json/canonical.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include "base/utf8.hpp"
#include "json/string_text.hpp"
#include "pii/secret.hpp"

namespace pii::json {
namespace {

constexpr std::uint64_t kMaxExactInteger = std::uint64_t{1} << 53;

class Writer {
 public:
  explicit Writer(TextSink& sink) : sink_(sink) {}

  bool value(const Node& node) {
    switch (node.kind()) {
      case Kind::object:
        return object(node, nullptr);
      case Kind::array:
        return array(node);
      case Kind::string:
        return string(node);
      case Kind::number:
        return number(node);
      case Kind::null:
      case Kind::boolean:
        sink_.write(node.text());
        return true;
    }
    return false;
  }

  bool object(const Node& node, const std::string_view* omitted) {
    std::vector<Member> sorted;
    for (const Member member : node.members()) {
      if (omitted == nullptr || !member.name.equals(*omitted)) sorted.push_back(member);
    }
    std::sort(sorted.begin(), sorted.end(),
              [](const Member& a, const Member& b) { return compare_utf16(a.name.raw(), b.name.raw()) < 0; });
    std::string_view before = "{";
    for (const Member& member : sorted) {
      sink_.write(before);
      string(member.name);
      sink_.write(":");
      if (!value(member.value)) return false;
      before = ",";
    }
    sink_.write(sorted.empty() ? "{}" : "}");
    return true;
  }

  std::size_t failed_at() const noexcept { return failed_at_; }

 private:
  bool array(const Node& node) {
    std::string_view before = "";
    sink_.write("[");
    for (const Node element : node.elements()) {
      sink_.write(before);
      if (!value(element)) return false;
      before = ",";
    }
    sink_.write("]");
    return true;
  }

  // A string without escapes holds nothing that must be escaped: it is canonical as it stands.
  bool string(const Node& node) {
    if (!node.escaped()) {
      sink_.write(node.text());
      return true;
    }
    sink_.write("\"");
    StringReader reader(node.raw());
    while (!reader.done()) code_point(reader.next());
    sink_.write("\"");
    wipe(piece_, sizeof piece_);
    return true;
  }

  void code_point(char32_t c) {
    switch (c) {
      case '"':
        return sink_.write("\\\"");
      case '\\':
        return sink_.write("\\\\");
      case '\b':
        return sink_.write("\\b");
      case '\f':
        return sink_.write("\\f");
      case '\n':
        return sink_.write("\\n");
      case '\r':
        return sink_.write("\\r");
      case '\t':
        return sink_.write("\\t");
      default:
        break;
    }
    if (c >= 0x20) return sink_.write({piece_, base::encode_utf8(c, piece_)});
    const char escape[] = {
        '\\', 'u', '0', '0', static_cast<char>('0' + (c >> 4)), "0123456789abcdef"[c & 15]};
    sink_.write({escape, sizeof escape});
  }

  bool number(const Node& node) {
    std::string_view digits = node.text();
    if (digits.front() == '-') digits.remove_prefix(1);
    std::uint64_t magnitude = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
    if (error != std::errc() || end != digits.data() + digits.size() || magnitude > kMaxExactInteger) {
      failed_at_ = node.begin();
      return false;
    }
    sink_.write(magnitude == 0 ? "0" : node.text());  // -0 is written 0
    return true;
  }

  TextSink& sink_;
  char piece_[4];
  std::size_t failed_at_ = 0;
};

}  // namespace

Result<void> write_canonical(const Node& root, std::string_view omitted, TextSink& sink) {
  Writer writer(sink);
  if (writer.object(root, &omitted)) return {};
  return Error(ErrorCode::malformed_json,
               "byte " + std::to_string(writer.failed_at()) +
                   ": a digest covers integers within +-2^53 only, and no other numbers");
}

}  // namespace pii::json
