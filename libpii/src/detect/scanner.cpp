#include "detect/scanner.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <initializer_list>

#include "base/thread_scratch.hpp"
#include "detect/families.hpp"

namespace pii::detect {
namespace {

constexpr std::size_t kShortestMatch = 5;  // `ab1::`

// Sets of sizes of runs of digits.
constexpr std::uint32_t of(std::initializer_list<unsigned> sizes) noexcept {
  std::uint32_t set = 0;
  for (const unsigned size : sizes) set |= std::uint32_t{1} << size;
  return set;
}
constexpr std::uint32_t between(unsigned first, unsigned last) noexcept {
  std::uint32_t set = 0;
  for (unsigned size = first; size <= last; ++size) set |= std::uint32_t{1} << size;
  return set;
}
constexpr std::uint32_t kAny = ~std::uint32_t{0};

// A detector's pass, and what a text must have to be looked at.
struct Pass {
  Detector detector;
  void (*find)(Scan& scan, Level level);
  std::uint32_t all;             // LeafClass: each of them
  std::uint8_t digits = 0;       // so many
  std::uint32_t numbers = kAny;  // a run of digits of one of these sizes, with which a find begins
  std::uint32_t groups = 0;      // or of one of these, if others may be groups of one number with it
  std::uint8_t chain = 0;        // so many digits close together
  std::uint8_t shortest = 0;     // bytes, where they are more than the digits: nothing shorter is found

