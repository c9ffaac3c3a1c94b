#include "kit/exact_json.hpp"

#include <utility>
#include <vector>

namespace pii::kit {
namespace {

using Json = nlohmann::ordered_json;

class Builder final : public nlohmann::json_sax<Json> {
 public:
  Json root;

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t& text) override {
    if (text.find_first_of(".eE") != std::string::npos) return add(value);
    return add(Json::binary(Json::binary_t::container_type(text.begin(), text.end())));
  }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool key(string_t& name) override {
    names_.back() = std::move(name);
    return true;
  }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool open(Json container) {
    open_.push_back(std::move(container));
    names_.emplace_back();
    return true;
  }
  bool close() {
    Json done = std::move(open_.back());
    open_.pop_back();
    names_.pop_back();
    return add(std::move(done));
  }
  bool add(Json value) {
    if (open_.empty()) {
      root = std::move(value);
    } else if (open_.back().is_array()) {
      open_.back().push_back(std::move(value));
    } else {
      open_.back()[names_.back()] = std::move(value);
    }
    return true;
  }

  std::vector<Json> open_;
  std::vector<std::string> names_;
};

}  // namespace

std::optional<Json> parse_exact(std::string_view text) {
  Builder builder;
  if (!Json::sax_parse(text, &builder)) return std::nullopt;
  return std::move(builder.root);
}

std::string dump_exact(const Json& value) {
  std::string out;
  if (value.is_object()) {
    for (const auto& [name, member] : value.items()) {
      out += (out.empty() ? "{" : ",") + Json(name).dump() + ":" + dump_exact(member);
    }
    return out.empty() ? "{}" : out + "}";
  }
  if (value.is_array()) {
    for (const auto& element : value) out += (out.empty() ? "[" : ",") + dump_exact(element);
    return out.empty() ? "[]" : out + "]";
  }
  if (value.is_binary()) return {value.get_binary().begin(), value.get_binary().end()};
  return value.dump();
}

}  // namespace pii::kit
