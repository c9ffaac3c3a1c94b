"""A program ships lines of every kind over TLS, as to Logstash, to a real rsyslog: to one that is trusted alone, and to one that comes back.

usage: rsyslog_tls_test.py SHIP_APPLICATION   Exit code 77: there is no rsyslog here (packages rsyslog, rsyslog-openssl)."""

import pathlib
import subprocess
import sys
import tempfile

from rsyslog_test import Rsyslog, rsyslogd

sys.path.append(str(pathlib.Path(__file__).parent.parent / "ship"))
from service import Service, no_seeds, number  # noqa: E402

TLS = """global(DefaultNetstreamDriver="ossl" DefaultNetstreamDriverCAFile="{folder}/certificate" DefaultNetstreamDriverCertFile="{folder}/certificate"
       DefaultNetstreamDriverKeyFile="{folder}/key")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")"""


def main():
    application = sys.argv[1]
    drivers = [*pathlib.Path("/usr/lib").glob("*/rsyslog/lmnsd_ossl.so"), *pathlib.Path("/usr/lib").glob("rsyslog/lmnsd_ossl.so")]
    if rsyslogd() is None or not drivers:
        print("skipped: no rsyslogd with TLS here (the packages rsyslog and rsyslog-openssl have it)")
        return 77
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as lines:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-keyout", f"{folder}/key", "-out", f"{folder}/certificate", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        rsyslog = Rsyslog(rsyslogd(), folder, TLS.format(folder=folder))
        receiver = {"LOGSTASH_HOST": "localhost", "LOGSTASH_PORT": str(rsyslog.port), "LOGSTASH_TLS": "on"}
        trusted = receiver | {"PII_LOG_CACERT_PATH": f"{folder}/certificate"}
        with rsyslog:
            for more in ({}, trusted | {"LOGSTASH_HOST": "127.0.0.1"}):  # not known to us, or under another name
                stranger = Service(application, lines, receiver | more)
                stranger.tell("log 0 10")
                report = stranger.until(lambda report: report["last_error"])
                assert (report["last_error"], report["queued"]) == ("no trusted TLS connection", 10), report
                stranger.end(1)

            # Programs that end at once: the system must not throw away what rsyslog has not read yet.
            written = {}
            for first in range(0, 500, 100):
                service = Service(application, lines, trusted)
                service.tell(f"log {first} 100")
                report, events = service.end()
                assert report["sent"] == 100, report
                written |= events

            service = Service(application, lines, trusted)
            service.tell("log 500 1500")
            assert service.ask("flush 30000")
            before = len(list(rsyslog.events(2000)))
        service.tell("log 2000 100")
        assert service.until(lambda report: report["last_error"])["queued"] >= 100
        with rsyslog:
            assert service.ask("flush 30000")
            report, events = service.end()
            assert report["sent"] == report["accepted"] == len(events), report
            written |= events
            events = list(rsyslog.events(len(written)))
        no_seeds(rsyslog.parsed.read_bytes())
    for event in written.values():
        if "zero" in event.get("extra", {}):
            event["extra"]["zero"] = event["extra"]["zero"].split("\0")[0]  # rsyslog's texts end there
    got = {number(event): event for event in events}
    assert before == 2000 and len(got) == len(events), (before, len(got), len(events))
    assert got == written, next((got.get(n), written[n]) for n in written if got.get(n) != written[n])
    print(f"{len(got)} lines read by rsyslog over TLS")
    return 0


if __name__ == "__main__":
    sys.exit(main())
