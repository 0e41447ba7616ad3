"""Runs commands and measures them: wall time, CPU time and peak memory by the kernel's own accounting.

Also the network namespaces that a benchmark works in, with an exact count of accepted connections.
"""
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
AUSCULT = Path(os.environ.get("AUSCULT", TARGET / "auscult"))
LOOK = Path(os.environ.get("LOOK", TARGET / "examples" / "look"))

# A benchmark that is ended takes its servers and namespaces with it.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


class Run:
    """One run of a command."""

    def __init__(self, wall, cpu, rss, code, out, err):
        self.wall, self.cpu, self.rss, self.code, self.out, self.err = wall, cpu, rss, code, out, err


def run(command, timeout=900, cwd=None, namespace=None, env=None):
    """Runs a command to its end; `rss` is in MiB, times in seconds."""
    command = [str(word) for word in command]
    if namespace:
        command = ["ip", "netns", "exec", namespace, *command]
    # A child forked from this process would begin with this process's own peak; `time` stands between.
    with tempfile.NamedTemporaryFile() as peak, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        full = ["/usr/bin/time", "-q", "-f", "%M", "-o", peak.name, *command]
        began = time.monotonic()
        child = subprocess.Popen(full, stdout=out, stderr=err, stdin=subprocess.DEVNULL, cwd=cwd,
                                 env={**os.environ, **(env or {})}, start_new_session=True)
        while True:
            pid, status, used = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - began > timeout:
                os.killpg(child.pid, signal.SIGKILL)
                _, status, used = os.wait4(child.pid, 0)
                break
            time.sleep(0.0005 if time.monotonic() - began < 0.5 else 0.005)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        kib = (Path(peak.name).read_text().split() or ["0"])[-1]
        return Run(wall, used.ru_utime + used.ru_stime, int(kib) / 1024 if kib.isdigit() else 0,
                   child.returncode, out.read().decode(errors="replace"), err.read().decode(errors="replace"))


def median(values):
    return statistics.median(values)


def table(head, rows):
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[n]) for row in [head, *rows]) for n in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip())
    print(f"(load {os.getloadavg()[0]:.1f})", flush=True)


def quietly(command):
    subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def need(*programs):
    missing = [str(p) for p in programs if not (shutil.which(str(p)) or Path(p).exists())]
    if missing:
        sys.exit("missing: " + ", ".join(missing))


class Field:
    """Two network namespaces, joined with a delay if a `netdelay` is given, and the servers in the second one."""

    def __init__(self, name, netdelay=None, one_way_micros=20_000):
        self.client, self.server = f"{name}c", f"{name}s"
        self.netdelay, self.micros = netdelay, one_way_micros
        self.address = "10.77.0.2" if netdelay else "127.0.0.1"
        self.asker = self.client if netdelay else self.server
        self.started = []

    def __enter__(self):
        for namespace in (self.client, self.server):
            quietly(f"ip netns add {namespace}; ip netns exec {namespace} ip link set lo up")
        return self

    def start(self, *command, **how):
        # A session of its own, so that children of a server end with it.
        child = subprocess.Popen(["ip", "netns", "exec", self.server, *map(str, command)], stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **how)
        self.started.append(child)
        return child

    def join(self):
        if self.netdelay:
            self.started.append(subprocess.Popen([str(self.netdelay), self.client, self.server, str(self.micros)],
                                                 stderr=subprocess.DEVNULL, start_new_session=True))
            time.sleep(1)

    def accepted(self):
        """Connections that the servers have accepted so far."""
        text = subprocess.run(["ip", "netns", "exec", self.server, "cat", "/proc/net/snmp"], capture_output=True,
                              text=True, check=True).stdout
        head, values = [line.split() for line in text.splitlines() if line.startswith("Tcp:")]
        return int(values[head.index("PassiveOpens")])

    def run(self, command, **how):
        """Runs a command on the asking side; gives the run and how many connections were accepted meanwhile."""
        before = self.accepted()
        done = run(command, namespace=self.asker, **how)
        return done, self.accepted() - before

    def __exit__(self, *_):
        for child in reversed(self.started):
            try:
                os.killpg(child.pid, signal.SIGTERM)
                child.wait(5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                child.kill()
                child.wait()
        for namespace in (self.client, self.server):
            subprocess.run(["ip", "netns", "del", namespace], check=False)


def looked(done):
    """What `look` printed."""
    if done.code != 0:
        raise SystemExit(f"look failed: {done.err.strip()}")
    return json.loads(done.out)
