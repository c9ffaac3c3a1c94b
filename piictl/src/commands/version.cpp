#include "pii/version.hpp"


#include "commands/commands.hpp"
#include "output.hpp"
#include "pii/build_info.hpp"
#include "pii/selftest.hpp"

namespace piictl {
namespace {

class VersionCommand final : public Command {
 public:
  void declare(OptionList&) override {}

  pii::Result<void> run(Session& session) override {
    if (!session.flags.json) return write_to_standard_output("piictl " PII_VERSION "\n");
    Json features = Json::array({"format-v1", "file-provider"});
    for (const pii::Implementation& one : pii::implementations())
      features.push_back(one.primitive + ": " + one.name);
    return write_to_standard_output(to_json_line({{"version", PII_VERSION},
                                                  {"commit", PIICTL_COMMIT},
                                                  {"openssl", pii::openssl_version()},
                                                  {"sodium", pii::sodium_version()},
                                                  {"features", std::move(features)}}));
  }
};

}  // namespace

std::unique_ptr<Command> make_version() { return std::make_unique<VersionCommand>(); }

}  // namespace piictl
