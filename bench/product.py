#!/usr/bin/env python3
"""The binary as people use it: one device from plan to report, 100 nodes in one run, a plan of 10,000 nodes, the start.

No root is needed; everything is on loopback.
"""
import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from harness import AUSCULT, median, need, run, table

PARTS = ("start", "plan", "device", "fleet")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=f"of {', '.join(PARTS)}")
    parser.add_argument("--work", default="/tmp/auscult-bench", type=Path)
    parser.add_argument("--nodes", default=100, type=int, help="nodes of the fleet")
    return parser.parse_args()


def start(_):
    runs = [run([AUSCULT, "--help"]).wall for _ in range(20)]
    print(f"# --help: median {1000 * median(runs):.1f} ms, at most {1000 * max(runs):.1f} ms, of {len(runs)}")
    print(f"# binary: {AUSCULT.stat().st_size / 1e6:.1f} MB")


def head(title):
    return (f'title = "{title}"\nstage = "status-quo"\nsetting = "homecare"\n\n'
            '[authorisation]\nby = "benchmark, loopback only"\nuntil = 2099-12-31\nimpact = "safe"\npace = "laboratory"\n\n')


def plan(options):
    """Devices with two services each, every tenth node a gateway; each device sends to the platform."""
    text = [head("Ten thousand"), '[network.home]\nkind = "wifi"\n\n[cloud.platform]\noperator = "Example"\nclass = "III"\n'
            'address = "127.20.255.1"\nservices = [ { name = "broker", port = 8883, protocol = "mqtt", tls = true } ]\n\n']
    flows = []
    for n in range(9_998):
        kind = "gateway" if n % 10 == 0 else "device"
        klass = "" if kind == "gateway" else f'class = "{("I", "II", "III")[n % 3]}"\n'
        text.append(f'[{kind}.n{n}]\nname = "Node {n}"\nproduct = {{ maker = "Example", model = "M-{n % 50}", version = "1.{n % 7}" }}\n{klass}'
                    f'address = "127.{20 + n // 60000}.{n // 250}.{1 + n % 250}"\nhost_names = ["n{n}.example.test"]\nservices = [\n'
                    '  { name = "admin", port = 8443, protocol = "http", tls = true },\n'
                    '  { name = "data", port = 2575, protocol = "hl7-mllp" },\n]\n\n')
        flows.append(f'[[flow]]\nfrom = "n{n}"\nto = "platform/broker"\ndata = ["vitals", "identity"]\nover = ["home"]\n\n')
    file = options.work / "ten-thousand.toml"
    file.write_text("".join(text + flows))
    rows = []
    for form in ("json", "human"):
        runs = [run([AUSCULT, "plan", file, "--format", form]) for _ in range(5)]
        if any(r.code != 0 for r in runs):
            print(runs[0].err[:2000])
        rows.append((form, f"{median([r.wall for r in runs]):.2f}", f"{median([r.cpu for r in runs]):.2f}", f"{max(r.rss for r in runs):.0f}",
                     f"{len(runs[0].out) / 1e6:.1f}", runs[0].code))
    print(f"# scenario: 10,000 nodes, {file.stat().st_size / 1e6:.1f} MB")
    table(("auscult plan --format", "wall s", "cpu s", "MiB", "MB out", "exit"), rows)


def check(options, name, scenario, *more):
    case = options.work / f"{name}.case"
    shutil.rmtree(case, ignore_errors=True)
    done = run([AUSCULT, "check", scenario, "--case", case, "--reporter", f"json:{options.work / name}.json",
                "--reporter", f"html:{options.work / name}.html", "--no-progress", *more], cwd=options.work)
    return done, case


