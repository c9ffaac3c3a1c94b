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
std::unique_ptr<Command> make_rewrap();
std::unique_ptr<Command> make_retokenize();
std::unique_ptr<Command> make_index();
std::unique_ptr<Command> make_index_plan();
std::unique_ptr<Command> make_preserve();
std::unique_ptr<Command> make_preserve_reveal();
std::unique_ptr<Command> make_subject_create();
std::unique_ptr<Command> make_subject_protect();
std::unique_ptr<Command> make_subject_reveal();
std::unique_ptr<Command> make_subject_rewrap();
std::unique_ptr<Command> make_subject_shred();
std::unique_ptr<Command> make_mask();
std::unique_ptr<Command> make_scan();
std::unique_ptr<Command> make_keyset_create();
std::unique_ptr<Command> make_keyset_info();
std::unique_ptr<Command> make_keyset_lint();
std::unique_ptr<Command> make_keyset_upgrade();
std::unique_ptr<Command> make_keyset_export();
std::unique_ptr<Command> make_keyset_diff();
std::unique_ptr<Command> make_keyset_policy();
std::unique_ptr<Command> make_keyset_sign();
std::unique_ptr<Command> make_keyset_verify();
std::unique_ptr<Command> make_keyset_seal();
std::unique_ptr<Command> make_keyset_unseal();
std::unique_ptr<Command> make_keyset_backup();
std::unique_ptr<Command> make_keyset_restore();
std::unique_ptr<Command> make_key_stage();
std::unique_ptr<Command> make_key_import();
std::unique_ptr<Command> make_key_promote();
std::unique_ptr<Command> make_key_retire();
std::unique_ptr<Command> make_key_disable();
std::unique_ptr<Command> make_key_enable();
std::unique_ptr<Command> make_key_destroy();
std::unique_ptr<Command> make_key_cancel_destroy();
std::unique_ptr<Command> make_audit_verify();
std::unique_ptr<Command> make_rotate();
std::unique_ptr<Command> make_policy_check();
std::unique_ptr<Command> make_policy_explain();
std::unique_ptr<Command> make_policy_profiles();
std::unique_ptr<Command> make_log_check();
std::unique_ptr<Command> make_log_emit();
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
