"""Masks random events with the Python package ecsctx and with our rules for it, and compares the results.

The seed is fixed, so that a run repeats; --seed 0 draws one. Integers are compared digit by digit.
"""

import argparse
import base64
import copy
import json
import os
import random
import subprocess
import sys
import tempfile

import ecsctx.pii as pii
import ecsctx.processors as peer

ENVIRONMENT = "interop"
KEYS = (
    "name", "Name", "customer_name", "bank_name", "BANK_NAME", "display_name", "username", "customer_id", "customerId", "id", "pk",
    "email", "Email", "customer_email", "phone", "mobile", "hotel", "telemetry", "hostname", "udf1", "billing", "shipping_method",
    "note", "items", "meta", "amount", "x", "a.b", "[*]", "*", "", "card_number", "password", "Customer Name", "n\u00e4me",
    "NAME\u0130", "contact\u212a", "\u03a3name\u03a3", "\u4f4f\u6240 address", "john@x.com", "0", "q\"uote",
)
TEXTS = (
    "John Doe", "Jos\u00e9", "", " ", "\t\u00a0", "\"John\"", "\"", "\"\"", "\"\"x\"\"\"", "\"open", "a@b.co", "User@Example.COM", "\u00e9user.name@x.com",
    "o'brien@x.com", "user@x.com|paid", "john@mail.example.com1", "j@x.comé", "a@b.c|2025550173", "\u7528\u6237@\u4f8b\u5b50.\u5e7f\u544a",
    "ptok:", "ptok: John a@b.co", "\"ptok:x", "ptok:v1:zz", "[PII_REDACTED]", "penc:v1:k:AAAA", "202-555-0173", "+1 202-555-0173",
    "(202) 555-0173", "x(202)555.0173", "+96555551234", "a+96555551234", "+965 5555 1234", "1700000000", "order 1700000000", "123456789012",
    "1234567890123", "\u0662\u0660\u0662\u0665\u0665\u0665\u0660\u0661\u0667\u0663", "\uff12\uff10\uff12\uff15\uff15\uff15\uff10\uff11\uff17\uff13",
    "202\u00a0555\u30000173", "e7b1-426614174000", "Bearer abcdefghijkl", "Bearer abc", "secret\u00e9\u00e9key", "line\nbreak", "\\", "\x00\x1f\x7f",
    "\U0001d7d0\U0001d7ce\U0001d7d0\U0001d7d3\U0001d7d3\U0001d7d3\U0001d7ce\U0001d7cf\U0001d7d5\U0001d7d1", "\u00b2\u00b3", "STRASSE\u1e9e", "\u039f\u03a3",
)
PIECES = (
    "a@b.co", "c.d+e@f-g.org", ".x@y.com", "@", ".", "|", "-", " ", "\u2003", "(", ")", "+", "_", "%", "202", "555", "0173", "2025550173", "96555551234",
    "5", "12", "\u0663\u0663\u0663", "\u00e9", "\u4e2d", "\u0301", "\u00b2", "x", "Z", "com", "\"", "ptok:", ":", "/", "\n",
)
PATHS = (
    "name", "*", "*.name", "[*].name", "items", "items[*]", "items[*].name", "items[*].*", "meta.*.email", "customer_name", "a.b", ".", "[]", "[*",
    "*]", "items[0].name", "Email", "meta", "*.*", "\u4f4f\u6240 address", "x..name",
)
HEADERS = (
    "Authorization", "authorization", "API-KEY", "api_key", "apikey", "X-Api-Key", "x-api-\u212aey", "Cookie", "Accept", "Proxy-Authorization",
    "authorizat\u0131on",
)


