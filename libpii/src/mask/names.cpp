#include "mask/names.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/chunk.hpp"
#include "mask/load_bytes.hpp"
#include "mask/text.hpp"

namespace pii::mask {
namespace {

bool same_letters(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

// The highest bits of those bytes of a word that are of ASCII and from `first` to `last`.
constexpr std::uint64_t within(char first, char last, std::uint64_t word) noexcept {
  const std::uint64_t low = word & every(0x7F);
  const std::uint64_t from = low + every(0x80U - static_cast<unsigned char>(first)), behind = low + every(0x7FU - static_cast<unsigned char>(last));
  return from & ~behind & ~word & every(0x80);
}

// The eight bytes at `at`, zeros behind the text. How long its last word is decides nothing where that can be helped: it is not foreseen.
std::uint64_t word_at(std::string_view text, std::size_t at) noexcept {
  const std::size_t left = text.size() - at;
  if (left >= 8) return load_bytes(text.data() + at, 8);
  if (text.size() < 8 || std::endian::native != std::endian::little) return load_bytes(text.data() + at, left);
  return load_bytes(text.data() + text.size() - 8, 8) >> 8 * (8 - left);
}

}  // namespace

std::uint8_t Names::bucket_of(std::string_view text) noexcept {
  std::uint32_t word;
  std::memcpy(&word, text.data(), 4);
  const std::uint64_t lower = word | within('A', 'Z', word) >> 2;
  return static_cast<std::uint8_t>(lower * 0x9E3779B97F4A7C15U >> 56);
}

void Names::shrink(std::size_t size) {
  while (names_.size() > size) {
    first_[names_.back().bucket] = names_.back().next;
    folded_.resize(names_.back().folded);
    names_.pop_back();
  }
  marks_.count = std::min(marks_.count, size);
}

// Appends the name to folded_; whether it looks like one.
bool Names::fold(std::string_view name) {
  std::uint64_t letters = 0, tells = 0;
  for (std::size_t i = 0; i < name.size(); i += 8) {
    const std::uint64_t word = word_at(name, i);
    const std::uint64_t capitals = within('A', 'Z', word), lower = word | capitals >> 2, beyond_ascii = word & every(0x80);
    const std::uint64_t found = within('a', 'z', lower) | (beyond_ascii & word << 1);  // or the first byte of a code point
    letters += (found >> 7) * every(1) >> 56;
    tells |= capitals | beyond_ascii | within(' ', ' ', word);
    folded_.push_back(lower);
  }
  return letters >= 5 && tells != 0;
}

// Neither known already nor one of too many that begin alike: the search stays linear.
bool Names::is_wanted(std::string_view name) const noexcept {
  std::size_t alike = 0;
  for (const Name& other : names_) {
    if (same_letters(other.text, name)) return false;
    alike += same_letters(other.text.substr(0, 4), name.substr(0, 4));
  }
  return alike != kMostAlike;
}

void Names::add(std::string_view name) {
  name = trim(name);
  if (names_.size() == kMost || name.size() > kLongest) return;
  const std::size_t begin = folded_.size();
  if (!fold(name) || !is_wanted(name)) return folded_.resize(begin);
  const std::uint8_t bucket = bucket_of(name), first = first_[bucket];
  Name& added = names_.emplace_back();  // copied, it would wait for its own stores
  added.text = name;
  added.folded = static_cast<std::uint32_t>(begin);
  added.next = first;
  added.bucket = bucket;
  if (first != 0) {
    const char *const own = folded_of(added), *const other = folded_of(names_[first - 1]);
    const std::size_t most = std::min(name.size(), names_[first - 1].text.size());
    while (added.shared < most && own[added.shared] == other[added.shared]) ++added.shared;
  }
  first_[bucket] = static_cast<std::uint8_t>(names_.size());
  shortest_ = std::min(shortest_, name.size());
  if (marks_.count == NameMarks::kMost) return;
  marks_.first[marks_.count] = static_cast<char>(name[0] | NameMarks::kCaseBit);
  marks_.second[marks_.count] = static_cast<char>(name[1] | NameMarks::kCaseBit);
  marks_.fourth[marks_.count] = static_cast<char>(name[NameMarks::kFourth] | NameMarks::kCaseBit);
  ++marks_.count;
}

// Where, from `from` on, some name may begin; it is said of the few places only whose first, second and fourth byte are a name's.
std::size_t Names::next_begin(std::string_view text, std::size_t from) const noexcept {
  if (names_.size() <= NameMarks::kMost) return search_names(text, from, marks_);
  for (std::size_t i = from; i + shortest_ <= text.size(); ++i) {
    if (first_[bucket_of(text.substr(i, 4))] != 0) return i;
  }
  return std::string_view::npos;
}

// How many bytes `text` begins with as `name` does, of which `from` are known.
std::size_t Names::matched(std::string_view text, const Name& name, std::size_t from) const noexcept {
  const char* const own = folded_of(name);
  const std::size_t size = std::min(name.text.size(), text.size());
  std::size_t i = from;
  for (; i + base::kChunkSize <= size; i += base::kChunkSize) {
    base::Chunk lower = base::load<base::Chunk>(text.data() + i);
    lower |= base::in_range<'A', 'Z'>(lower) & 0x20;
    const std::uint32_t differ = base::high_bits(lower != base::load<base::Chunk>(own + i));
    if (differ != 0) return i + static_cast<std::size_t>(std::countr_zero(differ));
  }
  while (i < size && to_lower(text[i]) == own[i]) ++i;
  return i;
}

// The longest of those that stand at `begin` as whole words. No byte is compared twice, however much alike they are.
std::size_t Names::longest_at(std::string_view text, std::size_t begin, const detect::Spans& spans) const noexcept {
  std::size_t longest = 0, same = 0, shared = 0;
  const std::string_view rest = text.substr(begin);
  for (std::uint8_t k = first_[bucket_of(rest)]; k != 0; k = names_[k - 1].next) {
    const Name& name = names_[k - 1];
    // `same` bytes are as the one before has them, which has `shared` with this one.
    same = shared < same ? shared : shared > same ? same : matched(rest, name, same);
    shared = name.shared;
    if (same < name.text.size() || same <= longest) continue;
    const std::size_t end = begin + same;
    if ((end == text.size() || !is_word(text[end])) && !spans.overlaps(begin, end)) longest = same;
  }
  return longest;
}

// Of what next_begin() found.
bool Names::may_begin(std::string_view text, std::size_t at) const noexcept { return text.size() - at >= shortest_ && (at == 0 || !is_word(text[at - 1])); }

Names::Stretch Names::next(std::string_view text, std::size_t from, const detect::Spans& spans) const noexcept {
  if (names_.empty() || text.size() < shortest_) return {};
  for (std::size_t i = next_begin(text, from); i != std::string_view::npos; i = next_begin(text, i + 1)) {
    const std::size_t longest = may_begin(text, i) ? longest_at(text, i, spans) : 0;
    if (longest != 0) return {i, i + longest};
  }
  return {};
}

bool Names::stand_outside(std::span<const Edit> edits, std::string_view line) const noexcept {
  if (names_.empty() || line.size() < shortest_) return false;
  const detect::Spans none;
  for (std::size_t i = next_begin(line, 0); i != std::string_view::npos;) {
    std::size_t next = i + 1;
    if (may_begin(line, i)) {
      // Edits first: mostly it is the value that the name is of. And behind the edit, not behind the name: in a long value that is
      // replaced names may stand at every other byte, one over the other.
      const auto edit = std::find_if(edits.begin(), edits.end(), [i](const Edit& at) { return at.begin <= i && i < at.end; });
      if (edit != edits.end()) {
        next = edit->end;
      } else if (longest_at(line, i, none) != 0) {
        return true;
      }
    }
    i = next_begin(line, next);
  }
  return false;
}

void Names::find(std::string_view text, detect::Spans& spans) const {
  for (Stretch found = next(text, 0, spans); found.end != 0; found = next(text, found.end, spans)) {
    spans.put_aside({static_cast<std::uint32_t>(found.begin), static_cast<std::uint32_t>(found.end), Detector::person_name, 0});
  }
  spans.merge();
}

std::string_view Names::original(std::string_view found) const noexcept {
  for (const Name& name : names_) {
    if (same_letters(name.text, found)) return name.text;
  }
  return found;
}

}  // namespace pii::mask