  constexpr std::size_t least() const noexcept;
};

constexpr std::size_t Pass::least() const noexcept { return std::max({kShortestMatch, std::size_t{digits}, std::size_t{shortest}}); }

constexpr std::uint32_t kCards = between(12, 19);

// In the order of the catalogue.
constexpr Pass kStrong[] = {
    {Detector::private_key, find_private_key, LeafClass::announces},
    {Detector::jwt, find_jwt, LeafClass::long_run | LeafClass::dot},
    {Detector::auth_header, find_auth_header, LeafClass::announces},
    {Detector::api_key, find_api_key, LeafClass::long_run},
    {Detector::url_userinfo, find_url_userinfo, LeafClass::at | LeafClass::colon},
    {Detector::email, find_email, LeafClass::at, 0, kAny, 0, 0, 6},
    {Detector::iban, find_iban, LeafClass::digits, 9, between(2, 31)},
    {Detector::card_track, find_card_track, LeafClass::digits, 12, kAny, 0, 0, 14},
    {Detector::card, find_card, LeafClass::digits, 12, kCards, of({4})},
    {Detector::ipv6, find_ipv6, LeafClass::colons},
    {Detector::ipv4, find_ipv4, LeafClass::dots, 4, kAny, 0, 0, 7},
    {Detector::mac, find_mac, 0, 0, kAny, 0, 0, 14},
    {Detector::ae_eid, find_ae_eid, LeafClass::digits, 15, of({15}), of({3})},
    {Detector::us_ssn, find_us_ssn, LeafClass::digits, 9, 0, of({3})},
    {Detector::us_itin, find_us_itin, LeafClass::digits, 9, 0, of({3})},
    {Detector::kw_civil_id, find_kw_civil_id, LeafClass::digits, 12, of({12})},
    {Detector::br_cpf, find_br_cpf, LeafClass::digits | LeafClass::dot, 11, 0, of({3})},
    {Detector::br_cnpj, find_br_cnpj, LeafClass::digits | LeafClass::dot, 14, 0, of({2})},
    {Detector::it_cf, find_it_cf, LeafClass::long_run},
    {Detector::btc, find_btc, LeafClass::long_run},
    {Detector::eth, find_eth, LeafClass::long_run},
    {Detector::phone, find_phone, LeafClass::digits, 7},
};

// What is found only with context.
constexpr Pass kWeak[] = {
    {Detector::card, find_card, LeafClass::digits, 12, kCards, of({4})},
    {Detector::phone, find_phone, LeafClass::digits, 7},
    {Detector::phone, find_national_phone, LeafClass::digits, 7, between(2, 15), 0, 8, 8},
    {Detector::sa_id, find_sa_id, LeafClass::digits, 10, of({10})},
    {Detector::kw_civil_id, find_kw_civil_id, LeafClass::digits, 12, of({12})},
    {Detector::us_ssn, find_us_ssn, LeafClass::digits, 9, of({9}), of({3})},
    {Detector::us_itin, find_us_itin, LeafClass::digits, 9, of({9}), of({3})},
    {Detector::qa_qid, find_qa_qid, LeafClass::digits, 11, of({11})},
    {Detector::bh_cpr, find_bh_cpr, LeafClass::digits, 9, of({9})},
    {Detector::om_civil, find_om_civil, LeafClass::digits, 7, between(7, 9)},
    {Detector::uk_nhs, find_uk_nhs, LeafClass::digits, 10, of({10}), of({3})},
    {Detector::uk_nino, find_uk_nino, LeafClass::digits, 6},
    {Detector::es_dni, find_es_dni, LeafClass::digits, 7},
    {Detector::in_aadhaar, find_in_aadhaar, LeafClass::digits, 12, of({12}), of({4})},
    {Detector::in_pan, find_in_pan, 0, 0, kAny, 0, 0, 10},
    {Detector::pk_cnic, find_pk_cnic, LeafClass::digits, 13, of({13}), of({5})},
    {Detector::eg_nid, find_eg_nid, LeafClass::digits, 14, of({14})},
    {Detector::br_cpf, find_br_cpf, LeafClass::digits, 11, of({11}), of({3})},
    {Detector::br_cnpj, find_br_cnpj, LeafClass::digits, 14, of({14}), of({2})},
    {Detector::imei, find_imei, LeafClass::digits, 15, of({15}), of({2})},
    {Detector::iccid, find_iccid, LeafClass::digits, 18, between(18, 20)},
    {Detector::vin, find_vin, LeafClass::long_run},
    {Detector::swift_bic, find_swift_bic, 0, 0, kAny, 0, 0, 8},
};

// A set of passes: those of kStrong from bit 0 on, those of kWeak behind them.
using PassSet = std::uint64_t;
constexpr std::size_t kStrongCount = std::size(kStrong), kCount = kStrongCount + std::size(kWeak);
static_assert(kCount <= 64);
constexpr PassSet kAllStrong = (PassSet{1} << kStrongCount) - 1;

constexpr const Pass& pass_at(std::size_t i) noexcept { return i < kStrongCount ? kStrong[i] : kWeak[i - kStrongCount]; }

template <typename Belongs>
constexpr PassSet passes_that(Belongs belongs) noexcept {
  PassSet set = 0;
  for (std::size_t i = 0; i < kCount; ++i) set |= PassSet{belongs(pass_at(i))} << i;
  return set;
}

// The passes that a text with these bits of its class may have something for, by its low bits and by its high ones.
constexpr unsigned kLowBits = 7;
constexpr std::size_t kHalf = std::size_t{1} << kLowBits;
constexpr auto kByBits = [] {
  std::array<std::array<PassSet, kHalf>, 2> sets{};
  for (std::uint32_t bits = 0; bits < kHalf; ++bits) {
    sets[0][bits] = passes_that([bits](const Pass& pass) { return (pass.all & (kHalf - 1) & ~bits) == 0; });
    sets[1][bits] = passes_that([bits](const Pass& pass) { return (pass.all >> kLowBits & ~bits) == 0; });
  }
  return sets;
}();
// By how many digits it has.
constexpr std::size_t kMostDigits = 20;
constexpr auto kByDigits = [] {
  std::array<PassSet, kMostDigits + 1> sets{};
  for (std::size_t count = 0; count <= kMostDigits; ++count) {
    sets[count] = passes_that([count](const Pass& pass) { return pass.digits <= count; });
  }
  return sets;
}();
// By the size of a run of digits in it: one that stands alone, and one beside others.
constexpr auto kBySize = [] {
  std::array<std::array<PassSet, 32>, 2> sets{};
  for (std::uint32_t size = 0; size < 32; ++size) {
    sets[0][size] = passes_that([size](const Pass& pass) { return (pass.numbers >> size & 1) != 0; });
    sets[1][size] = passes_that([size](const Pass& pass) { return ((pass.numbers | pass.groups) >> size & 1) != 0; });
  }
  return sets;
}();
// By how long the longest stretch is in which something may be found.
constexpr std::size_t kLongestLeast = 20;
constexpr auto kByStretch = [] {
  std::array<PassSet, kLongestLeast + 1> sets{};
  for (std::size_t size = 0; size <= kLongestLeast; ++size) {
    sets[size] = passes_that([size](const Pass& pass) { return pass.least() <= size; });
  }
  return sets;
}();
static_assert(kByStretch[kLongestLeast] == passes_that([](const Pass&) { return true; }));
constexpr PassSet kOfAnySize = passes_that([](const Pass& pass) { return pass.numbers == kAny; });
constexpr PassSet kChained = passes_that([](const Pass& pass) { return pass.chain != 0; });
constexpr PassSet kInternational = passes_that([](const Pass& pass) { return pass.detector == Detector::phone && pass.chain == 0; });
constexpr PassSet kBehindLetters = passes_that([](const Pass& pass) { return pass.detector == Detector::iban; });
constexpr PassSet kTracks = passes_that([](const Pass& pass) { return pass.detector == Detector::card_track; });
constexpr PassSet kCardPasses = passes_that([](const Pass& pass) { return pass.detector == Detector::card; });
constexpr std::size_t kChain = 8;  // of all that ask for one
// Of a text without digits numbers tell nothing more.
static_assert((kByBits[0][~LeafClass::digits & (kHalf - 1)] & (~kOfAnySize | kChained | kInternational | kBehindLetters | kTracks)) == 0);

PassSet passes_for(LeafClass leaf, std::size_t longest_stretch) noexcept {
  const std::uint32_t bits = leaf.bits();
  return kByBits[0][bits & (kHalf - 1)] & kByBits[1][bits >> kLowBits & (kHalf - 1)] &
         kByDigits[std::min<std::size_t>(leaf.digit_count(), kMostDigits)] & kByStretch[std::min(longest_stretch, kLongestLeast)];
}

PassSet passes_for(LeafClass leaf, const Numbers& numbers) noexcept {
  PassSet set = kOfAnySize;
  const auto& by_size = kBySize[numbers.any_grouped() ? 1 : 0];
  for (std::uint32_t sizes = numbers.sizes(); sizes != 0; sizes &= sizes - 1) set |= by_size[static_cast<std::size_t>(std::countr_zero(sizes))];
  if (numbers.longest_chain() < kChain) set &= ~kChained;
  if (!numbers.any_international()) set &= ~kInternational;
  if (!numbers.any_behind_letters()) set &= ~kBehindLetters;
  if (!leaf.any(LeafClass::percent) && !numbers.any_behind_semicolon()) set &= ~kTracks;  // `%B4111…^…`, `;4111…=…`
  return set;
}

std::size_t longest_stretch_of(std::string_view text, const Spans& taken) noexcept {
  std::size_t longest = 0, from = 0;
  for (const Span& span : taken) {
    longest = std::max(longest, span.begin - from);
    from = span.end;
  }
  return std::max(longest, text.size() - from);
}

// The passes of a policy's detectors, kept from one text to the next.
struct EnabledPasses {
  DetectorSet enabled, context_required;
  PassSet all = 0;    // that are enabled
  PassSet asked = 0;  // self-proving ones that ask for context

