#include "mask/key_policy.hpp"

#include <algorithm>
#include <optional>

#include "mask/key_lexicon.hpp"
#include "mask/key_phrases.hpp"
#include "mask/key_words.hpp"

namespace pii::mask {
namespace {

using Kind = KeyVerdict::Kind;
using words::Meaning;

constexpr std::size_t kLongestKey = 512;  // bytes; what is longer is judged by its end

using Words = KeyReading::Words;

std::string_view end_of(std::string_view key) noexcept { return key.substr(key.size() - std::min(key.size(), kLongestKey)); }

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

// A compound names what its last word names, so the phrase that ends last decides, and of those the longest.
std::optional<Match> last_match(const Words& words) {
  for (std::size_t end = words.size(); end > 0; --end) {
    if (!words.may_end(end, kRuled)) continue;
    for (std::size_t size = std::min(end, KeyReading::kLongestPhrase); size > 0; --size) {
      const PhraseTree::Phrase* const phrase = words.phrase(end - size, end);
      if (phrase == nullptr) continue;
      if (phrase->own) return Match{end - size, end, *phrase->own, true};
      if (phrase->rule) return Match{end - size, end, *phrase->rule, false};
    }
  }
  return std::nullopt;
}

// The same of a phrase that reaches over `dot`, where the last segment begins.
std::optional<Match> match_across(const Words& words, std::size_t dot) {
  const std::optional<Match> match = last_match(words);
  return match && match->end > dot && match->begin < dot ? match : std::nullopt;
}

bool quiet_before(const Words& words, std::size_t end) {
  while (end > 0) {
    std::size_t size = words.is_number(end - 1) ? 1 : words.ends_at(end, kNeutral);
    if (size == 0) size = words.ends_at(end, kPersons);
    if (size == 0) return false;
    end -= size;
  }
  return true;
}

bool names_card(const Words& parent) {
  if (parent.empty() || !(parent.may_end(parent.size(), kCards | kNeutralTails) || parent.is_number(parent.size() - 1))) return false;
  std::size_t end = parent.size();
  while (end > 0 && (parent.is_number(end - 1) || parent.is(end - 1, kNeutralTails))) --end;
  return parent.ends_at(parent.size(), kCards) != 0 || parent.ends_at(end, kCards) != 0;
}

// In its place, as KeyPolicy::Lists::decide().
void find_role(const Words& words, KeyRole& role) {
  const std::uint32_t lists = words.lists_ending_at(words.size());
  role.any = !words.empty();
  role.card = names_card(words);
  role.person = (lists & kPersons) != 0;
  role.thing = (lists & kThings) != 0;
  role.machine = (lists & kMachines) != 0;
  role.header = !words.empty() && words.is(words.size() - 1, kHeader);
}

bool of_person(const Words& words, std::size_t at, const KeyRole& parent) {
  while (at > 0 && (words.is(at - 1, kQuiet) || words.is_number(at - 1))) --at;
  if (at > 0) return words.ends_at(at, kPersons) != 0;
  if (!parent.any) return false;  // at the root of an event it is a logger's or a program's
  return parent.person || !parent.thing;
}

bool of_machine(const Words& words, std::size_t at, const KeyRole& parent) {
  if (at == 0) return parent.machine;
  return !words.is(at - 1, kClient) && words.ends_at(at, kMachines) != 0;
}

bool tail_allows(const Words& words, const Match& match) {
  bool known = true;
  for (std::size_t at = match.end; at < words.size();) {
    if (words.is(at, kPrepositions) && at + 1 < words.size()) break;
    if (words.begins_at(at, kTails) != 0) return false;
    const std::size_t size = words.is_number(at) ? 1 : words.begins_at(at, kNeutralTails);
    known = known && size != 0;
    at += std::max<std::size_t>(size, 1);
  }
  return known || (match.rule.flags & Meaning::kAnyTail) != 0;
}

bool head_allows(const Words& words, const Match& match, const KeyRole& parent) {
  const bool strict = match.rule.kind == Kind::secret || match.rule.kind == Kind::drop;
  const std::size_t lead = match.begin == 0 ? 0 : words.begins_at(0, kLeads);
  if (lead != 0 && lead <= match.begin && !(strict && words.is(0, kSoftLeads))) return false;
  // `error_in_email`: the head stands before the preposition.
  for (std::size_t i = 1; i < match.begin; ++i) {
    if (words.is(i, kHead)) return false;
  }
  const std::uint8_t flags = match.rule.flags;
  if ((flags & Meaning::kUnderCard) != 0 && !(parent.card && quiet_before(words, match.begin))) return false;
  if ((flags & Meaning::kAlone) != 0 && !quiet_before(words, match.begin)) return false;
  if ((flags & Meaning::kOfPerson) != 0 && !of_person(words, match.begin, parent)) return false;
  return (flags & Meaning::kPostal) == 0 || !of_machine(words, match.begin, parent);
}

void add_hints(const KeyReading& read, KeyVerdict& verdict) {
  const Words words = read.all();
  for (std::size_t begin = 0; read.knows(kHinting | kVersions) && begin < words.size(); ++begin) {
    if (!words.may_begin(begin, kHinting | kVersions)) continue;
    const std::size_t longest = std::min(read.left_in_segment(begin), KeyReading::kLongestPhrase);
    for (std::size_t size = 1; size <= longest; ++size) {
      const PhraseTree::Phrase* const phrase = words.phrase(begin, begin + size);
      if (phrase == nullptr) break;
      verdict.context = verdict.context | phrase->context;
    }
    verdict.version_like = verdict.version_like || words.is(begin, kVersions);
  }
}

}  // namespace

struct KeyPolicy::Lists {
  std::unique_ptr<PhraseTree> own;  // of a policy that has phrases of its own
  const PhraseTree* tree = &built_in_phrases();
  DetectorSet enabled;

