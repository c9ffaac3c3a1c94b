"""piictl loads libcurl only when it asks Vault (docs/decisions/0003)."""

import os
import subprocess
import sys


def loaded(piictl, *arguments, **more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PII", "VAULT_", "BAO_"))}
    done = subprocess.run([piictl, *arguments], env=environment | {"LD_DEBUG": "libs"} | more, capture_output=True, text=True,
                          check=False)
    return "libcurl" in done.stderr


def main():
    piictl = sys.argv[1]
    vault = {"PII_PROVIDER": "vault", "PII_VAULT_ADDR": "https://127.0.0.1:1", "PII_VAULT_AUTH": "token", "VAULT_TOKEN": "x",
             "PII_VAULT_TOKEN_KEYSET_PATH": "secret/data/x"}
    checks = {
        "a start without Vault loads no libcurl": not loaded(piictl, "version"),
        "the doctor of files loads none": not loaded(piictl, "doctor", PII_TOKEN_KEYSET_PATH="/nonexistent"),
        "asking Vault loads it": loaded(piictl, "vault", "login-check", **vault),
    }
    for name, good in checks.items():
        print(f"{'ok  ' if good else 'FAIL'} {name}")
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