class Events:
    def __init__(self, rng):
        self.rng = rng

    def text(self):
        kind = self.rng.random()
        if kind < 0.5:
            return self.rng.choice(TEXTS)
        if kind < 0.9:
            return "".join(self.rng.choice(PIECES) for _ in range(self.rng.randrange(1, 9)))
        limit = self.rng.choice((0x80, 0x3000, 0xD800, 0x20000))
        return "".join(chr(c) for c in (self.rng.randrange(limit) for _ in range(8)) if not 0xD800 <= c <= 0xDFFF)

    def scalar(self):
        kind = self.rng.random()
        if kind < 0.75:
            return self.text()
        return self.rng.choice((None, True, False, 0, -1, 5, 1.25, -0.5, 1e22, 96555551234, 2**63, 10**25 + 7, -(10**20), 3.14159))

    def value(self, depth):
        kind = self.rng.random()
        if depth <= 0 or kind < 0.45:
            return self.scalar()
        if kind < 0.8:
            return {self.rng.choice(KEYS): self.value(depth - 1) for _ in range(self.rng.randrange(4))}
        return [self.value(depth - 1) for _ in range(self.rng.randrange(4))]

    def headers(self):
        if self.rng.random() < 0.1:
            return self.value(1)
        return {self.rng.choice(HEADERS): self.scalar() for _ in range(self.rng.randrange(4))}

    def event(self):
        event = {}
        for root in ("payload", "args", "kwargs", "message", "extra", "email"):
            if self.rng.random() < 0.35:
                event[root] = self.value(self.rng.randrange(6))
        if self.rng.random() < 0.3:
            event["headers"] = self.headers()
        if self.rng.random() < 0.4:
            event["http"] = {side: self.side() for side in ("request", "response") if self.rng.random() < 0.8}
        elif self.rng.random() < 0.1:
            event["http"] = self.value(1)
        return event

    def side(self):
        if self.rng.random() < 0.1:
            return self.value(1)
        return {"headers": self.headers(), "body": self.value(3), "name": self.text()}

    def paths(self):
        return [self.rng.choice(PATHS) for _ in range(self.rng.choice((0, 0, 0, 1, 2, 3)))]


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def keyset():
    entry = {"alg": "HMAC-SHA-256", "created_at": "2025-01-01T00:00:00Z", "key_b64": base64.b64encode(bytes(range(32))).decode()}
    return {"schema_version": 1, "primary_kid": "k1", "keys": {"k1": entry}}


def mask_with_peer(tasks, keyset_path):
    masked = [None] * len(tasks)
    for configured in (False, True):
        if configured:
            pii.configure_pii(token_keyset_path=keyset_path, env=ENVIRONMENT)
        for index, task in enumerate(tasks):
            if task["configured"] is configured:
                peer.configure_masking(exempt_paths=task["exempt_paths"])
                masked[index] = peer.mask_sensitive_data(None, "info", copy.deepcopy(task["event"]))
    return masked


def mask_with(program, how, tasks, keyset_path):
    """Two lines for each event go in, its settings and itself, written in both ways that JSON has for text."""
    lines = []
    for i, task in enumerate(tasks):
        lines.append(json.dumps({"configured": task["configured"], "exempt_paths": task["exempt_paths"]}))
        lines.append(json.dumps(task["event"], ensure_ascii=i % 2 == 0))
    text = "\n".join(lines) + "\n"
    done = subprocess.run([program, how, keyset_path, ENVIRONMENT], input=text.encode(), stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"ecsctx_mask {how} ended with {done.returncode}")
    masked = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    if len(masked) != len(tasks):
        sys.exit(f"{len(tasks)} events went in, {len(masked)} came out")
    return masked


def compare(how, tasks, ours, theirs):
    wrong = [i for i in range(len(tasks)) if not same(ours[i], theirs[i])]
    for i in wrong[:5]:
        print(f"  differs: {tasks[i]!a}\n    ours   {ours[i]!a}\n    ecsctx {theirs[i]!a}")
    print(f"{how}: {len(tasks)} events compared, {len(wrong)} differ")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="ecsctx_mask")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261125)
    options = parser.parse_args()
    seed = options.seed or int.from_bytes(os.urandom(4), "big")
    print(f"seed {seed}")
    rng = random.Random(seed)
    events = Events(rng)
    for variable in [v for v in os.environ if v.startswith("PII_")]:
        del os.environ[variable]

    tasks = [{"event": events.event(), "exempt_paths": events.paths(), "configured": rng.random() < 0.85} for _ in range(options.events)]
    with tempfile.TemporaryDirectory() as folder:
        keyset_path = os.path.join(folder, "token.json")
        with open(keyset_path, "w", encoding="ascii") as file:
            json.dump(keyset(), file)
        theirs = mask_with_peer(tasks, keyset_path)
        ours = {how: mask_with(options.program, how, tasks, keyset_path) for how in ("rules", "masker")}

    changed = sum(not same(task["event"], masked) for task, masked in zip(tasks, theirs))
    print(f"{changed} of {len(tasks)} events are changed by masking")
    good = [compare(how, tasks, masked, theirs) for how, masked in ours.items()]
    return 0 if all(good) and changed > len(tasks) // 2 else 1


if __name__ == "__main__":
    sys.exit(main())
