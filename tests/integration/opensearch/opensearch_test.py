"""A program ships to a real OpenSearch over its bulk interface, and what can be searched there is held against what was written: with the index
template and the pipeline that piictl prints, and while requests are refused, too large, answered to nobody, and the server is killed.

usage: opensearch_test.py SHIP_APPLICATION PIICTL   Exit code 77: there is no server here (opensearch/build.sh)."""

import base64
import contextlib
import gzip
import http.client
import http.server
import json
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent / "ship"))
from service import Service, no_seeds, number  # noqa: E402

API_KEY = base64.b64encode(b"id:a-key-for-tests").decode()
USER, PASSWORD = "ada", "x?xy> pass:w\u00f6rd"  # its base64 has both digits that base64url spells otherwise
BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
assert "+" in BASIC and "/" in BASIC


STREAM = "logs-myproject-"


class Server:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.certificate = str(pathlib.Path(program).parent / "certificate.pem")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.program, pathlib.Path(self.program).parent / "keystore", self.folder, str(self.port)],
                                        stdout=subprocess.PIPE, text=True,
                                        env=os.environ | {"AUTHORIZATIONS": f"ApiKey {API_KEY}\n{BASIC}"})

    def wait(self):
        assert self.process.stdout.readline() == "ready\n"

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=60, context=ssl.create_default_context(cafile=self.certificate))
        with contextlib.closing(connection):
            text = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
            connection.request(method, path, text, headers or {"Authorization": f"ApiKey {API_KEY}", "Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, response.read()

    def must(self, *arguments):
        status, body = self.request(*arguments)
        assert status in (200, 201), (arguments[:2], status, body[:500])
        return json.loads(body)

    def stored(self, index):
        """The documents, by number; each once."""
        index = STREAM + index
        self.must("POST", f"/{index}/_refresh")
        status, body = self.request("GET", f"/{index}/_search?size=10000")
        assert status == 200, body
        no_seeds(body)
        hits = json.loads(body)["hits"]["hits"]
        events = {number(hit["_source"]): hit["_source"] for hit in hits}
        assert len(events) == len(hits) == len({hit["_id"] for hit in hits})
        return events


class Test:
    def __init__(self, server, application, folder):
        self.server, self.application, self.folder = server, application, folder

    def service(self, index, arguments=(), **more):
        index = STREAM + index
        letters = pathlib.Path(self.folder, "letters-" + index)
        environment = {"ES_URL": f"https://localhost:{self.server.port}", "ES_API_KEY": API_KEY, "ES_DATA_STREAM": index,
                       "PII_LOG_CACERT_PATH": self.server.certificate, "PII_LOG_DEAD_LETTERS": str(letters)}
        if arguments:
            environment |= {"ES_USER": USER, "ES_PASSWORD": PASSWORD}
        return Service(self.application, self.folder, environment | more, arguments)

    def letters(self, index):
        folder = pathlib.Path(self.folder, "letters-" + STREAM + index)
        text = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
        no_seeds(text)
        return [json.loads(line) for line in text.splitlines()]

    def data_stream(self, scaffolds):
        """By variables alone, gzip, an API key, the template and the pipeline that piictl prints; what fits no mapping is
        refused, alone: a text where numbers are, a number beyond 64 bits with a sign."""
        template = scaffolds("es-template")
        # What OpenSearch calls otherwise, or has not.
        template["template"]["mappings"]["properties"]["extra"] = {"type": "flat_object"}
        self.server.must("PUT", "/_index_template/logs-myproject", template)
        self.server.must("PUT", "/_ingest/pipeline/common-logs", scaffolds("es-pipeline"))
        name = "production"
        service = self.service(name, ES_DATA_STREAM="", PROJECT_NAME="myproject", ENVIRONMENT="production", ES_PIPELINE="common-logs")
        service.tell("log 0 1000")
        service.tell("conflict 1000")
        service.tell("beyond 1001")
        service.tell("log 1002 98")
        assert service.ask("flush 60000")
        report, written = service.end()
        assert (report["accepted"], report["sent"], report["dead_lettered"]) == (len(written), len(written) - 2, 2), report
        stored = self.server.stored(name)
        for event in stored.values():
            assert event["event"].pop("ingested"), "the pipeline was used"
            if not event["event"]:
                del event["event"]
        refused = [written.pop(1000), written.pop(1001)]
        assert stored == written, first_difference(stored, written)
        letters = self.letters(name)
        assert [letter["event_data"] for letter in letters] == refused and all("400" in letter["error_message"] for letter in letters), letters
        token = written[6]["extra"]["contact"]
        assert token.startswith("ptok:"), token
        found = self.server.must("GET", f"/{STREAM}{name}/_search?q=message:customer_called&size=0")["hits"]["total"]["value"]
        assert found == sum(event["message"] == "customer_called" for event in written.values())
        streams = self.server.must("GET", "/_data_stream")["data_streams"]
        assert [stream["name"] for stream in streams] == [STREAM + name], streams
        return f"{len(stored)} documents in a data stream, {report['requests']} requests"

    def too_large(self):
        """The server takes 512 KiB a request: batches are halved, and what is larger alone is a dead letter. With gzip and without, by password."""
        for kind, refused in (("gzip", 0), ("plain", 1)):
            service = self.service(kind, (kind, "250"))
            count = 0
            # How many lines a request has depends on who is faster.
            while count == 0 or (service.report()["failed_requests"] == 0 and count < 5000):
                service.tell(f"log {count} 500")
                count += 500
                assert service.ask("flush 60000")
            if refused:
                service.tell(f"large {count} 25")
            assert service.ask("flush 60000")
            report, written = service.end()
            assert (report["accepted"], report["sent"], report["dead_lettered"]) == (len(written), len(written) - refused, refused), report
            assert report["failed_requests"] >= 1 and report["last_error"] == "status 413", report
            letters = self.letters(kind)
            assert [letter["event_data"] for letter in letters] == [written.pop(count) for _ in range(refused)], letters
            stored = self.server.stored(kind)
            assert stored == written, first_difference(stored, written)
        return f"{report['failed_requests']} of {report['requests']} requests without gzip were too large"

    def wrong_key(self):
        """Nobody's key: the lines wait on disk, for a process that has the right one."""
        spool = str(pathlib.Path(self.folder, "spool"))
        service = self.service("spooled", ES_API_KEY="bm9ib2R5", PII_LOG_SPOOL=spool)
        service.tell("log 0 200")
        service.until(lambda report: report["last_error"] == "status 401")
        report, written = service.end(100)
        assert (report["spooled"], report["sent"]) == (200, 0), report
        for path in pathlib.Path(spool).rglob("*"):
            no_seeds(path.read_bytes() if path.is_file() else b"")
        assert self.server.request("GET", f"/{STREAM}spooled", headers={"Authorization": f"ApiKey {API_KEY}"})[0] == 404
        service = self.service("spooled", PII_LOG_SPOOL=spool)
        service.tell("log 200 100")
        assert service.ask("flush 60000")
        report, more = service.end()
        assert (report["recovered"], report["accepted"], report["sent"], report["duplicates"]) == (200, 300, 300, 0), report
        assert self.server.stored("spooled") == written | more
        return "200 lines waited for the right key"

    def blocked(self):
        """As a node does whose disk is full: 429 for each document, until it is not."""
        settings = f"/{STREAM}blocked/_settings"
        self.server.must("PUT", f"/_data_stream/{STREAM}blocked")
        self.server.must("PUT", settings, {"index.blocks.read_only_allow_delete": True})
        service = self.service("blocked", ("gzip", "50"))
        service.tell("log 0 100")
        report = service.until(lambda report: report["retried"] >= 50)
        assert (report["sent"], report["queued"]) == (0, 100) and "429" in report["last_error"], report
        self.server.must("PUT", settings, {"index.blocks.read_only_allow_delete": None})
        assert service.ask("flush 60000")
        report, written = service.end()
        assert report["sent"] == 100, report
        assert self.server.stored("blocked") == written
        return f"{report['retried']} tries of blocked documents"

    def unanswered(self):
        """Requests that are carried out, and whose answers are lost: nothing is there twice."""
        with contextlib.closing(Forgetful(self.server, 2)) as proxy:
            service = self.service("unanswered", ("gzip", "100"), ES_URL=f"http://127.0.0.1:{proxy.server_port}")
            service.tell("log 0 300")
            assert service.ask("flush 60000")
            report, written = service.end()
        forgotten = {line for body in proxy.forgotten for line in gzip.decompress(body).split(b"\n")[:-1:2]}
        assert len(forgotten) > 0 and (report["sent"], report["duplicates"]) == (300, len(forgotten)), (report, len(forgotten))
        assert self.server.stored("unanswered") == written
        return f"{report['duplicates']} documents sent twice, there once"

    def killed(self):
        """The server dies while lines come, and comes back."""
        service = self.service("killed", ("gzip", "25"))
        service.tell("log 0 500")
        service.until(lambda report: report["sent"] >= 100)
        self.server.kill()
        service.tell("log 500 300")
        waiting = service.until(lambda report: report["last_error"])
        assert waiting["queued"] >= 300 and waiting["last_error"] in ("nobody answers there", "the connection broke"), waiting
        self.server.start()
        self.server.wait()
        assert service.ask("flush 60000")
        report, written = service.end()
        assert report["sent"] == report["accepted"] == 800, report
        stored = self.server.stored("killed")
        assert stored == written, first_difference(stored, written)
        return f"{waiting['queued']} lines waited for the server, {report['duplicates']} it had"


class Forgetful(http.server.ThreadingHTTPServer):
    """Between a shipper and the server: of the first requests the answers are lost."""

    def __init__(self, server, count):
        super().__init__(("127.0.0.1", 0), Forward)
        self.server, self.left, self.forgotten = server, count, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class Forward(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name: self.headers[name] for name in ("Authorization", "Content-Type", "Content-Encoding") if name in self.headers}
        status, answer = self.server.server.request("POST", self.path, body, headers)
        if self.server.left > 0:
            self.server.left -= 1
            self.server.forgotten.append(body)
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def first_difference(stored, written):
    missing = sorted(written.keys() - stored.keys())
    return (len(stored), len(written), missing[:20],
            next(((n, stored[n], written[n]) for n in sorted(written) if n in stored and stored[n] != written[n]), None))


def main():
    application, piictl = sys.argv[1:3]
    found = subprocess.run(["sh", HERE / "build.sh"], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        print("skipped:", found.stderr.strip())
        return 77

    def scaffolds(name):
        return json.loads(subprocess.run([piictl, "log", "scaffold", name], capture_output=True, text=True, check=True).stdout)
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # the server syncs often, and no power fails here
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir=memory) as data:
        server = Server(found.stdout.strip(), data)
        try:
            server.wait()
            test = Test(server, application, folder)
            for name, case in (("data_stream", lambda: test.data_stream(scaffolds)), ("too_large", test.too_large), ("wrong_key", test.wrong_key),
                               ("blocked", test.blocked), ("unanswered", test.unanswered), ("killed", test.killed)):
                start = time.monotonic()
                print(f"{name}: {case()} ({time.monotonic() - start:.1f} s)", flush=True)
        finally:
            server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
