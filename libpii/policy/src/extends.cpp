#include "sections.hpp"

namespace pii::policy {
namespace {

bool is_ecsctx(const PolicySpec& spec) { return spec.rules != PolicySpec::Rules::catalogue; }

// What either profile finds is found; where the two differ from the profile `default`, the later one counts.
void merge(PolicySpec& spec, const PolicySpec& later, const PolicySpec& standard) {
  spec.enabled = spec.enabled | later.enabled;
  spec.context_required = spec.context_required & later.context_required;
  for (std::size_t i = 0; i < spec.actions.size(); ++i) {
    if (later.actions[i] != standard.actions[i]) spec.actions[i] = later.actions[i];
  }
}

}  // namespace

void read_extends(Draft& draft, const Node* node) {
  const PolicySpec standard = *PolicySpec::profile("default");
  draft.spec = standard;
  if (node == nullptr || !draft.reader.is_list(*node, "extends")) return;
  if (node->items.empty()) draft.reader.fail(*node, "extends", "must name a profile, or be left out");
  const std::vector<std::string_view> names = PolicySpec::profile_names();
  for (std::size_t i = 0; i < node->items.size() && draft.reader.good(); ++i) {
    const std::string path = join_index("extends", i);
    const PolicySpec profile = *PolicySpec::profile(names[draft.reader.choice(node->items[i], path, names)]);
    if (i == 0) {
      draft.spec = profile;
    } else if (is_ecsctx(profile) || is_ecsctx(draft.spec)) {
      draft.reader.fail(node->items[i], path, "the rules of ecsctx go with no other profile");
    } else {
      merge(draft.spec, profile, standard);
    }
  }
}

}  // namespace pii::policy