def device(options):
    """One device of Edith's world; the rest of the world stands beside it."""
    folder = options.work / "lab"
    shutil.rmtree(folder, ignore_errors=True)
    rows = []
    for octet, variant in ((71, "status-quo"), (72, "target")):
        place = folder / variant
        words = options.work / f"lab-{variant}.log"
        with words.open("w") as log:
            lab = subprocess.Popen([str(AUSCULT), "lab", "up", "edith", "--variant", variant, "--dir", str(place), "--octet", str(octet)],
                                   stdout=log, stderr=log)
        try:
            scenarios = []
            for _ in range(100):
                time.sleep(0.1)
                scenarios = list(place.rglob("*.toml")) if place.exists() else []
                if scenarios:
                    break
            time.sleep(1)
            for nodes in (["hub"], ["cuff"], ["hub", "cuff"]):
                chosen = [word for node in nodes for word in ("--node", node)]
                planned = run([AUSCULT, "plan", scenarios[0], *chosen])
                done, _ = check(options, f"{variant}-{'-'.join(nodes)}", scenarios[0], *chosen)
                rows.append((variant, "+".join(nodes), f"{planned.wall:.2f}", f"{done.wall:.2f}", f"{done.cpu:.2f}", f"{done.rss:.0f}", done.code))
            done, _ = check(options, f"{variant}-all", scenarios[0])
            rows.append((variant, "all seven", "", f"{done.wall:.2f}", f"{done.cpu:.2f}", f"{done.rss:.0f}", done.code))
            if lab.poll() is not None:
                raise SystemExit(f"the world went down by itself ({lab.returncode}), so its figures are worth nothing: {words.read_text()}")
        finally:
            lab.send_signal(signal.SIGINT)
            lab.wait(10)
    table(("world", "nodes", "plan s", "check and report s", "cpu s", "MiB", "exit"), rows)


# Ports of each fleet node: a web page, a greeting, and three that stay silent until spoken to in their own language.
FLEET = {8080: "http", 2222: "ssh", 2575: "silent", 11112: "silent", 1883: "silent"}


def serve(nodes):
    """Simple listeners of a whole fleet in one thread; runs in a process of its own."""
    import selectors
    watch = selectors.DefaultSelector()
    for n in range(nodes):
        for port, kind in FLEET.items():
            listener = socket.create_server((f"127.20.0.{1 + n}", port), backlog=64)
            listener.setblocking(False)
            watch.register(listener, selectors.EVENT_READ, kind)
    print("ready", flush=True)
    page = b"HTTP/1.1 200 OK\r\nServer: fleet/1.0\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"
    while True:
        for key, _ in watch.select():
            if isinstance(key.data, str):
                try:
                    near, _ = key.fileobj.accept()
                except OSError:
                    continue
                near.setblocking(False)
                if key.data == "ssh":
                    near.send(b"SSH-2.0-fleet_1.0\r\n")
                watch.register(near, selectors.EVENT_READ, (key.data,))
                continue
            try:
                heard = key.fileobj.recv(65536)
                if heard and key.data == ("http",) and heard[:1].isalpha():
                    key.fileobj.send(page)
                    heard = b""
            except OSError:
                heard = b""
            if not heard:
                watch.unregister(key.fileobj)
                key.fileobj.close()


def fleet(options):
    server = subprocess.Popen([sys.executable, __file__, "serve", str(options.nodes)], stdout=subprocess.PIPE, text=True)
    try:
        server.stdout.readline()
        protocols = {8080: "http", 2222: "ssh", 2575: "hl7-mllp", 11112: "dicom", 1883: "mqtt"}
        text = [head("A fleet")]
        for n in range(options.nodes):
            services = "".join(f'  {{ name = "s{port}", port = {port}, protocol = "{protocol}" }},\n' for port, protocol in protocols.items())
            text.append(f'[device.n{n}]\nclass = "II"\naddress = "127.20.0.{1 + n}"\nservices = [\n{services}]\n\n')
        file = options.work / "fleet.toml"
        file.write_text("".join(text))
        for label, more in (("declared ports, touch", ["--impact", "touch"]), ("every port, safe", [])):
            done, case = check(options, "fleet", file, *more)
            size = sum(f.stat().st_size for f in case.rglob("*") if f.is_file()) if case.exists() else 0
            report = (options.work / "fleet.html").stat().st_size
            print(f"# {options.nodes} nodes x 5 services, {label}: {done.wall:.1f} s wall, {done.cpu:.1f} s cpu, peak {done.rss:.0f} MiB, "
                  f"case {size / 1e6:.1f} MB, html {report / 1e6:.1f} MB, exit {done.code} {done.err[-300:].strip() if done.code not in (0, 1, 3) else ''}",
                  f"(load {os.getloadavg()[0]:.1f})", flush=True)
    finally:
        server.terminate()
        server.wait()


def main():
    if sys.argv[1:2] == ["serve"]:
        return serve(int(sys.argv[2]))
    options = arguments()
    need(AUSCULT)
    options.work.mkdir(parents=True, exist_ok=True)
    for part in options.parts:
        {"start": start, "plan": plan, "device": device, "fleet": fleet}[part](options)


if __name__ == "__main__":
    main()
