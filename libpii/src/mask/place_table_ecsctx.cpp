// Which parts of an event ecsctx 0.5.5 looks at, and how (docs/compatibility.md "Masking").
#include "mask/ecsctx_rules.hpp"
#include "mask/place_table.hpp"

namespace pii::mask {

using Step = PathPattern::Step;

std::vector<PathPattern> ecsctx_patterns(const std::vector<std::string>& exempt_paths) {
  std::vector<PathPattern> patterns;
  for (const std::string& text : exempt_paths) {
    PathPattern& pattern = patterns.emplace_back();
    const ecsctx::ExemptPath exempt(text);
    for (const ecsctx::ExemptPath::Step& step : exempt.steps()) {
      pattern.steps.push_back(step.array ? Step{Step::Kind::any_index}
                              : step.any ? Step{Step::Kind::any_name}
                                         : Step{Step::Kind::name, step.name});
    }
  }
  return patterns;
}

void PlaceTable::decide_ecsctx(Entry& entry, const Entry& above, std::string_view name) {
  entry.treatment = Treatment::untouched;
  entry.ecsctx_scope = EcsctxScope::kOutside;
  const auto container = [&entry] {
    entry.ecsctx_scope = EcsctxScope::kContainer;
    entry.treatment = Treatment::ecsctx_text;
    entry.ecsctx_state = PathMatcher::kStart;
  };
  switch (above.ecsctx_scope) {
    case EcsctxScope::kRoot:
      if (name == "headers") entry.ecsctx_scope = EcsctxScope::kHeaders;
      if (name == "http") entry.ecsctx_scope = EcsctxScope::kHttp;
      if (name == "payload" || name == "args" || name == "kwargs") container();
      break;
    case EcsctxScope::kHttp:
      if (name == "request") entry.ecsctx_scope = EcsctxScope::kRequest;
      if (name == "response") entry.ecsctx_scope = EcsctxScope::kResponse;
      break;
    case EcsctxScope::kRequest:
      if (name == "headers") entry.ecsctx_scope = EcsctxScope::kHeaders;
      if (name == "body") container();
      break;
    case EcsctxScope::kResponse:
      if (name == "body") container();
      break;
    case EcsctxScope::kHeaders:
      if (ecsctx::is_authorization_key(name)) entry.treatment = Treatment::ecsctx_header;
      break;
    case EcsctxScope::kContainer: {
      entry.ecsctx_scope = EcsctxScope::kContainer;
      entry.ecsctx_member = true;
      // A member named `[*]` cannot be told from an element.
      entry.ecsctx_state = name == "[*]" ? ecsctx_paths_.step_index(above.ecsctx_state, 0)
                                         : ecsctx_paths_.step_name(above.ecsctx_state, name);
      const bool exempt = !ecsctx_paths_.matches(entry.ecsctx_state).empty();
      entry.treatment = ecsctx::is_sensitive_key(name) && !exempt ? Treatment::ecsctx_key : Treatment::ecsctx_text;
      if (entry.treatment == Treatment::ecsctx_key) entry.ecsctx_hint = ecsctx::hint_of(name);
      break;
    }
    default: break;
  }
}

void PlaceTable::decide_ecsctx_element(Entry& entry, const Entry& above) {
  entry.treatment = Treatment::untouched;
  entry.ecsctx_scope = EcsctxScope::kOutside;
  entry.in = above.in;
  if (above.ecsctx_scope != EcsctxScope::kContainer) return;
  entry.ecsctx_scope = EcsctxScope::kContainer;
  entry.treatment = Treatment::ecsctx_text;
  entry.ecsctx_state = ecsctx_paths_.step_index(above.ecsctx_state, 0);
}

}  // namespace pii::mask
