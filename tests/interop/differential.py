"""Runs piictl and the Python package ecsctx on the same random values and compares every answer.

Tokens must be equal; what one protects the other must reveal. The seed is printed, and --seed repeats a run.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata

import ecsctx.pii as peer

ENVIRONMENT = "interop"
# Where normalization has corners: spaces, sigmas and what surrounds them, digits of many scripts, expanding capitals.
CORNERS = (
    "\u03a3\u03c3\u03c2\u0130\u0131\u1e9e\u00df\u212a\u212b\u0345\u037a\u02b0\u00b7\u2019'.:\u00ad\u200b\u200c\u200d\u2060"
    "\ufeff\u180e\u0300\u0301\u0307\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"
    "\x00+\uff0b0123456789\u0660\u0669\u06f0\u0966\uff10\uff19\u00b2\u2460\u2167\u00bd-()@aAzZ\u00c9\u01c5\u24b6\u13a0\ufb06"
    "\U00010400\U0001d7ce\U0001d7ff\U0001e921\U0001f600\u1ca9\u10d0\uab70"
)


def random_text(rng):
    def one():
        kind = rng.random()
        if kind < 0.45:
            return rng.choice(CORNERS)
        if kind < 0.75:
            return chr(rng.randrange(0x20, 0x7F))
        limit = 0x3000 if kind < 0.9 else 0x110000
        while True:
            code = rng.randrange(limit)
            if not 0xD800 <= code <= 0xDFFF:
                return chr(code)

    length = rng.choice((0, 1, 2, 3, 5, 8, 13, 22, 40)) if rng.random() < 0.98 else rng.randrange(100, 2000)
    return "".join(one() for _ in range(length))


def run_piictl(piictl, arguments, values, keysets):
    """Sends the values as ndjson, raw and escaped in turn, and returns the strings that came back."""
    lines = (json.dumps({"n": i, "v": v}, ensure_ascii=i % 2 == 0) for i, v in enumerate(values))
    command = [piictl, *arguments, "--format", "ndjson", "--path", "v", "--env", ENVIRONMENT, *keysets]
    done = subprocess.run(command, input=("\n".join(lines) + "\n").encode(), stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"piictl {arguments[0]} ended with {done.returncode}")
    rows = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    if [row["n"] for row in rows] != list(range(len(values))):
        sys.exit(f"piictl {arguments[0]} lost or moved rows")
    return [row["v"] for row in rows]


def compare(what, values, ours, theirs):
    wrong = [i for i, (a, b) in enumerate(zip(ours, theirs, strict=True)) if a != b]
    for i in wrong[:5]:
        print(f"  differs: {values[i]!a}: piictl {ours[i]!a}, ecsctx {theirs[i]!a}")
    print(f"{what}: {len(values)} compared, {len(wrong)} differ")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--piictl", required=True)
    parser.add_argument("--tokens", type=int, default=120_000)
    parser.add_argument("--ciphertexts", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    options = parser.parse_args()
    rng = random.Random(options.seed)
    print(f"seed {options.seed}, Unicode {unicodedata.unidata_version}")

    with tempfile.TemporaryDirectory() as folder:
        token, reveal = os.path.join(folder, "token.json"), os.path.join(folder, "reveal.json")
        for usage, path in (("token", token), ("reveal", reveal)):
            subprocess.run([options.piictl, "keyset", "create", "--usage", usage, "--out", path, "--quiet"], check=True,
                           stdout=subprocess.DEVNULL)
        # A second key, so that both sides must agree on which is primary and on reading the older one.
        older = run_piictl(options.piictl, ["protect", "-f", "note"], ["older key"], ["--reveal-keyset", reveal])[0]
        for path in (token, reveal):
            subprocess.run([options.piictl, "rotate", path, "--now", "--yes", "--quiet"], check=True, stdout=subprocess.DEVNULL)
        keysets = {"token": ["--token-keyset", token], "reveal": ["--reveal-keyset", reveal, "--access", "full"]}
        peer.configure_pii(token_keyset_path=token, reveal_keyset_path=reveal, env=ENVIRONMENT)

        good = peer.reveal(older, "note") == "older key"
        print(f"a ciphertext from before the rotation: {'opened' if good else 'NOT opened'} by ecsctx")
        for field in ("email", "phone", "generic"):
            values = [random_text(rng) for _ in range(options.tokens // 3)]
            ours = run_piictl(options.piictl, ["tokenize", "-f", field], values, keysets["token"])
            good &= compare(f"tokens, {field}", values, ours, [peer.tokenize(v, field) for v in values])

        values = [random_text(rng) for _ in range(options.ciphertexts)]
        sealed = run_piictl(options.piictl, ["protect", "-f", "email"], values, keysets["reveal"])
        good &= compare("piictl protects, ecsctx reveals", values, [peer.reveal(c, "email") for c in sealed], values)
        sealed = [peer.protect(v, "email") for v in values]
        ours = run_piictl(options.piictl, ["reveal", "-f", "email"], sealed, keysets["reveal"])
        good &= compare("ecsctx protects, piictl reveals", values, ours, values)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
