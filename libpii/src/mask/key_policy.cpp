#include "mask/key_policy.hpp"

#include <algorithm>
#include <optional>

#include "mask/key_lexicon.hpp"
#include "mask/key_words.hpp"

namespace pii::mask {
namespace {

using Kind = KeyVerdict::Kind;
using words::Meaning;

constexpr std::size_t kLongestKey = 512;  // bytes; what is longer is judged by its end

bool is_number(const std::string& word) { return word.find_first_not_of("0123456789") == std::string::npos; }

// What reads a person's number under many names is one thing to a policy that has no use for them one by one.
bool is_identity_number(Detector type) {
  constexpr DetectorSet kIds = {
      Detector::kw_civil_id, Detector::sa_id,  Detector::ae_eid,     Detector::qa_qid, Detector::bh_cpr,
      Detector::om_civil,    Detector::us_ssn, Detector::us_itin,    Detector::uk_nhs, Detector::uk_nino,
      Detector::es_dni,      Detector::it_cf,  Detector::in_aadhaar, Detector::in_pan, Detector::pk_cnic,
      Detector::eg_nid,      Detector::br_cpf, Detector::br_cnpj};
  return kIds.contains(type);
}

struct Match {
  std::size_t begin;
  std::size_t end;
  PhraseRule rule;
  bool own;  // of the policy, not built in
};

}  // namespace

struct KeyPolicy::Lists {
  const Lexicon& lexicon = Lexicon::get();
  std::unordered_map<std::string, PhraseRule> own;
  KeyVocabulary vocabulary = lexicon.vocabulary();
  DetectorSet enabled;

