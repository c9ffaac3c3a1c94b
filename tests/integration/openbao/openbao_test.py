"""Keysets in a real OpenBao or Vault, by piictl and by a program that links libpii.

usage: openbao_test.py PIICTL APPLICATION CASE
Exit code 77: there is no server program here (tests/integration/openbao/build.sh).
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time

import bao_server
import memory_scan

HERE = pathlib.Path(__file__).parent
TOKEN, REVEAL = "secret/data/pii/token", "secret/data/pii/reveal"
# Applications here refresh each second, and so do not wait longer than that after a failure; the rest is for slow machines.
BACK_OFF = 5


def expect(good, what):
    if not good:
        raise SystemExit(f"FAILED: {what}")
    print("ok", what, flush=True)


def wait_for(what, condition, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            print("ok", what, flush=True)
            return
        time.sleep(0.1)
    raise SystemExit(f"FAILED: {what} within {seconds} s")


class Bench:
    """The server, piictl, and what they share."""

    def __init__(self, piictl, application, server):
        self.piictl, self.application, self.server = piictl, application, server
        self.canaries = [server.root, server.key]
        self.said = []

    def environment(self, role=None, **more):
        names = {k: v for k, v in os.environ.items() if not k.startswith(("PII", "VAULT_", "BAO_"))}
        names |= {"PII_PROVIDER": "vault", "PII_ENV": "test", "PII_VAULT_ADDR": self.server.address,
                  "PII_VAULT_CACERT_PATH": str(self.server.ca), "PII_VAULT_TOKEN_KEYSET_PATH": TOKEN}
        if role == "root":
            names |= {"PII_VAULT_AUTH": "token", "VAULT_TOKEN": self.server.root}
        elif role:
            names |= {"PII_VAULT_ROLE_ID_PATH": f"{self.server.folder}/{role}.role-id",
                      "PII_VAULT_SECRET_ID_PATH": f"{self.server.folder}/{role}.secret-id"}
            self.canaries += [pathlib.Path(names[n]).read_text().strip() for n in ("PII_VAULT_ROLE_ID_PATH", "PII_VAULT_SECRET_ID_PATH")]
        return names | more

    def run(self, *arguments, role=None, code=0, stdin="", **more):
        done = subprocess.run([self.piictl, *arguments], input=stdin, capture_output=True, text=True,
                              env=self.environment(role, **more), cwd=self.server.folder, timeout=60)
        self.said += [done.stdout, done.stderr]
        if done.returncode != code:
            raise SystemExit(f"FAILED: piictl {' '.join(arguments)}: {done.returncode} instead of {code}\n{done.stdout}{done.stderr}")
        return done

    @contextlib.contextmanager
    def app(self, role, **more):
        process = subprocess.Popen([self.application], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                   env=self.environment(role, PII_REFRESH_SECONDS="1", **more))
        app = App(process, self)
        try:
            yield app
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    def policy(self, role):
        return self.run("vault", "policy", "--role", role, PII_VAULT_REVEAL_KEYSET_PATH=REVEAL).stdout

    def no_secret_was_said(self):
        documents = [self.server.call("GET", path)["data"]["data"]["keyset"] for path in (TOKEN, REVEAL)]
        keys = [key["key_b64"] for document in documents for key in json.loads(document)["keys"].values()]
        for text in self.said:
            for canary in self.canaries + keys:
                if canary in text:
                    raise SystemExit("FAILED: a credential or a key is in what was said")
        print("ok", f"no credential or key in {len(self.said)} outputs", flush=True)


class App:
    def __init__(self, process, bench):
        self.process, self.bench = process, bench
        self.first = self.read()

    def read(self):
        line = self.process.stdout.readline()
        self.bench.said.append(line)
        return json.loads(line) if line else {}

    def ask(self, command="report"):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.read()

    def expect_good(self, what):
        seen = self.ask()
        expect(seen["failed"] == 0 and seen["calls"] > 0, f"{what}: no failed call of {seen['calls']}")
        # A call that waits for a refresh does so in 16 threads each second; what the machine does to both is no matter.
        waited, control = seen["waited"], seen["control_waited"]
        expect(waited <= 3 * control + 5, f"{what}: {waited} calls waited, {control} of as many that nothing refreshes")
        return seen


def without_rule(policy, path):
    return re.sub(r'path "' + re.escape(path) + r'" \{[^}]*\}\n', "", policy)


def prepare(bench):
    """Both keysets by piictl, and the roles that its policies make."""
    for usage, path in (("token", TOKEN), ("reveal", REVEAL)):
        bench.run("keyset", "create", "--usage", usage, "--out", f"{usage}.json")
        bench.run("vault", "push", f"{usage}.json", f"vault:{path}", role="root")
    for role in ("tokenize", "full", "rotator", "status"):
        bench.server.role(role, {role: bench.policy(role)}, token_ttl="1h")


def case_end_to_end(bench):
    prepare(bench)
    full = {"PII_ACCESS": "full", "PII_VAULT_REVEAL_KEYSET_PATH": REVEAL}
    again = bench.run("vault", "push", "token.json", f"vault:{TOKEN}", role="rotator", code=7)
    expect("is there already" in again.stderr, "a push overwrites nothing")

    token = bench.run("tokenize", "-f", "email", role="tokenize", stdin="ada@example.com\n").stdout
    by_file = bench.run("tokenize", "-f", "email", "--token-keyset", "token.json", stdin="ada@example.com\n").stdout
    expect(token == by_file and token.startswith("ptok:v1:"), "piictl tokenizes from Vault as from the file")
    named = bench.run("tokenize", "-f", "email", "--token-keyset", f"vault:{TOKEN}", role="tokenize",
                      PII_VAULT_TOKEN_KEYSET_PATH="", stdin="ada@example.com\n").stdout
    expect(named == token, "vault:PATH names it too")
    sealed = bench.run("protect", "-f", "email", role="full", stdin="ada@example.com\n", **full).stdout
    expect(bench.run("reveal", "-f", "email", role="full", stdin=sealed, **full).stdout == "ada@example.com\n", "reveal")
    bench.run("reveal", "-f", "email", role="tokenize", stdin=sealed, code=4, **full)
    expect(True, "the tokenize policy cannot reveal")

    info = json.loads(bench.run("keyset", "info", f"vault:{TOKEN}", "--json", role="status").stdout)
    expect(info["revision"] == 1 and info["keys"][0]["kid"] == "tk1" and info["keys"][0]["kcv"], "info without a right to read")
    local = json.loads(bench.run("keyset", "info", "token.json", "--json").stdout)
    expect(local["keys"] == info["keys"], "info says of the metadata what it says of the file")
    status = json.loads(bench.run("vault", "status", "--json", role="status", **full).stdout)
    expect([k["kids"] for k in status["keysets"]] == [["tk1"], ["rk1"]], "status of both keysets")
    bench.run("keyset", "lint", f"vault:{TOKEN}", role="tokenize")
    check = json.loads(bench.run("vault", "login-check", "--json", role="tokenize").stdout)
    expect(check["login"] == "ok" and check["lease_seconds"] == 3600 and check["may"][0]["capabilities"] in (["read"], []), "login-check")

    with bench.app("tokenize") as reader, bench.app("full", **full) as revealer:
        expect(reader.first["token_revision"] == 1 and revealer.first["reveal_revision"] == 1, "both applications read revision 1")
        done = json.loads(bench.run("rotate", f"vault:{TOKEN}", "--now", "--yes", "--json", role="rotator").stdout)
        expect(done["revision"] == 2 and done["kid"] == "tk2", "rotated by check-and-set")
        bench.run("rotate", f"vault:{REVEAL}", "--now", "--yes", role="rotator")
        wait_for("the running reader moves on", lambda: reader.ask()["token_revision"] == 2, 10)
        wait_for("and so does the other", lambda: revealer.ask()["reveal_revision"] == 2, 10)
        expect(reader.expect_good("tokenize")["primary"] == "tk2", "it uses the new key")
        revealer.expect_good("full")
    info = json.loads(bench.run("keyset", "info", f"vault:{TOKEN}", "--json", role="status").stdout)
    expect(info["revision"] == 2 and info["primary_kid"] == "tk2", "the metadata moved too")
    bench.run("vault", "pull", f"vault:{TOKEN}", "--out", "pulled.json", role="tokenize")
    expect(os.stat(bench.server.folder / "pulled.json").st_mode & 0o777 == 0o600, "pulled with mode 0600")
    lost = bench.run("vault", "push", "token.json", f"vault:{TOKEN}", "--replace", role="rotator", code=7)
    expect("tk2" in lost.stderr, "a push that loses a key is refused")
    bench.run("vault", "push", "pulled.json", f"vault:{TOKEN}", "--replace", role="rotator")

    for role, path, command in (("tokenize", TOKEN, ["tokenize", "-f", "email"]), ("full", REVEAL, ["protect", "-f", "email"]),
                                ("rotator", TOKEN, ["rotate", f"vault:{TOKEN}", "--now", "--yes"])):
        bench.server.role(f"less-{role}", {f"less-{role}": without_rule(bench.policy(role), path)})
        refused = bench.run(*command, role=f"less-{role}", stdin="x\n", code=4, **full)
        expect("does not allow" in refused.stderr, f"{role} is refused with anything less")
    bench.server.role("reader", {"tokenize": bench.policy("tokenize")})
    bench.run("rotate", f"vault:{TOKEN}", "--now", "--yes", role="reader", code=4)
    old = bench.run("rotate", "vault:kv1/pii/token", "--now", "--yes", role="root", code=5)
    expect("there is nothing" in old.stderr, "nothing there")
    bench.server.call("POST", "kv1/pii/token", {"keyset": (bench.server.folder / "token.json").read_text()})
    bench.run("rotate", "vault:kv1/pii/token", "--now", "--yes", role="root", code=7)
    one = bench.run("tokenize", "-f", "email", "--token-keyset", "vault:kv1/pii/token", role="root", stdin="ada@example.com\n").stdout
    expect(one == token, "version 1 of KV is read and not rotated")

    doctor = json.loads(bench.run("doctor", "--json", role="tokenize").stdout)
    states = {check["name"]: check["status"] for check in doctor["checks"]}
    expect(all(states[f"vault {n}"] == "ok" for n in ("address", "TLS", "state", "clock", "login", "token policy")), "doctor is content")
    bench.no_secret_was_said()


def case_transit(bench):
    """Keysets in files that a key of the transit engine seals, and a secret that is restored after it was deleted."""
    prepare(bench)
    kek = "vault-transit:transit/pii"
    bench.server.call("POST", "sys/mounts/transit", {"type": "transit"})
    for name in ("pii", "other"):
        bench.server.call("POST", f"transit/keys/{name}", {})
    allow = "".join(f'path "transit/{what}/pii" {{ capabilities = ["update"] }}\n' for what in ("encrypt", "decrypt"))
    bench.server.role("sealer", {"sealer": allow})
    folder, named = bench.server.folder, ["--token-keyset", "sealed.json"]
    plain = bench.run("tokenize", "-f", "email", "--token-keyset", "token.json", stdin="ada@example.com\n").stdout
    bench.run("keyset", "seal", "token.json", "--out", "sealed.json", "--kek", kek, role="sealer")
    sealed = json.loads((folder / "sealed.json").read_text())["sealed"]
    expect(sealed["kek"] == kek and sealed["wrapped_key"].startswith("vault:v1:") and "kdf" not in sealed, "sealed by transit")
    opened = bench.run("tokenize", "-f", "email", *named, role="sealer", stdin="ada@example.com\n").stdout
    expect(opened == plain, "a sealed keyset tokenizes as the clear one")
    bench.run("rotate", "sealed.json", role="sealer")
    again = json.loads((folder / "sealed.json").read_text())["sealed"]
    expect(again["kek"] == kek and again["wrapped_key"] != sealed["wrapped_key"] and again["revision"] == 2, "and is sealed anew by a step")
    expect("key_b64" not in (folder / "sealed.json.prev").read_text(), "nothing is kept in the clear")
    refused = bench.run("keyset", "info", "sealed.json", role="tokenize", code=4)
    expect("does not allow" in refused.stderr, "who may not use the key is refused")
    (folder / "touched.json").write_text((folder / "sealed.json").read_text().replace("transit/pii", "transit/other"))
    bench.run("keyset", "info", "touched.json", role="root", code=6)
    (folder / "touched.json").write_text(json.dumps({"sealed": again | {"id": "another"}}))
    bench.run("keyset", "info", "touched.json", role="root", code=6)
    expect(True, "another key, and a header that was touched, do not open it")
    bench.server.call("POST", "transit/keys/pii/rotate", {})
    bench.run("keyset", "unseal", "sealed.json", "--out", "clear.json", role="sealer")
    expect("key_b64" in (folder / "clear.json").read_text(), "a rotated key opens what it wrapped before")

    bench.run("keyset", "backup", f"vault:{TOKEN}", "--out", "backup.json", "--kek", kek, role="root")
    # Readers see a later revision than that of the backup before the secret is deleted.
    for every in ("P200D", "P100D", "P300D"):
        bench.run("keyset", "policy", f"vault:{TOKEN}", "--set", f"rotate_every={every}", role="root")
    seen = json.loads(bench.run("keyset", "info", f"vault:{TOKEN}", "--json", role="root").stdout)["revision"]
    bench.server.call("DELETE", TOKEN)
    bench.run("keyset", "info", f"vault:{TOKEN}", role="root", code=5)
    bench.run("keyset", "restore", f"vault:{TOKEN}", "--from", "backup.json", role="root")
    restored = bench.run("tokenize", "-f", "email", role="tokenize", stdin="ada@example.com\n").stdout
    expect(restored == plain, "a deleted secret is restored from a backup")
    revision = json.loads(bench.run("keyset", "info", f"vault:{TOKEN}", "--json", role="root").stdout)["revision"]
    expect(revision == seen + 1, "as a revision above the one that its readers have seen")
    # A key that the backup lacks is told by what the secret has left.
    bench.run("key", "stage", f"vault:{TOKEN}", "tk77", role="root")
    bench.server.call("DELETE", TOKEN)
    lost = bench.run("keyset", "restore", f"vault:{TOKEN}", "--from", "backup.json", role="root", code=7)
    expect("key tk77 is in" in lost.stderr, "a deleted key that the backup lacks is named")
    metadata = TOKEN.replace("/data/", "/metadata/", 1)
    bench.server.call("POST", metadata, {"custom_metadata": {}})
    unknown = bench.run("keyset", "restore", f"vault:{TOKEN}", "--from", "backup.json", role="root", code=7)
    expect("which revision readers have seen" in unknown.stderr and "--above N" in unknown.stderr, "a rollback is not silent")
    bench.run("keyset", "restore", f"vault:{TOKEN}", "--from", "backup.json", "--above", "40", role="root")
    revision = json.loads(bench.run("keyset", "info", f"vault:{TOKEN}", "--json", role="root").stdout)["revision"]
    expect(revision == 41, "the revision is what the operator says")
    bench.no_secret_was_said()


def case_namespace_and_wrapping(bench):
    prepare(bench)
    bench.server.call("POST", "sys/namespaces/team", {})
    for path, body in (("sys/mounts/secret", {"type": "kv", "options": {"version": "2"}}), ("sys/auth/approle", {"type": "approle"})):
        bench.server.call("POST", path, body, namespace="team")
    bench.server.role("team", {"tokenize": bench.policy("tokenize")}, namespace="team")
    bench.run("vault", "push", "token.json", f"vault:{TOKEN}", role="root", PII_VAULT_NAMESPACE="team")
    bench.run("tokenize", "-f", "email", role="team", stdin="x\n", VAULT_NAMESPACE="team")
    bench.run("tokenize", "-f", "email", role="team", stdin="x\n", code=6)
    expect(True, "a namespace is named by its variable, and without it the login is refused")

    request = bao_server.urllib.request.Request(f"{bench.server.address}/v1/auth/approle/role/tokenize/secret-id", method="POST", data=b"{}",
                                                headers={"X-Vault-Token": bench.server.root, "X-Vault-Wrap-TTL": "60"})
    with bao_server.urllib.request.urlopen(request, context=bench.server.tls) as answer:
        wrapped = json.loads(answer.read())["wrap_info"]["token"]
    bao_server.write_private(bench.server.folder / "tokenize.secret-id", wrapped)
    bench.run("tokenize", "-f", "email", role="tokenize", stdin="x\n", PII_VAULT_SECRET_ID_WRAPPED="1")
    twice = bench.run("tokenize", "-f", "email", role="tokenize", stdin="x\n", PII_VAULT_SECRET_ID_WRAPPED="1", code=6)
    expect("used it before" in twice.stderr, "a wrapping token used twice is told")


def revoke_logins(server):
    for accessor in server.call("LIST", "auth/token/accessors")["data"]["keys"]:
        about = server.call("POST", "auth/token/lookup-accessor", {"accessor": accessor})["data"]
        if about["path"] == "auth/approle/login":
            server.call("POST", "auth/token/revoke-accessor", {"accessor": accessor})


def case_outages(bench):
    prepare(bench)
    server = bench.server
    server.role("tokenize", {"tokenize": bench.policy("tokenize")}, token_ttl="1h")
    with bench.app("tokenize") as app:
        logins = server.audited("auth/approle/login")

        server.stop(hard=True)
        wait_for("the outage is noticed", lambda: app.ask()["error"] != "", 15)
        app.expect_good("killed")
        server.start()
        wait_for("recovered after a restart", lambda: app.ask()["error"] == "", BACK_OFF)

        server.process.send_signal(signal.SIGSTOP)
        time.sleep(2.5)  # a refresh waits for its answer
        app.expect_good("frozen")
        server.stop(hard=True)
        wait_for("the end of the server is noticed", lambda: app.ask()["error"] != "", 15)
        server.start()
        wait_for("recovered after a restart during a refresh", lambda: app.ask()["error"] == "", BACK_OFF)

        server.call("PUT", "sys/seal")
        wait_for("the seal is noticed", lambda: "sealed" in app.ask()["error"], 15)
        app.expect_good("sealed")
        server.unseal()
        wait_for("recovered after the unseal", lambda: app.ask()["error"] == "", BACK_OFF)

        before = server.audited("auth/approle/login")
        revoke_logins(server)
        wait_for("a revoked token means a new login", lambda: server.audited("auth/approle/login") > before, 15)
        app.expect_good("revoked")

        old = (server.folder / "tokenize.secret-id").read_text().strip()
        server.call("POST", "auth/approle/role/tokenize/secret-id/destroy", {"secret_id": old})
        revoke_logins(server)
        wait_for("a destroyed secret id is refused", lambda: "refuses these credentials" in app.ask()["error"], 15)
        refused = server.audited("auth/approle/login")
        time.sleep(4)
        expect(server.audited("auth/approle/login") == refused, "the same bad secret id is not tried again")
        app.expect_good("refused")
        server.new_secret_id("tokenize")
        wait_for("recovered with the new secret id", lambda: app.ask()["error"] == "", 15)
        seen = app.expect_good("all of it")
        expect(server.audited("auth/approle/login") - logins <= 8, "no stampede of logins")
        expect(seen["reload_failed"] >= 3, "each outage was told")

    for lease in (1, 30, 119, 0):
        server.role("lease", {"tokenize": bench.policy("tokenize")}, token_ttl=f"{lease}s")
        before = server.audited("auth/approle/login")
        with bench.app("lease") as app:
            time.sleep(4)
            seen = app.expect_good(f"a lease of {lease} s")
            expect(seen["error"] == "", "and it refreshes")
        logins = server.audited("auth/approle/login") - before
        expect(logins <= (7 if lease == 1 else 2), f"{logins} logins with a lease of {lease} s")
    server.role("uses", {"tokenize": bench.policy("tokenize")}, token_num_uses=2)
    with bench.app("uses") as app:
        time.sleep(4)
        expect(app.expect_good("two uses a token")["error"] == "", "and it refreshes")
    bench.no_secret_was_said()


def case_race(bench):
    prepare(bench)
    codes = []

    def rotate():
        done = subprocess.run([bench.piictl, "rotate", f"vault:{TOKEN}", "--now", "--yes"], capture_output=True, text=True,
                              env=bench.environment("rotator"), timeout=60)
        bench.said.append(done.stderr)
        codes.append(done.returncode)

    for _ in range(5):
        writers = [threading.Thread(target=rotate) for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    won, lost = codes.count(0), codes.count(7)
    expect(won + lost == 20 and won >= 5, f"{won} writers won, {lost} lost with exit code 7")
    expect(lost > 0 and any("somebody else wrote it meanwhile" in said for said in bench.said), "the losers say so")
    info = json.loads(bench.run("keyset", "info", f"vault:{TOKEN}", "--json", role="tokenize").stdout)
    expect(len(info["keys"]) == won + 1 and info["revision"] == won + 1, "one valid keyset with every winner's key")


@contextlib.contextmanager
def tokenizing(bench, environment):
    """piictl in the middle of a batch: the keyset is in force, and there is more to come."""
    out = bench.server.folder / "out"
    with open(out, "wb") as sink:
        process = subprocess.Popen([bench.piictl, "tokenize", "-f", "email"], stdin=subprocess.PIPE, stdout=sink, env=environment)
        try:
            process.stdin.write(b"ada@example.com\n" * 200000)
            process.stdin.flush()
            wait_for("piictl tokenizes", lambda: out.stat().st_size > 0, 20)
            yield process.pid
        finally:
            process.kill()
            process.wait()


def case_memory(bench):
    prepare(bench)
    folder = bench.server.folder
    needles = {"role id": (folder / "tokenize.role-id").read_text().strip(),
               "secret id": (folder / "tokenize.secret-id").read_text().strip(),
               "keyset text": json.loads((folder / "token.json").read_text())["keys"]["tk1"]["key_b64"]}
    with tokenizing(bench, bench.environment("tokenize")) as pid:
        needles["token of the login"] = bench.server.last_login_token()
        memory_scan.expect_nothing(pid, needles, present={"environment": "PII_VAULT_ROLE_ID_PATH"})
        told = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes() + pathlib.Path(f"/proc/{pid}/environ").read_bytes()
        expect(not any(needle.encode() in told for needle in needles.values()), "nothing in arguments or environment")
    with tokenizing(bench, bench.environment("root")) as pid:
        memory_scan.expect_nothing(pid, {"client token": bench.server.root}, present={"environment": "PII_VAULT_AUTH"})


def case_walkthrough(bench):
    """The commands of docs/vault.md, as they stand there."""
    text = (HERE.parents[2] / "docs" / "vault.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- walkthrough -->\n```sh\n(.*?)```", text, re.DOTALL).group(1)
    commands = re.sub(r"\\\n", " ", block).strip().splitlines()
    expect(len([c for c in commands if c.strip() and not c.startswith("#")]) == 10, "ten commands")
    tools = bench.server.folder / "bin"
    tools.mkdir()
    (tools / "piictl").symlink_to(bench.piictl)
    (tools / "bao").symlink_to(bench.server.program)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PII", "VAULT_", "BAO_"))}
    environment |= {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(bench.server.folder), "BAO_ADDR": bench.server.address,
                    "BAO_CACERT": str(bench.server.ca), "BAO_TOKEN": bench.server.root, "PII_ENV": "prod",
                    "APPLICATION": str(bench.application)}
    # The mounts of the test's own preparation are in the way of the walkthrough's.
    bench.server.call("DELETE", "sys/mounts/secret")
    bench.server.call("DELETE", "sys/auth/approle")
    done = subprocess.run(["sh", "-eu", "-c", block], cwd=bench.server.folder, env=environment, capture_output=True, text=True,
                          timeout=120)
    print(done.stdout, done.stderr)
    expect(done.returncode == 0, "the walkthrough runs")
    expect("ptok:v1:" in done.stdout and "tk2 is the primary key now" in done.stderr, "and ends with a rotated keyset")

    rotation = (HERE.parents[2] / "docs" / "rotation.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- run: vault -->\n```sh\n(.*?)```", rotation, re.DOTALL).group(1)
    environment |= {"PII_VAULT_ADDR": bench.server.address, "PII_VAULT_CACERT_PATH": str(bench.server.ca), "PII_VAULT_AUTH": "token"}
    done = subprocess.run(["sh", "-eu", "-c", block], cwd=bench.server.folder, env=environment, capture_output=True, text=True,
                          timeout=120)
    print(done.stdout, done.stderr)
    expect(done.returncode == 0 and "promote: key tk2" in done.stderr, "rotation in steps on a real server")
    expect("tk2  HMAC-SHA-256  active" in done.stdout and "revision 4" in done.stdout, "and the metadata tells of it")


def main():
    piictl, application, case = sys.argv[1:4]
    found = subprocess.run(["sh", str(HERE / "build.sh")], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        print("SKIPPED:", found.stderr.strip())
        return 77
    with tempfile.TemporaryDirectory() as folder:
        server = bao_server.Server(found.stdout.strip(), folder)
        try:
            server.start()
            server.initialize()
            globals()[f"case_{case}"](Bench(piictl, application, server))
        finally:
            server.stop(hard=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
