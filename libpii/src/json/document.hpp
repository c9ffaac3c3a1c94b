#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "pii/result.hpp"

namespace pii::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

struct Limits {
  std::size_t max_size;   // bytes; at most 2^32 - 1
  std::size_t max_depth;  // arrays and objects inside one another; the stack grows with it
};

class Document;
class Elements;
class Members;

/// One value of a Document, by its place in the text: nothing is copied. Valid while the Document stays where
/// it is and its text lives.
class Node {
 public:
  Kind kind() const noexcept;
  /// The range of the text that the value takes, with its quotes or brackets.
  std::size_t begin() const noexcept;
  std::size_t end() const noexcept;
  std::string_view text() const noexcept;
  /// Its place, for Document::node().
  std::uint32_t index() const noexcept { return index_; }

  /// Strings: what stands between the quotes, and whether that holds escapes.
  std::string_view raw() const noexcept;
  bool escaped() const noexcept;
  /// Strings: whether the unescaped text is `utf8`.
  bool equals(std::string_view utf8) const noexcept;
  /// Strings: writes the unescaped text to `out`, which must hold raw().size() bytes; returns its size.
  std::size_t unescape(char* out) const noexcept;

  /// Arrays: the values. Objects: the members, in the order of the text.
  Elements elements() const noexcept;
  Members members() const noexcept;
  /// Objects: the value of member `name`.
  std::optional<Node> find(std::string_view name) const noexcept;

 private:
  friend class Document;
  friend class Elements;
  friend class Members;
  Node(const Document& document, std::uint32_t index) : document_(&document), index_(index) {}
  Node after() const noexcept;

  const Document* document_;
  std::uint32_t index_;
};

struct Member {
  Node name;
  Node value;
};

/// A JSON text (RFC 8259) with the places of its values. Strict: UTF-8 without byte order mark, no duplicate
/// member names (after unescaping), no lone surrogate escapes, nothing after the value. Holds offsets only,
/// so that a text in secret memory is not copied out of it.
class Document {
 public:
  /// `text` must outlive the document. Errors: malformed_json and too_large, with the byte offset and never
  /// the text.
  static Result<Document> parse(std::string_view text, const Limits& limits);

  Node root() const noexcept { return {*this, 0}; }
  Node node(std::uint32_t index) const noexcept { return {*this, index}; }

  /// A value's entry; a container is followed by its children, and `next` is the entry after the last of
  /// them.
  struct Entry {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint32_t next;
    Kind kind;
    bool escaped;
  };

 private:
  friend class Node;
  friend class Elements;
  friend class Members;
  Document(std::string_view text, std::vector<Entry> entries) : text_(text), entries_(std::move(entries)) {}
  /// The offset of the first name that repeats an earlier one of its object.
  std::optional<std::size_t> find_duplicate_name() const;

  std::string_view text_;
  std::vector<Entry> entries_;
};

/// The values of an array.
class Elements {
 public:
  class Iterator {
   public:
    explicit Iterator(Node node) : node_(node) {}
    Node operator*() const noexcept { return node_; }
    Iterator& operator++() noexcept { return node_ = node_.after(), *this; }
    bool operator==(const Iterator& other) const noexcept { return node_.index_ == other.node_.index_; }

   private:
    Node node_;
  };
  explicit Elements(Node array) : array_(array) {}
  Iterator begin() const noexcept { return Iterator(Node(*array_.document_, array_.index_ + 1)); }
  Iterator end() const noexcept { return Iterator(array_.after()); }

 private:
  Node array_;
};

/// The members of an object.
class Members {
 public:
  class Iterator {
   public:
    explicit Iterator(Node name) : name_(name) {}
    Member operator*() const noexcept { return {name_, name_.after()}; }
    Iterator& operator++() noexcept { return name_ = name_.after().after(), *this; }
    bool operator==(const Iterator& other) const noexcept { return name_.index_ == other.name_.index_; }

   private:
    Node name_;
  };
  explicit Members(Node object) : object_(object) {}
  Iterator begin() const noexcept { return Iterator(Node(*object_.document_, object_.index_ + 1)); }
  Iterator end() const noexcept { return Iterator(object_.after()); }

 private:
  Node object_;
};

inline Kind Node::kind() const noexcept { return document_->entries_[index_].kind; }
inline std::size_t Node::begin() const noexcept { return document_->entries_[index_].begin; }
inline std::size_t Node::end() const noexcept { return document_->entries_[index_].end; }
inline std::string_view Node::text() const noexcept {
  return document_->text_.substr(begin(), end() - begin());
}
inline std::string_view Node::raw() const noexcept {
  return document_->text_.substr(begin() + 1, end() - begin() - 2);
}
inline bool Node::escaped() const noexcept { return document_->entries_[index_].escaped; }
inline Node Node::after() const noexcept { return {*document_, document_->entries_[index_].next}; }
inline Elements Node::elements() const noexcept { return Elements(*this); }
inline Members Node::members() const noexcept { return Members(*this); }

}  // namespace pii::json