  std::optional<Match> last_match(const KeyWordList& words) const;
  bool quiet_before(const KeyWordList& words, std::size_t end, bool persons_too) const;
  bool names_card(const KeyWordList& parent) const;
  bool of_person(const KeyWordList& words, std::size_t at, const KeyWordList& parent) const;
  bool of_machine(const KeyWordList& words, std::size_t at, const KeyWordList& parent) const;
  bool tail_allows(const KeyWordList& words, const Match& match) const;
  bool head_allows(const KeyWordList& words, const Match& match, const KeyWordList& parent) const;
  bool is_metadata(const KeyWordList& words) const;
  KeyVerdict decide(const KeyWordList& words, const KeyWordList& parent) const;
  Detector wanted(Detector type) const;
  void add_hints(const KeyWordList& words, KeyVerdict& verdict) const;
};

// A compound names what its last word names, so the phrase that ends last decides, and of those the longest.
std::optional<Match> KeyPolicy::Lists::last_match(const KeyWordList& words) const {
  for (std::size_t end = words.size(); end > 0; --end) {
    for (std::size_t size = std::min(end, Lexicon::kLongestPhrase); size > 0; --size) {
      const std::string phrase = join_words(words, end - size, end, " ");
      if (const auto found = own.find(phrase); found != own.end())
        return Match{end - size, end, found->second, true};
      if (const auto found = lexicon.phrases.find(phrase); found != lexicon.phrases.end()) {
        return Match{end - size, end, found->second, false};
      }
    }
  }
  return std::nullopt;
}

bool KeyPolicy::Lists::quiet_before(const KeyWordList& words, std::size_t end, bool persons_too) const {
  while (end > 0) {
    std::size_t size = is_number(words[end - 1]) ? 1 : lexicon.neutral.ends_at(words, end);
    if (size == 0 && persons_too) size = lexicon.persons.ends_at(words, end);
    if (size == 0) return false;
    end -= size;
  }
  return true;
}

bool KeyPolicy::Lists::names_card(const KeyWordList& parent) const {
  std::size_t end = parent.size();
  while (end > 0 && (is_number(parent[end - 1]) || lexicon.neutral_tails.contains(parent[end - 1]))) --end;
  return lexicon.cards.ends_at(parent, parent.size()) != 0 || lexicon.cards.ends_at(parent, end) != 0;
}

bool KeyPolicy::Lists::of_person(const KeyWordList& words, std::size_t at, const KeyWordList& parent) const {
  while (at > 0 && (lexicon.quiet.contains(words[at - 1]) || is_number(words[at - 1]))) --at;
  if (at > 0) return lexicon.persons.ends_at(words, at) != 0;
  if (parent.empty()) return false;  // at the root of an event it is a logger's or a program's
  if (lexicon.persons.ends_at(parent, parent.size()) != 0) return true;
  return lexicon.things.ends_at(parent, parent.size()) == 0;
}

bool KeyPolicy::Lists::of_machine(const KeyWordList& words, std::size_t at, const KeyWordList& parent) const {
  if (at == 0) return lexicon.machines.ends_at(parent, parent.size()) != 0;
  return words[at - 1] != "client" && lexicon.machines.ends_at(words, at) != 0;
}

bool KeyPolicy::Lists::tail_allows(const KeyWordList& words, const Match& match) const {
  bool known = true;
  for (std::size_t at = match.end; at < words.size();) {
    if (is_preposition(words[at]) && at + 1 < words.size()) break;
    if (const std::size_t size = lexicon.tails.begins_at(words, at); size != 0) return false;
    const std::size_t size = is_number(words[at]) ? 1 : lexicon.neutral_tails.begins_at(words, at);
    known = known && size != 0;
    at += std::max<std::size_t>(size, 1);
  }
  return known || (match.rule.flags & Meaning::kAnyTail) != 0;
}

bool KeyPolicy::Lists::head_allows(const KeyWordList& words, const Match& match,
                                   const KeyWordList& parent) const {
  const bool strict = match.rule.kind == Kind::secret || match.rule.kind == Kind::drop;
  const std::size_t lead = match.begin == 0 ? 0 : lexicon.leads.begins_at(words, 0);
  if (lead != 0 && lead <= match.begin && !(strict && lexicon.soft_leads.contains(words[0]))) return false;
  // `error_in_email`: the head stands before the preposition.
  for (std::size_t i = 1; i < match.begin; ++i) {
    if (is_preposition(words[i]) && words[i] != "by" && words[i] != "for") return false;
  }
  const std::uint8_t flags = match.rule.flags;
  if ((flags & Meaning::kUnderCard) != 0 && !(names_card(parent) && quiet_before(words, match.begin, true)))
    return false;
  if ((flags & Meaning::kAlone) != 0 && !quiet_before(words, match.begin, true)) return false;
  if ((flags & Meaning::kOfPerson) != 0 && !of_person(words, match.begin, parent)) return false;
  return (flags & Meaning::kPostal) == 0 || !of_machine(words, match.begin, parent);
}

bool KeyPolicy::Lists::is_metadata(const KeyWordList& words) const {
  return !words.empty() &&
         (lexicon.tails.ends_at(words, words.size()) != 0 || lexicon.leads.begins_at(words, 0) != 0);
}

// The type under which the policy wants it; none when it does not.
Detector KeyPolicy::Lists::wanted(Detector type) const {
  if (enabled.contains(type)) return type;
  const bool as_any_id = is_identity_number(type) && enabled.contains(Detector::national_id);
  return as_any_id ? Detector::national_id : Detector::none;
}

KeyVerdict KeyPolicy::Lists::decide(const KeyWordList& words, const KeyWordList& parent) const {
  KeyVerdict verdict;
  const std::optional<Match> match = last_match(words);
  const std::string whole = join_words(words, 0, words.size(), " ");
  if (match && match->own) {
    if (match->rule.kind == Kind::safe || tail_allows(words, *match)) {
      verdict.kind = match->rule.kind;
      verdict.type = match->rule.type;
      return verdict;
    }
  } else if (match && match->rule.kind != Kind::plain && wanted(match->rule.type) != Detector::none &&
             (!lexicon.safe.contains(whole) || match->rule.type == Detector::username) &&
             head_allows(words, *match, parent) && tail_allows(words, *match)) {
    verdict.kind = match->rule.kind;
    verdict.type = wanted(match->rule.type);
    return verdict;
  }
  if (lexicon.safe.contains(whole) || is_metadata(words)) verdict.kind = Kind::safe;
  return verdict;
}

void KeyPolicy::Lists::add_hints(const KeyWordList& words, KeyVerdict& verdict) const {
  for (std::size_t begin = 0; begin < words.size(); ++begin) {
    const std::size_t longest = std::min(words.size() - begin, Lexicon::kLongestPhrase);
    for (std::size_t size = 1; size <= longest; ++size) {
      const auto found = lexicon.contexts.find(join_words(words, begin, begin + size, " "));
      if (found != lexicon.contexts.end()) verdict.context = verdict.context | found->second;
    }
    verdict.version_like = verdict.version_like || lexicon.versions.contains(words[begin]);
  }
}

KeyPolicy::KeyPolicy(const PolicySpec& spec) {
  auto lists = std::make_unique<Lists>();
  lists->enabled = spec.enabled;
  const auto add = [&](const std::string& phrase, PhraseRule rule) {
    std::string form = lists->lexicon.phrase_form(phrase);
    if (form.empty()) return;
    lists->vocabulary.add(form);
    lists->own.insert_or_assign(std::move(form), rule);
  };
  for (const std::string& phrase : spec.safe_keys)
    add(phrase, {Kind::safe, Detector::none, Meaning::kAnyTail});
  for (const PolicySpec::KeyWords& phrase : spec.sensitive_keys) {
    PhraseRule rule{phrase.type == Detector::secret ? Kind::secret : Kind::sensitive, phrase.type,
                    Meaning::kAnyTail};
    // `payer` stays a person's name where the policy names no type.
    const auto known = lists->lexicon.phrases.find(lists->lexicon.phrase_form(phrase.words));
    if (rule.type == Detector::generic && known != lists->lexicon.phrases.end() &&
        spec.enabled.contains(known->second.type)) {
      rule.kind = known->second.kind;
      rule.type = known->second.type;
    }
    add(phrase.words, rule);
  }
  for (const std::string& phrase : spec.drop_keys)
    add(phrase, {Kind::drop, Detector::generic, Meaning::kAnyTail});
  lists_ = std::move(lists);
}

KeyPolicy::~KeyPolicy() = default;

bool KeyPolicy::says_nothing(std::string_view key) const { return lists_->vocabulary.says_nothing(key); }
bool KeyPolicy::append_skeleton(std::string_view key, std::string& out) const { return lists_->vocabulary.append_skeleton(key, out); }

KeyVerdict KeyPolicy::judge(std::string_view key, std::string_view parent) const {
  const Lexicon& lexicon = lists_->lexicon;
  if (key.size() > kLongestKey) key.remove_prefix(key.size() - kLongestKey);
  if (parent.size() > kLongestKey) parent.remove_prefix(parent.size() - kLongestKey);

  const std::vector<std::string_view> segments = split_segments(key);
  if (segments.empty()) return {};
  const std::vector<std::string_view> above = split_segments(parent);
  std::vector<KeyWordList> words;
  for (std::string_view segment : segments) words.push_back(lexicon.words_of(segment));
  const KeyWordList& last = words.back();
  const KeyWordList enclosing = words.size() > 1 ? words[words.size() - 2]
                                : above.empty()  ? KeyWordList{}
                                                 : lexicon.words_of(above.back());

  KeyVerdict verdict = lists_->decide(last, enclosing);
  const bool part = !last.empty() && std::all_of(last.begin(), last.end(), [&](const std::string& word) {
    return is_number(word) || lexicon.parts.contains(word);
  });
  if (verdict.kind == Kind::plain && words.size() > 1) {
    // `card.number`, `date.of.birth`: a phrase across the dots, or a part of what stands before them.
    KeyWordList all;
    for (const KeyWordList& piece : words) all.insert(all.end(), piece.begin(), piece.end());
    const std::optional<Match> match = lists_->last_match(all);
    if (match && match->end > all.size() - last.size() && match->begin < all.size() - last.size()) {
      verdict = lists_->decide(all, {});
    }
    if (verdict.kind == Kind::plain && part) verdict = lists_->decide(enclosing, {});
    if (verdict.kind == Kind::safe) verdict.kind = Kind::plain;
  }
  // Language models count tokens; what opens a door is one of them.
  if (verdict.kind == Kind::secret && last == KeyWordList{"token"} &&
      (key.ends_with("tokens") || key.ends_with("Tokens"))) {
    verdict = {
        .kind = Kind::safe, .type = Detector::none, .context = {}, .version_like = false, .part = false};
  }
  // As a header the key of an interface keeps its last characters, as a member of a document nothing.
  if (verdict.kind == Kind::secret && !enclosing.empty() && enclosing.back() == "header") {
    verdict.kind = Kind::authorization;
    verdict.type = Detector::auth_header;
  } else if (verdict.kind == Kind::secret && segments.back().find('-') != std::string_view::npos &&
             last.size() >= 2 && last[last.size() - 2] == "api") {
    verdict.kind = Kind::authorization;
    verdict.type = Detector::auth_header;
  }
  verdict.part = part;
  for (const KeyWordList& piece : words) lists_->add_hints(piece, verdict);
  return verdict;
}

}  // namespace pii::mask
