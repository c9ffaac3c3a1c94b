#!/usr/bin/env python3
"""Writes vectors.json: version 2 of docs/formats.md, worked out a second time.

It shares nothing with the library: hmac and hashlib of Python, bare AES and AES-GCM of the package cryptography,
unicodedata (Unicode 14). Output is the same on every run.

  make_vectors.py           writes vectors.json beside this script
  make_vectors.py --check   compares instead; exit code 1 when it differs, 77 when cryptography is not here
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import sys
import unicodedata

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
except ImportError:
    print("the package cryptography is not here, or has no Argon2id")
    sys.exit(77)

TARGET = pathlib.Path(__file__).with_name("vectors.json")
PURPOSES = {"token": 1, "encrypt": 2, "commit": 3, "index": 4, "data_key": 5, "format": 6}
ENVIRONMENT = "test"


def b64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def fixed(label, size):
    """Bytes that look random and are not."""
    return hashlib.shake_256(label.encode()).digest(size)


def lp(data):
    return struct.pack(">I", len(data)) + data


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def hkdf(ikm, info):
    prk = mac(bytes(32), ikm)  # no salt: 32 zeros
    return mac(prk, info + b"\x01")  # one block is all it takes


def context(purpose, tenant, field, normalizer, kid):
    parts = (ENVIRONMENT, tenant, field, normalizer, kid)
    return b"libpii/v2\x00" + bytes([PURPOSES[purpose]]) + b"".join(lp(part.encode()) for part in parts)


def block(key, data):
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(data)


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def xaes(key, nonce, aad, text):
    l = int.from_bytes(block(key, bytes(16)), "big")
    k1 = ((l << 1) % (1 << 128)) ^ (0x87 if l >> 127 else 0)
    k1 = k1.to_bytes(16, "big")
    derived = b"".join(block(key, xor(bytes([0, i]) + b"X\x00" + nonce[:12], k1)) for i in (1, 2))
    return AESGCM(derived).encrypt(nonce[12:], text, aad)


def padded(text, size):
    if size == 0:
        return text
    text += b"\x80"
    return text + bytes(-len(text) % size)


def seal(key, kid, place, aad, nonce, text, purpose="encrypt", slim=False):
    encryption = hkdf(key, context(purpose, *place, "none", kid))
    if slim:
        return nonce + xaes(encryption, nonce, aad, text)
    commitment = hkdf(key, context("commit", *place, "none", kid))
    return nonce + mac(commitment, nonce + aad) + xaes(encryption, nonce, aad, text)


def normalize(rule, value):
    dropped = "\u200b\u2060\ufeff" + ("\u200c\u200d" if rule == "email.1" else "")
    text = unicodedata.normalize("NFC", "".join(c for c in value if c not in dropped))
    if rule == "email.1":
        text = unicodedata.normalize("NFC", text.lower())
    return text.strip()


def ff1(key, radix, tweak, numerals):
    """SP 800-38G, algorithm 7, as it is written there."""
    n, t = len(numerals), len(tweak)
    u = n // 2
    v = n - u
    a, b = numerals[:u], numerals[u:]
    size = (((radix**v - 1).bit_length()) + 7) // 8
    d = 4 * ((size + 3) // 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([10, u % 256]) + n.to_bytes(4, "big") + t.to_bytes(4, "big")

    def number(digits):
        value = 0
        for digit in digits:
            value = value * radix + digit
        return value

    for i in range(10):
        q = tweak + bytes((-t - size - 1) % 16) + bytes([i]) + number(b).to_bytes(size, "big")
        r = bytes(16)
        for at in range(0, len(p + q), 16):
            r = block(key, xor(r, (p + q)[at : at + 16]))
        s = r + b"".join(block(key, xor(r, j.to_bytes(16, "big"))) for j in range(1, (d + 15) // 16))
        m = u if i % 2 == 0 else v
        c = (number(a) + int.from_bytes(s[:d], "big")) % radix**m
        digits = []
        for _ in range(m):
            c, digit = divmod(c, radix)
            digits.insert(0, digit)
        a, b = b, digits
    return a + b


TOKEN_KEYS = {
    "tok1": ("PII-TOK-2", "active", {}),
    "tok-2": ("PII-TOK-2", "retiring", {"len": 32}),
    "tok_3": ("PII-TOK-2", "staged", {"len": 23}),
    "idx1": ("PII-IDX-2", "active", {"bits": 21}),
    "idx2": ("PII-IDX-2", "retiring", {"bits": 64}),
    "ff10": ("PII-FF1-2", "active", {"alphabet": "0123456789"}),
    "ff62": ("PII-FF1-2", "retiring", {"alphabet": "zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA9876543210"}),
    "ff2": ("PII-FF1-2", "staged", {"alphabet": "01"}),
}
REVEAL_KEYS = {
    "enc1": ("PII-AEAD-2", "active", {}),
    "enc16": ("PII-AEAD-2", "retiring", {"pad": 16}),
    "enc64": ("PII-AEAD-2", "retiring", {"pad": 64}),
    "slim1": ("XAES-256-GCM", "retiring", {}),
    "slim32": ("XAES-256-GCM", "staged", {"pad": 32}),
}


def key_of(kid):
    return fixed("key " + kid, 32)


def keyset(usage, keys, v1_alg):
    primary = next(iter(keys))
    return {
        "schema_version": 2,
        "primary_kid": "old1",
        "keys": {"old1": {"alg": v1_alg, "status": "active", "key_b64": b64url(key_of("old1" + usage))}},
        "v2": {
            "primary_kid": primary,
            "keys": {
                kid: {"alg": alg, "status": status, "key_b64": b64url(key_of(kid)), **({"params": p} if p else {})}
                for kid, (alg, status, p) in keys.items()
            },
        },
        "keyset": {"id": "vectors-" + usage, "usage": usage, "policy": {"write_version": 2}},
    }


VALUES = [
    ("email", "email.1", "ada@example.com"),
    ("email", "email.1", "  Ada.LOVELACE@Example.Com\t"),
    ("email", "email.1", "JOSE\u0301@example.com"),
    ("email", "email.1", "J\u030c\u200d@example.com\ufeff"),
    ("email", "email.1", "\u039f\u0394\u039f\u03a3@example.gr"),
    ("name", "text.1", ""),
    ("name", "text.1", "Ada Lovelace"),
    ("name", "text.1", "\u3000Jose\u0301 \u1100\u1161\u11a8\u200b"),
    ("name", "text.1", "\u0641\u0627\u0637\u0645\u0629"),
    ("name", "text.1", "x" * 1000),
    ("phone", "text.1", "+96599887766"),
    ("customer.id-2_x", "text.1", "c-17"),
    ("a-field-type-of-more-than-sixteen-bytes", "text.1", "v"),
]


def tokens():
    rows = []
    for tenant in ("", "acme", "a-tenant-whose-name-is-longer-than-16"):
        for field, rule, value in VALUES:
            text = normalize(rule, value).encode()
            made = {}
            for kid, (alg, _, params) in TOKEN_KEYS.items():
                if alg == "PII-FF1-2":
                    continue
                purpose = "token" if alg == "PII-TOK-2" else "index"
                code = mac(hkdf(key_of(kid), context(purpose, tenant, field, rule, kid)), text)
                if purpose == "token":
                    made[kid] = f"ptok:v2:{kid}:" + b64url(code[: params.get("len", 16)])
                else:
                    bits = params["bits"]
                    shown = bytearray(code[: (bits + 7) // 8])
                    if bits % 8:
                        shown[-1] &= 0xFF00 >> (bits % 8) & 0xFF
                    made[kid] = f"pidx:v2:{kid}:" + shown.hex()
            rows.append({"tenant": tenant, "field": field, "normalizer": rule, "value": value, "expected": made})
    return rows


def format_tokens():
    rows = []
    for tenant, field in (("", "account"), ("acme", "account"), ("a-tenant-whose-name-is-longer-than-16", "a-field-type-of-more-than-sixteen-bytes")):
        for value in ("123456", "4111111111111111", "0" * 20, "01" * 32, "9" * 63, "Zz09", "aB3" * 21):
            made = {}
            for kid, (alg, _, params) in TOKEN_KEYS.items():
                alphabet = params.get("alphabet", "")
                if not set(value) <= set(alphabet) or len(alphabet) ** len(value) < 1000000:
                    continue
                tweak = context("format", tenant, field, "text.1", kid)
                digits = ff1(hkdf(key_of(kid), tweak), len(alphabet), tweak, [alphabet.index(c) for c in value])
                made[kid] = f"pfpt:v2:{kid}:" + "".join(alphabet[digit] for digit in digits)
            rows.append({"tenant": tenant, "field": field, "value": value, "expected": made})
    return rows


def ciphertexts():
    rows = []
    number = 0
    for kid, (alg, _, params) in REVEAL_KEYS.items():
        for tenant, record, extra in (("", "", ""), ("acme", "row 17", ""), ("", "17", "column=\u00e9|x"), ("t", "r" * 1024, "e" * 1024)):
            for plaintext in ("", "ada@example.com", "exactly sixteen!", "\u0641\u0627\u0637\u0645\u0629" * 40, "x" * 3000):
                number += 1
                nonce = fixed(f"nonce {number}", 24)
                aad = lp(record.encode()) + lp(extra.encode())
                text = padded(plaintext.encode(), params.get("pad", 0))
                body = seal(key_of(kid), kid, (tenant, "email"), aad, nonce, text, slim=alg == "XAES-256-GCM")
                rows.append(
                    {
                        "kid": kid,
                        "tenant": tenant,
                        "field": "email",
                        "record": record,
                        "extra": extra,
                        "nonce": nonce.hex(),
                        "plaintext": plaintext,
                        "expected": f"penc:v2:{kid}:" + b64url(body),
                    }
                )
    return rows


def subjects():
    rows = []
    for number, (kid, tenant) in enumerate((("enc1", ""), ("enc16", ""), ("enc1", "acme"))):
        subject, data_key = fixed(f"subject {number}", 16), fixed(f"data key {number}", 32)
        wrap_nonce, nonce = fixed(f"wrap nonce {number}", 24), fixed(f"subject nonce {number}", 24)
        name = "~" + b64url(subject)
        wrapped = seal(key_of(kid), kid, (tenant, "subject"), subject, wrap_nonce, data_key, purpose="data_key")
        aad = lp(b"row 5") + lp(b"")
        body = seal(data_key, name, (tenant, "email"), aad, nonce, b"ada@example.com")
        rows.append(
            {
                "kid": kid,
                "tenant": tenant,
                "id": b64url(subject),
                "data_key": data_key.hex(),
                "wrap_nonce": wrap_nonce.hex(),
                "wrapped": f"pdek:v2:{kid}:" + b64url(wrapped),
                "field": "email",
                "record": "row 5",
                "nonce": nonce.hex(),
                "plaintext": "ada@example.com",
                "expected": f"penc:v2:{name}:" + b64url(body),
            }
        )
    return rows


def sealed():
    """A keyset that a wrapped key seals, and a passphrase. The header in the clear is the associated data (RFC 8785)."""
    document = json.dumps(keyset("token", TOKEN_KEYS, "HMAC-SHA-256"), indent=1)

    def seal_with(key, header):
        nonce = fixed("sealed nonce", 24)
        aad = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
        encryption, commitment = (hkdf(key, b"libpii/v2 sealed keyset " + word) for word in (b"encrypt", b"commit"))
        body = nonce + mac(commitment, nonce + aad) + xaes(encryption, nonce, aad, document.encode())
        return json.dumps({"sealed": header | {"body": b64url(body)}}, indent=1)

    key, passphrase, salt = bytes(range(1, 33)), "correct horse battery", fixed("salt", 16)
    wrapped = {"kek": "vault-transit:transit/pii", "wrapped_key": "vault:v1:AAEC+/8=", "alg": "PII-AEAD-2", "id": "vectors-token"}
    derived = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=64 * 1024).derive(passphrase.encode())
    by_passphrase = {"kdf": "argon2id", "opslimit": 2, "memlimit": 64 << 20, "salt": b64url(salt), "alg": "PII-AEAD-2",
                     "id": "vectors-token"}
    text, text_by_passphrase = seal_with(key, wrapped), seal_with(derived, by_passphrase)

    def changed(text, drop=(), **members):
        header = json.loads(text)["sealed"] | members
        return json.dumps({"sealed": {name: value for name, value in header.items() if name not in drop}})

    body = json.loads(text_by_passphrase)["sealed"]["body"]
    not_opened = {
        "more passes": changed(text_by_passphrase, opslimit=3),
        "more memory": changed(text_by_passphrase, memlimit=65 << 20),
        "another salt": changed(text_by_passphrase, salt=b64url(fixed("other salt", 16))),
        "another keyset": changed(text_by_passphrase, id="vectors-reveal"),
        "a revision that it has not": changed(text_by_passphrase, revision=9),
        "the nonce changed": changed(text_by_passphrase, body="A" + body[1:]),
        "cut by three bytes": changed(text_by_passphrase, body=body[:-4]),
        "the body of the other": changed(text_by_passphrase, body=json.loads(text)["sealed"]["body"]),
    }
    refused = {
        "passes below the bound": changed(text_by_passphrase, opslimit=1),
        "passes above the bound": changed(text_by_passphrase, opslimit=21),
        "memory below the bound": changed(text_by_passphrase, memlimit=(64 << 20) - 1),
        "memory above the bound": changed(text_by_passphrase, memlimit=(1 << 30) + 1),
        "another derivation": changed(text_by_passphrase, kdf="argon2i"),
        "another cipher": changed(text_by_passphrase, alg="XAES-256-GCM"),
        "a short salt": changed(text_by_passphrase, salt=b64url(bytes(15))),
        "no salt": changed(text_by_passphrase, drop=("salt",)),
        "both ways at once": changed(text_by_passphrase, kek="vault-transit:transit/pii", wrapped_key="vault:v1:AAEC+/8="),
        "an unknown member": changed(text_by_passphrase, note="x"),
        "cut to less than a seal": changed(text_by_passphrase, body=body[:90]),
    }
    return {"key": key.hex(), "text": text, "passphrase": passphrase, "text_by_passphrase": text_by_passphrase,
            "expected": document, "not_opened": listed(not_opened), "refused": listed(refused)}


def listed(rows):
    return [{"why": why, "text": text} for why, text in rows.items()]


def signed():
    """A document with check values, digest and signature: over the RFC 8785 form of what is not `integrity`."""
    document = keyset("token", TOKEN_KEYS, "HMAC-SHA-256")
    for keys in (document["keys"], document["v2"]["keys"]):
        for entry in keys.values():
            key = base64.urlsafe_b64decode(entry["key_b64"] + "=")
            entry["kcv"] = hkdf(key, b"kcv")[:3].hex()
    document["keyset"] |= {"name": "people \u00e9 \u2028", "revision": 7}
    form = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    signer = Ed25519PrivateKey.from_private_bytes(fixed("custodian", 32))
    verify_key = b64url(signer.public_key().public_bytes_raw())
    document["integrity"] = {"digest": hashlib.sha256(form).hexdigest(), "sig": b64url(signer.sign(form))}
    unsigned = json.loads(json.dumps(document))
    del unsigned["integrity"]["sig"]

    def with_sig(sig):
        return document | {"integrity": document["integrity"] | {"sig": sig}}

    over_digest = b64url(signer.sign(bytes.fromhex(document["integrity"]["digest"])))
    other = b64url(Ed25519PrivateKey.from_private_bytes(fixed("other custodian", 32)).sign(form))
    not_verified = {"no signature": unsigned, "another custodian's": with_sig(other), "over the digest": with_sig(over_digest)}
    changed = json.loads(json.dumps(document))
    changed["keyset"]["revision"] = 8
    wrong_check = json.loads(json.dumps(unsigned))
    wrong_check["keys"]["old1"]["kcv"] = "000000"
    del wrong_check["integrity"]
    return {"text": json.dumps(document), "verify_key": verify_key,
            "not_verified": listed({why: json.dumps(each) for why, each in not_verified.items()}),
            "refused": listed({"changed after the digest": json.dumps(changed), "another check value": json.dumps(wrong_check)})}


def negatives():
    """Well-formed ciphertexts that no reader may open, for field "email" without tenant and record."""
    aad = lp(b"") + lp(b"")
    nonce, place = fixed("negative", 24), ("", "email")
    key, text = key_of("enc1"), b"ada@example.com"

    def name(kid, body):
        return f"penc:v2:{kid}:" + b64url(body)

    good = seal(key, "enc1", place, aad, nonce, text)
    rows = {
        "other field": name("enc1", seal(key, "enc1", ("", "name"), aad, nonce, text)),
        "other tenant": name("enc1", seal(key, "enc1", ("acme", "email"), aad, nonce, text)),
        "other record": name("enc1", seal(key, "enc1", place, lp(b"x") + lp(b""), nonce, text)),
        "record as extra": name("enc1", seal(key, "enc1", place, lp(b"") + lp(b"x"), nonce, text)),
        "record without length": name("enc1", seal(key, "enc1", place, b"", nonce, text)),
        "sealed under another key id": name("enc1", seal(key, "enc16", place, aad, nonce, text)),
        "key id exchanged": name("enc16", good),
        "key id unknown": name("enc9", good),
        "key of version 1": name("old1", good),
        "purpose exchanged": name("enc1", seal(key, "enc1", place, aad, nonce, text, purpose="data_key")),
        "no commitment": name("enc1", seal(key, "enc1", place, aad, nonce, text + bytes(32), slim=True)),
        "commitment of zeros": name("enc1", good[:24] + bytes(32) + good[56:]),
        "commitment of another nonce": name("enc1", fixed("other", 24) + good[24:]),
        "cut by a byte": name("enc1", good[:-1]),
        "a byte more": name("enc1", good + b"\x00"),
        "tag of zeros": name("enc1", good[:-16] + bytes(16)),
        "slim text under a committing key": name("enc1", seal(key, "enc1", place, aad, nonce, b"x" * 64, slim=True)),
        "padding missing": name("enc16", seal(key_of("enc16"), "enc16", place, aad, nonce, b"exactly sixteen!")),
        "padding of a block too much": name("enc16", seal(key_of("enc16"), "enc16", place, aad, nonce, b"x\x80" + bytes(30))),
        "padding of the wrong size": name("enc16", seal(key_of("enc16"), "enc16", place, aad, nonce, b"x\x80\x00")),
        "padding with another end": name("enc16", seal(key_of("enc16"), "enc16", place, aad, nonce, b"x" * 14 + b"\x81\x00")),
        "a subject's": name("~" + b64url(fixed("nobody", 16)), good),
    }
    return listed(rows)


def subject_negatives():
    """Wrapped keys that no reader may unwrap for subject 0, and values under it that it does not open, for field "email"."""
    subject, data_key, nonce = fixed("subject 0", 16), fixed("data key 0", 32), fixed("subject negative", 24)
    key, place, name = key_of("enc1"), ("", "subject"), "~" + b64url(subject)

    def wrapped(body, kid="enc1"):
        return f"pdek:v2:{kid}:" + b64url(body)

    def value(body, of=name):
        return f"penc:v2:{of}:" + b64url(body)

    good = seal(key, "enc1", place, subject, nonce, data_key, purpose="data_key")
    not_unwrapped = {
        "another subject's": wrapped(seal(key, "enc1", place, fixed("subject 1", 16), nonce, data_key, purpose="data_key")),
        "no subject": wrapped(seal(key, "enc1", place, b"", nonce, data_key, purpose="data_key")),
        "the subject with its length": wrapped(seal(key, "enc1", place, lp(subject), nonce, data_key, purpose="data_key")),
        "another tenant": wrapped(seal(key, "enc1", ("acme", "subject"), subject, nonce, data_key, purpose="data_key")),
        "another field type": wrapped(seal(key, "enc1", ("", "email"), subject, nonce, data_key, purpose="data_key")),
        "the purpose of values": wrapped(seal(key, "enc1", place, subject, nonce, data_key)),
        "key id exchanged": wrapped(good, "enc16"),
        "a slim key": wrapped(seal(key_of("slim1"), "slim1", place, subject, nonce, data_key, slim=True), "slim1"),
        "a key of 16 bytes": wrapped(seal(key, "enc1", place, subject, nonce, data_key[:16], purpose="data_key")),
        "cut by a byte": wrapped(good[:-1]),
    }
    aad, text = lp(b"") + lp(b""), b"ada@example.com"
    not_revealed = {
        "under the key that wraps": value(seal(key, name, ("", "email"), aad, nonce, text)),
        "another subject's": value(seal(data_key, name, ("", "email"), aad, nonce, text), "~" + b64url(fixed("subject 1", 16))),
        "another record": value(seal(data_key, name, ("", "email"), lp(b"5") + lp(b""), nonce, text)),
        "another field type": value(seal(data_key, name, ("", "name"), aad, nonce, text)),
        "key id without its mark": value(seal(data_key, name[1:], ("", "email"), aad, nonce, text)),
        "the purpose of data keys": value(seal(data_key, name, ("", "email"), aad, nonce, text, purpose="data_key")),
    }
    return {"id": b64url(subject), "wrapped": wrapped(good), "not_unwrapped": listed(not_unwrapped), "not_revealed": listed(not_revealed)}


def malformed():
    """Texts that are none of their kind, whatever the keyset."""
    good = {
        "token": "ptok:v2:tok1:" + b64url(bytes(range(16))),
        "index": "pidx:v2:idx1:0a1b2c",
        "format_token": "pfpt:v2:ff1:123456",
        "ciphertext": "penc:v2:enc1:" + b64url(bytes(80)),
        "wrapped_key": "pdek:v2:enc1:" + b64url(bytes(104)),
    }
    kid = {"token": "tok1", "index": "idx1", "format_token": "ff1", "ciphertext": "enc1", "wrapped_key": "enc1"}
    rows = []
    for kind, text in good.items():
        start, name, body = text[:8], kid[kind], text.split(":")[3]
        bad = ["", text[:7], start + body, text + ":", text + " ", " " + text, text + "\n", text.upper(), start + ":" + body, start + name + ":",
               start + "-" + name + ":" + body, start + "a" * 33 + ":" + body, start + name + ".1:" + body, text[:6] + "3" + text[7:],
               text[:6] + "02" + text[7:], "x" + text[1:]]
        if kind in ("token", "ciphertext", "wrapped_key"):
            bad += [text + "=", text[:-1] + "+", text[:-1] + "/", start + name + ":" + body[:20], start + name + ":" + body[:-1] + "*"]
        if kind == "token":
            bad += [start + name + ":" + b64url(bytes(15)), start + name + ":" + b64url(bytes(33)), text[:-1] + chr(ord(text[-1]) + 1)]
        if kind == "index":
            bad += [start + name + ":0a1", start + name + ":0A1B", start + name + ":" + "00" * 9, start + name + ":0g"]
        if kind == "format_token":
            bad += [start + name + ":" + "1" * 65, start + name + ":12-456", start + name + ":12\u00e956"]
        if kind == "wrapped_key":
            bad += [start + "~" + b64url(bytes(16)) + ":" + body]
        if kind == "ciphertext":
            bad += [start + "~short:" + body, start + name + ":" + b64url(bytes(39))]
        rows.append({"kind": kind, "good": text, "malformed": bad})
    return rows


def generate():
    document = {
        "environment": ENVIRONMENT,
        "token_keyset": keyset("token", TOKEN_KEYS, "HMAC-SHA-256"),
        "reveal_keyset": keyset("reveal", REVEAL_KEYS, "AES-256-GCM"),
        "tokens": tokens(),
        "format_tokens": format_tokens(),
        "ciphertexts": ciphertexts(),
        "subjects": subjects(),
        "sealed": sealed(),
        "signed": signed(),
        "not_revealed": negatives(),
        "subjects_refused": subject_negatives(),
        "malformed": malformed(),
    }
    return json.dumps(document, indent=1) + "\n"


def main():
    if unicodedata.unidata_version != "14.0.0":
        print(f"this Python has Unicode {unicodedata.unidata_version}, the vectors are of 14.0.0")
        return 77
    text = generate()
    if sys.argv[1:] == []:
        TARGET.write_text(text, encoding="ascii")
        return 0
    if sys.argv[1:] != ["--check"]:
        sys.exit(__doc__)
    if TARGET.read_text(encoding="ascii") != text:
        print("vectors.json is not what this script makes")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