  void decide(const Words& words, const KeyRole& parent, KeyVerdict& verdict) const;
  Detector wanted(Detector type) const;
};

// The type under which the policy wants it; none when it does not.
Detector KeyPolicy::Lists::wanted(Detector type) const {
  if (enabled.contains(type)) return type;
  const bool as_any_id = is_identity_number(type) && enabled.contains(Detector::national_id);
  return as_any_id ? Detector::national_id : Detector::none;
}

// In its place: copied, it would wait for its own stores.
void KeyPolicy::Lists::decide(const Words& words, const KeyRole& parent, KeyVerdict& verdict) const {
  verdict = {};
  const std::optional<Match> match = last_match(words);
  const bool safe = words.has(0, words.size(), kSafeKeys);
  if (match && match->own) {
    if (match->rule.kind == Kind::safe || tail_allows(words, *match)) {
      verdict.kind = match->rule.kind;
      verdict.type = match->rule.type;
      return;
    }
  } else if (match && match->rule.kind != Kind::plain && wanted(match->rule.type) != Detector::none &&
             (!safe || match->rule.type == Detector::username) && head_allows(words, *match, parent) && tail_allows(words, *match)) {
    verdict.kind = match->rule.kind;
    verdict.type = wanted(match->rule.type);
    return;
  }
  const bool metadata = !words.empty() && (words.ends_at(words.size(), kTails) != 0 || words.begins_at(0, kLeads) != 0);
  if (safe || metadata) verdict.kind = Kind::safe;
}

KeyPolicy::KeyPolicy(const PolicySpec& spec) {
  auto lists = std::make_unique<Lists>();
  lists->enabled = spec.enabled;
  const auto add = [&](const std::string& phrase, PhraseRule rule) {
    if (lists->tree->count_words(phrase) == 0) return;
    if (!lists->own) lists->own = std::make_unique<PhraseTree>(*lists->tree);
    lists->own->add(phrase).own = rule;
  };
  for (const std::string& phrase : spec.safe_keys)
    add(phrase, {Kind::safe, Detector::none, Meaning::kAnyTail});
  for (const PolicySpec::KeyWords& phrase : spec.sensitive_keys) {
    PhraseRule rule{phrase.type == Detector::secret ? Kind::secret : Kind::sensitive, phrase.type,
                    Meaning::kAnyTail};
    // `payer` stays a person's name where the policy names no type.
    const PhraseTree::Phrase* const known = lists->tree->find(phrase.words);
    if (rule.type == Detector::generic && known != nullptr && known->rule && spec.enabled.contains(known->rule->type)) {
      rule.kind = known->rule->kind;
      rule.type = known->rule->type;
    }
    add(phrase.words, rule);
  }
  for (const std::string& phrase : spec.drop_keys)
    add(phrase, {Kind::drop, Detector::generic, Meaning::kAnyTail});
  if (lists->own) {
    lists->own->seal();
    lists->tree = lists->own.get();
  }
  lists_ = std::move(lists);
}

KeyPolicy::~KeyPolicy() = default;

std::size_t KeyPolicy::longest_number() const noexcept { return lists_->tree->longest_number(); }

KeyRole KeyPolicy::role_of(std::string_view parent) const {
  const KeyReading read(*lists_->tree, end_of(parent));
  KeyRole role;
  if (read.segments() != 0) find_role(read.last(), role);
  return role;
}

KeySaid KeyPolicy::say(std::string_view key, KeyRole above) const {
  KeySaid said;
  KeyVerdict& verdict = said.verdict;
  key = end_of(key);
  const KeyReading read(*lists_->tree, key);
  if (read.segments() == 0) return said;
  const bool several = read.segments() > 1;
  const Words last = read.last(), enclosing = read.enclosing();
  bool part = !last.empty();
  for (std::size_t i = 0; i < last.size(); ++i) part = part && (last.is_number(i) || last.is(i, kParts));
  if (!read.knows_any()) {
    // As most keys of most events.
    verdict.part = part;
    said.role.any = !last.empty();
    return said;
  }
  find_role(last, said.role);
  KeyRole of_enclosing;
  if (several) find_role(enclosing, of_enclosing);
  const KeyRole& parent = several ? of_enclosing : above;

  lists_->decide(last, parent, verdict);
  const Words all = read.all();
  const std::optional<Match> across = several ? match_across(all, all.size() - last.size()) : std::nullopt;
  if (across && across->own) {
    lists_->decide(all, {}, verdict);
  } else if (verdict.kind == Kind::plain && several) {
    // `card.number`, `date.of.birth`: a phrase across the dots, or a part of what stands before them.
    if (across) lists_->decide(all, {}, verdict);
    if (verdict.kind == Kind::plain && part) lists_->decide(enclosing, {}, verdict);
    if (verdict.kind == Kind::safe) verdict.kind = Kind::plain;
  }
  // Language models count tokens; what opens a door is one of them.
  if (verdict.kind == Kind::secret && last.size() == 1 && last.is(0, kToken) && (key.ends_with("tokens") || key.ends_with("Tokens"))) {
    verdict = {.kind = Kind::safe, .type = Detector::none, .context = {}, .version_like = false, .part = false};
  }
  // As a header the key of an interface keeps its last characters, as a member of a document nothing.
  const bool of_interface = last.size() >= 2 && last.is(last.size() - 2, kApi) && read.last_segment().find('-') != std::string_view::npos;
  if (verdict.kind == Kind::secret && (parent.header || of_interface)) {
    verdict.kind = Kind::authorization;
    verdict.type = Detector::auth_header;
  }
  verdict.part = part;
  add_hints(read, verdict);
  return said;
}

}  // namespace pii::mask
