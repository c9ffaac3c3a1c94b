#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mask/arena.hpp"
#include "mask/edit.hpp"
#include "mask/policy_impl.hpp"
#include "pii/masker.hpp"
#include "pii/protector.hpp"
#include "pii/tokenizer.hpp"

namespace pii::mask {

/// Writes lines with their edits made. Where many are to be expected tokens get their room at once and are hashed side by side:
/// nothing it wrote counts before flush().
class OutputWriter {
 public:
  OutputWriter(const MaskPolicy& policy, const MaskKeys& keys);

  /// So many edits are made with their tokens at once: no token may wait then, so that they stay in the cache.
  static constexpr std::size_t kMany = 512;
  /// What is appended from now on, of `input`, which must outlive the next flush(), goes to `out`.
  void begin(std::string& out, std::string_view input);
  /// `line` with `edits` made, which are sorted and do not overlap.
  void write(std::string_view line, const std::vector<Edit>& edits, MaskCounts& counts);
  void write(std::string_view bytes) { out_->append(bytes); }
  /// Fills the tokens in; those that cannot be made become [PII_REDACTED]. Returns where the byte at `mark` stands then.
  std::size_t flush(MaskCounts& counts, std::size_t mark = 0);
  /// Whether tokens can be made.
  bool has_key() const noexcept { return has_key_; }
  bool can_encrypt() const { return protector_ && provider_->cell(KeysetUsage::reveal).read() != nullptr; }
  /// Forgets the tokens that were to stand at `offset` of the output or behind it.
  void forget_from(std::size_t offset) noexcept;
  /// Gives back what many tokens needed; none waits.
  void give_back() noexcept;
  /// Appends the token of a value to a text of the caller's, or [PII_REDACTED].
  void append_token_now(std::string_view field, std::string_view value, std::string& out);

 private:
  void append_token(const Edit& edit, bool keep, MaskCounts& counts);
  bool is_of_input(std::string_view value) const noexcept;
  void append_room();
  bool append_token_at_once(const Edit& edit);
  void append_cipher(const Edit& edit, MaskCounts& counts);
  struct Jobs;
  void hash(std::uint16_t field);
  Result<std::size_t> hash_v2(std::uint16_t field, const Jobs& jobs);
  std::size_t redact_failed(MaskCounts& counts, std::size_t mark);

  const MaskPolicy::Impl& policy_;
  std::optional<Tokenizer> tokenizer_;
  std::optional<Protector> protector_;
  std::shared_ptr<KeysetProvider> provider_;
  bool has_key_ = false;
  bool at_once_ = false;
  std::size_t token_size_ = kTokenV1Size;  // of those that the keyset writes
  std::string* out_ = nullptr;
  std::string_view input_;
  Arena values_;  // those of waiting tokens that do not stand in it

  // Token jobs by field, so that equal ones are hashed side by side.
  struct Jobs {
    std::vector<std::string_view> values;
    std::vector<std::size_t> offsets;
    // Where the token of a value is to stand again: an event often says one thing twice.
    struct Copy {
      std::size_t job, offset;
    };
    std::vector<Copy> copies;
    bool in_use = false;  // one of fields_in_use_
  };
  std::vector<Jobs> jobs_;
  std::vector<std::uint16_t> fields_in_use_;
  std::size_t waiting_ = 0;     // tokens, of a line of many
  std::size_t line_begin_ = 0;  // in the output
  std::vector<char*> places_;
  std::vector<ErrorCode> codes_;
  std::vector<Token> tokens_;  // of version 2, before they are put in their places
  std::vector<std::size_t> failed_;  // offsets of tokens that could not be made
};

}  // namespace pii::mask
