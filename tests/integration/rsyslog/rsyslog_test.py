"""The example of two services and a worker ships its lines over TCP to a real rsyslog, whose JSON parser reads them: all of them, and each as it was
written.

usage: rsyslog_test.py PAYMENT_SERVICE_TEST PAYMENT_SERVICE   Exit code 77: there is no rsyslog here (packages rsyslog)."""

import importlib.util
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

CONFIGURATION = """
{tcp}
global(workDirectory="{folder}" maxMessageSize="64k")
module(load="mmjsonparse")
template(name="parsed" type="list") {{
  property(name="parsesuccess") constant(value=" ") property(name="$!all-json") constant(value="\\n")
}}
ruleset(name="lines") {{
  action(type="mmjsonparse" cookie="" useRawMsg="on")
  action(type="omfile" file="{folder}/parsed" template="parsed")
}}
input(type="imtcp" address="127.0.0.1" port="{port}" ruleset="lines")
"""


def load(path):
    spec = importlib.util.spec_from_file_location("payment_service_test", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Rsyslog:
    """Writes what its parser read of each line to a file: OK, and the event."""

    def __init__(self, program, folder, tcp='module(load="imtcp")'):
        self.program, self.folder, self.parsed = program, folder, pathlib.Path(folder, "parsed")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        pathlib.Path(folder, "rsyslog.conf").write_text(CONFIGURATION.format(folder=folder, port=self.port, tcp=tcp))

    def __enter__(self):
        self.server = subprocess.Popen([self.program, "-n", "-f", f"{self.folder}/rsyslog.conf", "-i", f"{self.folder}/pid"])
        wait_for(lambda: listens(self.port))
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(timeout=30)

    def events(self, count):
        wait_for(lambda: self.parsed.exists() and self.parsed.read_bytes().count(b"\n") >= count)
        for line in self.parsed.read_text().split("\n")[:-1]:
            state, _, event = line.partition(" ")
            assert state == "OK", line
            yield json.loads(event)


def rsyslogd():
    return shutil.which("rsyslogd", path=os.environ.get("PATH", "") + ":/usr/sbin")


def wait_for(what, seconds=20):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "rsyslog does not do its part in time"
        time.sleep(0.02)


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def main():
    test, program = load(sys.argv[1]), sys.argv[2]
    if rsyslogd() is None:
        print("skipped: no rsyslogd here (the package rsyslog has it)")
        return 77
    with tempfile.TemporaryDirectory() as folder, Rsyslog(rsyslogd(), folder) as rsyslog:
        service = test.Service(program, "http/json", more={"LOGSTASH_HOST": "127.0.0.1", "LOGSTASH_PORT": str(rsyslog.port)})
        headers = [("traceparent", f"00-{test.TRACE}-{test.PARENT}-01"), ("User-Agent", 'odd "quotes" \\ and ünïcode \t')]
        assert test.post(service.port, headers)[0] == 201
        assert test.post(service.port, [], "amount=5000")[0] == 402
        written = service.end()
        got = list(rsyslog.events(len(written)))
        lines = rsyslog.parsed.read_text()
    for seed in test.SEEDS:
        assert seed not in lines, seed
    key = lambda event: json.dumps(event, sort_keys=True)
    assert sorted(got, key=key) == sorted(written, key=key), "what the parser read is what was written"
    print(f"{len(got)} lines read by rsyslog")
    return 0


if __name__ == "__main__":
    sys.exit(main())
