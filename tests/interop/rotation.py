"""Takes keysets of schema 2 through a key's life with piictl, and has the real package read them after every step."""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import ecsctx.pii as peer

FORCE = ("--force", "--reason", "test")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--piictl", required=True)
    piictl = parser.parse_args().piictl

    def run(*arguments, stdin=""):
        done = subprocess.run([piictl, *arguments], input=stdin, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"piictl {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    with tempfile.TemporaryDirectory() as folder:
        token, reveal = os.path.join(folder, "token.json"), os.path.join(folder, "reveal.json")
        common = ("--env", "interop", "--quiet")
        run("keyset", "create", "--usage", "token", "--out", token, *common)
        run("keyset", "create", "--usage", "reveal", "--out", reveal, *common)
        stored = []
        good = True

        def check(step):
            nonlocal good
            peer.configure_pii(token_keyset_path=token, reveal_keyset_path=reveal, env="interop")
            ours = run("tokenize", "-f", "email", "--token-keyset", token, *common, stdin="Ada@Example.com\n").strip()
            if ours.startswith("ptok:v1:") and peer.tokenize("Ada@Example.com", "email") != ours:
                good = False
                print(f"{step}: the tokens differ")
            live = {k["kid"] for k in json.loads(run("keyset", "info", reveal, "--json"))["keys"] if k["alg"] == "AES-256-GCM" and
                    k["status"] in ("staged", "active", "retiring")}
            stored.append(run("protect", "-f", "note", "--reveal-keyset", reveal, *common, stdin="a note\n").strip())
            stored.append(peer.protect("a note", "note"))
            for text in stored:
                kid = text.split(":")[2]
                if text.startswith("penc:v1:") and kid in live and peer.reveal(text, "note") != "a note":
                    good = False
                    print(f"{step}: ecsctx cannot reveal what {kid} protects")
            print(f"{step}: read by ecsctx, live {sorted(live)}")

        check("created")
        for path, first, second in ((token, "tk1", "tk2"), (reveal, "rk1", "rk2")):
            for step in (["key", "stage", path], ["key", "promote", path, second, *FORCE], ["key", "disable", path, first, *FORCE],
                         ["key", "enable", path, first], ["key", "disable", path, first, *FORCE],
                         ["key", "destroy", path, first, *FORCE], ["key", "cancel-destroy", path, first],
                         ["key", "destroy", path, first, *FORCE], ["key", "destroy", path, first, *FORCE]):
                run(*step, "--quiet")
                check(" ".join(step[1:2] + step[3:4]))
        run("key", "stage", token, "--alg", "PII-TOK-2", "--quiet")
        run("key", "stage", reveal, "--alg", "PII-AEAD-2", "--quiet")
        check("version 2 keys staged")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
