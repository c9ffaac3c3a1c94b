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
global(workDirectory="{folder}" maxMessageSize="64k")
module(load="imtcp")
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
    rsyslogd = shutil.which("rsyslogd", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if rsyslogd is None:
        print("skipped: no rsyslogd here (the package rsyslog has it)")
        return 77
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        parsed = pathlib.Path(folder, "parsed")
        configuration = pathlib.Path(folder, "rsyslog.conf")
        configuration.write_text(CONFIGURATION.format(folder=folder, port=port))
        server = subprocess.Popen([rsyslogd, "-n", "-f", configuration, "-i", f"{folder}/pid"])
        try:
            wait_for(lambda: listens(port))
            service = test.Service(program, "http/json", more={"LOGSTASH_HOST": "127.0.0.1", "LOGSTASH_PORT": str(port)})
            headers = [("traceparent", f"00-{test.TRACE}-{test.PARENT}-01"), ("User-Agent", 'odd "quotes" \\ and ünïcode \t')]
            assert test.post(service.port, headers)[0] == 201
            assert test.post(service.port, [], "amount=5000")[0] == 402
            written = service.end()
            wait_for(lambda: parsed.exists() and parsed.read_text().count("\n") >= len(written))
        finally:
            server.terminate()
            server.wait(timeout=30)
        lines = parsed.read_text().splitlines()
    for seed in test.SEEDS:
        assert not [line for line in lines if seed in line], seed
    got = []
    for line in lines:
        state, _, event = line.partition(" ")
        assert state == "OK", line
        got.append(json.loads(event))
    key = lambda event: json.dumps(event, sort_keys=True)
    assert sorted(got, key=key) == sorted(written, key=key), "what the parser read is what was written"
    print(f"{len(got)} lines read by rsyslog")
    return 0


if __name__ == "__main__":
    sys.exit(main())
