#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "node.hpp"

namespace pii::policy {
namespace {

Place place_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

// Builds the tree. After the first fault it only waits for the end.
class Builder : public YAML::EventHandler {
 public:
  std::optional<Error> error;
  std::optional<Node> root;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.place = place_of(mark);
    if (accept(mark, "", anchor)) add(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    fail(place_of(mark), "aliases are not allowed");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (!accept(mark, tag, anchor)) return;
    Node node;
    // A quoted scalar has the tag `!`, a plain one `?`.
    node.kind = tag == "!" ? Node::Kind::text : Node::Kind::plain;
    node.place = place_of(mark);
    node.scalar = value;
    if (node.kind == Node::Kind::plain && (value == "null" || value == "~")) node.kind = Node::Kind::null;
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Level {
    Node node;
    std::optional<Node::Name> name;  // map: a name that waits for its value
  };

  void fail(Place place, std::string_view why) {
    if (!error) error = syntax_error(place, why);
  }

  bool accept(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) fail(place_of(mark), "anchors are not allowed");
    if (!tag.empty() && tag != "?" && tag != "!") fail(place_of(mark), "tags are not allowed");
    return !error;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    if (!accept(mark, tag, anchor)) return;
    if (levels_.size() >= kMaxDepth) return fail(place_of(mark), "nested too deeply");
    Level level;
    level.node.kind = kind;
    level.node.place = place_of(mark);
    levels_.push_back(std::move(level));
  }

  void close() {
    if (error || levels_.empty()) return;
    Node node = std::move(levels_.back().node);
    levels_.pop_back();
    add(std::move(node));
  }

  void add(Node node) {
    if (levels_.empty()) {
      root = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == Node::Kind::map && !level.name) {
      if (node.kind != Node::Kind::plain && node.kind != Node::Kind::text)
        return fail(node.place, "a name must be a word");
      const auto same = [&](const Node::Name& name) { return name.text == node.scalar; };
      if (std::any_of(level.node.names.begin(), level.node.names.end(), same)) {
        return fail(node.place, "this member stands there twice");
      }
      level.name = Node::Name{std::move(node.scalar), node.place};
      return;
    }
    if (level.name) level.node.names.push_back(*std::exchange(level.name, std::nullopt));
    level.node.items.push_back(std::move(node));
  }

  std::vector<Level> levels_;
};

}  // namespace

Result<Node> read_yaml(std::string_view text) {
  std::istringstream stream{std::string(text)};
  Builder builder;
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return Node{};
    if (!builder.error && parser.HandleNextDocument(builder)) {
      return syntax_error({}, "there is more than one document");
    }
  } catch (const YAML::Exception& fault) {
    // Its text may repeat the file's; the place is enough.
    if (!builder.error) builder.error = syntax_error(place_of(fault.mark), "this is not YAML");
  }
  if (builder.error) return *std::move(builder.error);
  if (!builder.root) return Node{};
  return *std::move(builder.root);
}

}  // namespace pii::policy
