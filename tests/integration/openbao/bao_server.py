"""A real OpenBao or Vault on loopback with TLS, AppRole, KV 2 and 1, and an audit log, in a folder of its own."""

import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_certificates(folder):
    """An authority, and a certificate of 127.0.0.1 and localhost by it."""
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem", cwd=folder)
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
        "-keyout", "server.key", "-out", "server.csr", cwd=folder)
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    run("openssl", "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
        "-extfile", "names", "-out", "server.pem", cwd=folder)


class Refused(Exception):
    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status = status


class Server:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.port = free_port()
        self.address = f"https://127.0.0.1:{self.port}"
        self.process = self.key = self.root = None
        make_certificates(self.folder)
        self.ca = self.folder / "ca.pem"
        self.tls = ssl.create_default_context(cafile=str(self.ca))
        (self.folder / "store").mkdir()
        self.audit = self.folder / "audit.log"
        (self.folder / "server.hcl").write_text(f'''
storage "file" {{ path = "{self.folder}/store" }}
listener "tcp" {{
  address = "127.0.0.1:{self.port}"
  tls_cert_file = "{self.folder}/server.pem"
  tls_key_file = "{self.folder}/server.key"
}}
audit "file" "all" {{
  options {{ file_path = "{self.audit}" }}
}}
audit "file" "raw" {{
  options {{
    file_path = "{self.folder}/raw.log"
    log_raw = "true"
  }}
}}
api_addr = "{self.address}"
disable_mlock = true
''')

    def start(self):
        log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen([self.program, "server", f"-config={self.folder}/server.hcl"], stdout=log, stderr=log,
                                        start_new_session=True)
        for _ in range(600):
            try:
                self.call("GET", "sys/seal-status")
                break
            except (OSError, Refused):
                if self.process.poll() is not None:
                    raise SystemExit("the server ended: " + (self.folder / "server.log").read_text()[-2000:])
                time.sleep(0.1)
        else:
            raise SystemExit("the server does not answer")
        if self.key:
            self.unseal()

    def stop(self, hard=False):
        if self.process:
            self.process.send_signal(signal.SIGKILL if hard else signal.SIGTERM)
            self.process.wait(30)
            self.process = None

    def initialize(self):
        made = self.call("PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1})
        self.key, self.root = made["keys"][0], made["root_token"]
        self.unseal()
        self.call("POST", "sys/mounts/secret", {"type": "kv", "options": {"version": "2"}})
        self.call("POST", "sys/mounts/kv1", {"type": "kv", "options": {"version": "1"}})
        self.call("POST", "sys/auth/approle", {"type": "approle"})

    def unseal(self):
        self.call("PUT", "sys/unseal", {"key": self.key})
        for _ in range(300):
            if not self.call("GET", "sys/seal-status")["sealed"] and self.is_active():
                return
            time.sleep(0.1)
        raise SystemExit("the server stays sealed")

    def is_active(self):
        try:
            self.call("GET", "sys/health")
            return True
        except Refused:
            return False

    def call(self, method, path, body=None, token=None, namespace=None):
        request = urllib.request.Request(f"{self.address}/v1/{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode())
        request.add_header("X-Vault-Request", "true")
        if token or self.root:
            request.add_header("X-Vault-Token", token or self.root)
        if namespace:
            request.add_header("X-Vault-Namespace", namespace)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self.tls))
        try:
            with opener.open(request, timeout=20) as answer:
                text = answer.read()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode(errors="replace")) from None

    def role(self, name, policies, namespace=None, **settings):
        """An AppRole and the files of its credentials: (role id, secret id)."""
        for policy_name, text in policies.items():
            self.call("PUT", f"sys/policies/acl/{policy_name}", {"policy": text}, namespace=namespace)
        self.call("POST", f"auth/approle/role/{name}",
                  {"token_policies": list(policies), "token_no_default_policy": True} | settings, namespace=namespace)
        role_id = self.call("GET", f"auth/approle/role/{name}/role-id", namespace=namespace)["data"]["role_id"]
        files = self.folder / f"{name}.role-id", self.folder / f"{name}.secret-id"
        write_private(files[0], role_id)
        self.new_secret_id(name, namespace)
        return files

    def new_secret_id(self, name, namespace=None):
        made = self.call("POST", f"auth/approle/role/{name}/secret-id", {}, namespace=namespace)["data"]["secret_id"]
        write_private(self.folder / f"{name}.secret-id", made)
        return made

    def audited(self, path):
        """How many requests the audit log has for a path."""
        lines = [json.loads(line) for line in self.audit.read_text().splitlines() if line.startswith("{")]
        return sum(1 for line in lines if line["type"] == "request" and line["request"]["path"] == path)

    def last_login_token(self):
        lines = [json.loads(line) for line in (self.folder / "raw.log").read_text().splitlines() if line.startswith("{")]
        return [line["response"]["auth"]["client_token"] for line in lines
                if line["type"] == "response" and line["request"]["path"] == "auth/approle/login"][-1]


def write_private(path, text):
    """In one step, as whoever delivers credentials does."""
    aside = pathlib.Path(f"{path}.new")
    aside.touch(mode=0o600)
    aside.write_text(text + "\n")
    os.replace(aside, path)
