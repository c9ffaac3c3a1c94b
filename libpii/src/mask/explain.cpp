#include "pii/mask_explain.hpp"

#include <memory>
#include <utility>

#include "mask/json_escape.hpp"
#include "mask/path_pattern.hpp"
#include "mask/policy_impl.hpp"
#include "pii/masker.hpp"

namespace pii {
namespace {

using Step = mask::PathPattern::Step;

std::string_view to_string(mask::KeyVerdict::Kind kind) noexcept {
  using Kind = mask::KeyVerdict::Kind;
  switch (kind) {
    case Kind::plain: return "plain";
    case Kind::sensitive: return "sensitive";
    case Kind::secret: return "secret";
    case Kind::drop: return "drop";
    case Kind::authorization: return "authorization";
    case Kind::cookie: return "cookie";
    case Kind::set_cookie: return "set_cookie";
    case Kind::safe: return "safe";
  }
  return "plain";
}

class Listener final : public MaskListener {
 public:
  void on_finding(const MaskFinding& finding) override { found.push_back(finding.detector); }
  std::vector<Detector> found;
};

// The event that has the value at the path and nothing else.
std::string event_of(const std::vector<Step>& steps, std::string_view value) {
  std::string event, end;
  for (const Step& step : steps) {
    if (step.kind == Step::Kind::name) {
      event += "{\"";
      mask::append_json_escaped(step.name, event);
      event += "\":";
      end.insert(0, "}");
    } else {
      event += '[';
      end.insert(0, "]");
      for (std::uint32_t i = 0; i < step.index; ++i) event += "null,";
    }
  }
  event += '"';
  mask::append_json_escaped(value, event);
  return event + '"' + end;
}

void match_paths(const MaskPolicy& policy, const std::vector<Step>& steps, MaskExplanation& explanation) {
  const MaskPolicy::Impl& impl = policy.impl();
  mask::PathMatcher matcher(impl.patterns);
  mask::PathMatcher::State state = mask::PathMatcher::kStart;
  for (const Step& step : steps) {
    state = step.kind == Step::Kind::name ? matcher.step_name(state, step.name) : matcher.step_index(state, step.index);
  }
  explanation.included = impl.includes_all;
  for (const std::uint16_t match : matcher.matches(state)) {
    if (match < impl.never_scan_begin) {
      explanation.included = true;
    } else if (match < impl.paths_begin) {
      explanation.never_scan = true;
    } else {
      explanation.rules.push_back(match - impl.paths_begin);
    }
  }
}

}  // namespace

Result<MaskExplanation> explain_mask(const MaskPolicy& policy, std::string_view path, std::string_view value) {
  constexpr std::uint32_t kLargestIndex = 10000;
  auto pattern = mask::PathPattern::parse(path);
  if (!pattern) return std::move(pattern).error();
  std::string key, parent;
  for (const Step& step : pattern->steps) {
    const bool one = step.kind == Step::Kind::name || (step.kind == Step::Kind::index && step.index <= kLargestIndex);
    if (!one) {
      return Error(ErrorCode::invalid_setting, "the path names more than one place",
                   "write out one, such as payload.items[0].email");
    }
    if (step.kind != Step::Kind::name) continue;
    parent = std::exchange(key, step.name);
  }
  MaskExplanation explanation;
  const mask::KeyVerdict verdict = policy.impl().say(key, policy.impl().role_of(parent)).verdict;
  explanation.key = to_string(verdict.kind);
  explanation.key_type = verdict.type;
  match_paths(policy, pattern->steps, explanation);

  // The policy outlives the masker, which is gone when this returns.
  Masker masker(std::shared_ptr<const MaskPolicy>(std::shared_ptr<const MaskPolicy>(), &policy), {});
  Listener listener;
  masker.set_listener(&listener);
  const std::string event = event_of(pattern->steps, value);
  std::string masked;
  masker.mask_document(event, masked);
  explanation.found = std::move(listener.found);
  explanation.masked = masked != event;
  return explanation;
}

}  // namespace pii
