#pragma once

#include <memory>

#include "command.hpp"

namespace piictl {

// One source file each; table.cpp names them.
std::unique_ptr<Command> make_init();
std::unique_ptr<Command> make_tokenize();
std::unique_ptr<Command> make_match();
std::unique_ptr<Command> make_protect();
std::unique_ptr<Command> make_reveal();
std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_mask();
std::unique_ptr<Command> make_scan();
std::unique_ptr<Command> make_keyset_create();
std::unique_ptr<Command> make_keyset_info();
std::unique_ptr<Command> make_keyset_lint();
std::unique_ptr<Command> make_rotate();
std::unique_ptr<Command> make_policy_check();
std::unique_ptr<Command> make_policy_explain();
std::unique_ptr<Command> make_policy_profiles();
std::unique_ptr<Command> make_log_check();
std::unique_ptr<Command> make_log_lint();
std::unique_ptr<Command> make_log_scaffold();
std::unique_ptr<Command> make_deadletter_list();
std::unique_ptr<Command> make_deadletter_show();
std::unique_ptr<Command> make_deadletter_replay();
std::unique_ptr<Command> make_deadletter_purge();
std::unique_ptr<Command> make_deadletter_check();
std::unique_ptr<Command> make_doctor();
std::unique_ptr<Command> make_selftest();
std::unique_ptr<Command> make_bench();
std::unique_ptr<Command> make_completion();
std::unique_ptr<Command> make_man();
std::unique_ptr<Command> make_version();
std::unique_ptr<Command> make_vault_status();
std::unique_ptr<Command> make_vault_pull();
std::unique_ptr<Command> make_vault_push();
std::unique_ptr<Command> make_vault_policy();
std::unique_ptr<Command> make_vault_login_check();

}  // namespace piictl