  [[gnu::cold]] void make(const Settings& settings) noexcept {
    enabled = settings.enabled;
    context_required = settings.context_required;
    all = passes_that([this](const Pass& pass) { return enabled.contains(pass.detector); });
    asked = all & kAllStrong & passes_that([this](const Pass& pass) { return context_required.contains(pass.detector); });
  }
};

const EnabledPasses& passes_of(const Settings& settings) noexcept {
  thread_local EnabledPasses passes;
  if (!(passes.enabled == settings.enabled) || !(passes.context_required == settings.context_required)) passes.make(settings);
  return passes;
}

// What of the passes running them takes, side by side.
struct Step {
  void (*find)(Scan& scan, Level level);
  Detector detector;
  std::uint8_t least;
};
constexpr auto kSteps = [] {
  std::array<Step, kCount> steps{};
  for (std::size_t i = 0; i < kCount; ++i) steps[i] = {pass_at(i).find, pass_at(i).detector, static_cast<std::uint8_t>(pass_at(i).least())};
  return steps;
}();

void run(PassSet passes, Level level, Scan& scan) {
  for (; passes != 0; passes &= passes - 1) {
    const Step& step = kSteps[static_cast<std::size_t>(std::countr_zero(passes))];
    if (level == Level::context && !scan.may_have_context(step.detector)) continue;
    scan.pass(step.least, [&](Scan& window) { step.find(window, level); });
    if (scan.is_taken()) return;
  }
}

// A thread scans one text at a time.
struct Scratch {
  Numbers numbers;
  ContextIndex context;
  Spans spans;
};
Scratch& scratch() { return base::thread_scratch<Scratch, Scratch>(); }

}  // namespace

bool asks_for_any(LeafClass leaf) noexcept { return passes_for(leaf, kLongestLeast) != passes_for(LeafClass(), kLongestLeast); }

LeafClass classify_free(std::string_view text, const Spans& spans) noexcept {
  std::uint32_t bits = 0;
  std::size_t digits = 0, from = 0;
  for (std::size_t i = 0; i <= spans.size(); ++i) {
    const std::size_t end = i < spans.size() ? spans[i].begin : text.size();
    if (end - from >= kShortestMatch) {
      const LeafClass window = classify_gap(text.substr(from, end - from));
      bits |= window.bits();
      digits = std::max<std::size_t>(digits, window.digit_count());
    }
    if (i < spans.size()) from = spans[i].end;
  }
  return {bits, digits};
}

TextScan::TextScan(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints, Numbers& numbers, const Spans& taken)
    : text_(text), settings_(settings), hints_(hints), numbers_(numbers) {
  const EnabledPasses& enabled = passes_of(settings);
  PassSet passes = enabled.all & passes_for(leaf, longest_stretch_of(text, taken));
  if (passes != 0 && leaf.any(LeafClass::digits)) {
    numbers.build(text, taken);
    passes &= passes_for(leaf, numbers);
  } else {
    numbers.clear();  // none of those that are left asks for any
  }
  strong_ = passes & kAllStrong;
  asked_ = strong_ & enabled.asked;
  weak_ = passes & ~kAllStrong;
}

void TextScan::run_strong(Spans& spans) {
  Scan scan(text_, settings_, hints_, numbers_, spans);
  run(strong_, Level::strong, scan);
  // What is none without context is none with it.
  if (!scan.saw_card()) {
    asked_ &= ~kCardPasses;
    weak_ &= ~kCardPasses;
  }
}

void TextScan::run_with_context(Spans& spans) const {
  if (spans.is_whole(text_.size())) return;
  Scan scan(text_, settings_, hints_, numbers_, spans);
  scan.use(scratch().context);
  run(asked_, Level::context, scan);
  run(weak_, Level::context, scan);
}

void scan_strong(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints, Spans& spans) {
  TextScan(text, leaf, settings, hints, scratch().numbers, spans).find_strong(spans);
}

void scan_with_context(std::string_view text, LeafClass leaf, const Settings& settings, const Hints& hints, Spans& spans) {
  TextScan(text, leaf, settings, hints, scratch().numbers, spans).find_with_context(spans);
}

Detector whole_match(std::string_view text, const Settings& settings, DetectorSet context) {
  if (text.size() < kShortestMatch) return Detector::none;
  return whole_match(text, classify_leaf(text), settings, context);
}

namespace {
[[gnu::noinline]] Detector find_whole_match(std::string_view text, LeafClass leaf, const Settings& settings, DetectorSet context) {
  Scratch& room = scratch();
  Spans& spans = room.spans;
  spans.clear();
  const Hints hints{context, false};
  TextScan scan(text, leaf, settings, hints, room.numbers, spans);
  scan.find_strong(spans);
  if (spans.empty()) scan.find_with_context(spans);
  return spans.is_whole(text.size()) ? spans[0].detector : Detector::none;
}
}  // namespace

Detector whole_match(std::string_view text, LeafClass leaf, const Settings& settings, DetectorSet context) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  if (text.size() < kShortestMatch) return Detector::none;
  const PassSet passes = passes_of(settings).all & passes_for(leaf, text.size());
  return passes == 0 ? Detector::none : find_whole_match(text, leaf, settings, context);  // none of most names of people
}

void give_back_memory() noexcept {
  scratch() = {};
}

}  // namespace pii::detect
