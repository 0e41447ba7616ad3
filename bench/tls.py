#!/usr/bin/env python3
"""The posture of one TLS endpoint: auscult beside sslscan, sslyze and nmap, alternately in one run.

The weak server (nginx) accepts 86 pairs of version and suite over a path of 40 ms; the hard one accepts 7. Of the
connections that may be open one is the liveness oracle's; the inventory uses its place while the oracle has no need of
it. Needs root for its network namespaces.
"""
import argparse
import json
import re
import time
from pathlib import Path

from harness import LOOK, Field, looked, median, need, quietly, table

PORTS = {"weak": 4431, "hard": 4432}
VERSIONS = {"SSLv3": "ssl-3", "TLSv1.0": "tls-1.0", "TLSv1.1": "tls-1.1", "TLSv1.2": "tls-1.2", "TLSv1.3": "tls-1.3"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", default="/tmp/auscult-bench", type=Path)
    parser.add_argument("--netdelay", required=True, type=Path)
    parser.add_argument("--sslyze", default="sslyze")
    parser.add_argument("--runs", default=3, type=int)
    parser.add_argument("--target", default=["weak", "hard"], nargs="*", choices=PORTS)
    return parser.parse_args()


def prepare(work):
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "dh.pem").exists():
        name = "-subj /CN=dut.test -addext subjectAltName=DNS:dut.test,IP:10.77.0.2"
        for kind, key in (("rsa", "rsa:2048"), ("ec", "ec -pkeyopt ec_paramgen_curve:prime256v1")):
            quietly(f"openssl req -x509 -newkey {key} -nodes -keyout {work}/{kind}.key -out {work}/{kind}.crt -days 365 {name}")
        quietly(f"openssl dhparam -dsaparam -out {work}/dh.pem 2048")
    (work / "nginx.conf").write_text(f"""
user root; worker_processes 1; daemon off; pid {work}/nginx.pid; error_log {work}/error.log crit;
events {{ worker_connections 2048; }}
http {{ access_log off;
 ssl_certificate {work}/rsa.crt; ssl_certificate_key {work}/rsa.key;
 ssl_certificate {work}/ec.crt; ssl_certificate_key {work}/ec.key;
 ssl_dhparam {work}/dh.pem; ssl_prefer_server_ciphers on;
 server {{ listen {PORTS["weak"]} ssl; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
  ssl_ciphers "ALL:!PSK:!SRP:!aNULL:@SECLEVEL=0"; return 200 ok; }}
 server {{ listen {PORTS["hard"]} ssl; ssl_protocols TLSv1.2 TLSv1.3;
  ssl_ciphers "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
  return 200 ok; }}
}}
""")


def of_look(out):
    suites = json.loads(out)["facts"]["suites"]
    return {(version, suite["name"]) for version, all_of_it in suites.items() for suite in all_of_it}


def of_nmap(out):
    pairs, version = set(), None
    for line in out.splitlines():
        if found := re.match(r"^\|\s+((?:TLS|SSL)v[\d.]+):", line):
            version = VERSIONS.get(found[1], found[1])
        elif found := re.match(r"^\|\s+(?:TLS_AKE_WITH_|TLS_)(\w+) ", line):
            name = ("TLS_" + found[1]).removesuffix("_SHA256_SHA256")
            pairs.add((version, name))
    return pairs


def of_sslyze(out):
    pairs, version = set(), None
    for line in out.splitlines():
        if found := re.match(r"^ \* (SSL|TLS) ([\d.]+) Cipher Suites:", line):
            version = f"{found[1].lower()}-{found[2]}"
        elif found := re.match(r"^\s+(TLS_\w+)\s+\d+", line):
            pairs.add((version, found[1]))
    return pairs


def of_sslscan(out):
    """sslscan writes the names of OpenSSL; they are compared by number."""
    return set(re.findall(r"^(?:Preferred|Accepted)\s+(\S+)\s+\d+ bits\s+(\S+)", out, re.M))


def tools(address, port, options):
    end = f"{address}:{port}"
    look = [LOOK, "tls", end, "--name", "dut.test"]
    deep = ["--depth", "inventory"]
    return [
        ("auscult inventory, 16 open", [*look, *deep, "--open", "16"], of_look),
        ("sslscan", ["sslscan", "--no-colour", "--sni-name=dut.test", end], of_sslscan),
        ("auscult inventory, 4 open", [*look, *deep, "--open", "4"], of_look),
        ("sslyze", [options.sslyze, end], of_sslyze),
        ("auscult inventory, 5 open", [*look, *deep, "--open", "5"], of_look),
        ("auscult verdict, 16 open", look, of_look),
        ("nmap ssl-enum-ciphers", ["nmap", "-Pn", "-n", "-p", port, "--script", "+ssl-enum-ciphers,ssl-cert", address], of_nmap),
    ]


def main():
    options = arguments()
    need(LOOK, options.netdelay, options.sslyze, "nginx", "sslscan", "nmap", "openssl")
    prepare(options.work)
    with Field("tlsbench", options.netdelay) as field:
        field.start("nginx", "-c", options.work / "nginx.conf")
        time.sleep(1)
        field.join()
        for target in options.target:
            compare(field, target, options)


def compare(field, target, options):
    runs = {}
    for turn in range(options.runs):
        for name, command, read in tools(field.address, PORTS[target], options):
            done, accepted = field.run(command, timeout=300)
            (options.work / f"{target}.{name.replace(' ', '-')}.txt").write_text(done.out + done.err)
            if name.startswith("auscult"):
                looked(done)
            runs.setdefault(name, []).append((done, accepted, read(done.out)))
            print(f"# {turn} {target} {name}: {done.wall:.2f} s, {accepted} connections, {len(runs[name][-1][2])} pairs", flush=True)
    command = [LOOK, "tls", f"{field.address}:{PORTS[target]}", "--name", "dut.test", "--depth", "inventory", "--pace", "bench"]
    done, accepted = field.run(command, timeout=300)
    looked(done)
    runs["auscult inventory, pace bench"] = [(done, accepted, of_look(done.out))]
    peers = [name for name in runs if not name.startswith("auscult")]
    rows = []
    for name, all_runs in runs.items():
        wall = median([done.wall for done, *_ in all_runs])
        ratios = ""
        if name.startswith("auscult"):
            # Pairs of the same turn: what else runs on the machine falls on both.
            fastest = [min(runs[peer][turn][0].wall for peer in peers) / done.wall for turn, (done, *_) in enumerate(all_runs)]
            ratios = f"{median(fastest):.1f}"
        rows.append((target, name, f"{wall:.2f}", f"{median([d.cpu for d, *_ in all_runs]):.2f}",
                     "/".join(str(n) for n in sorted({a for _, a, _ in all_runs})),
                     "/".join(str(n) for n in sorted({len(p) for *_, p in all_runs})),
                     f"{max(d.rss for d, *_ in all_runs):.0f}", ratios))
    table(("target", "tool", "wall s", "cpu s", "connections", "pairs", "MiB", "x faster than the fastest peer"), rows)
    ours = runs["auscult inventory, 16 open"][-1][2]
    for name, peer in (("4 open", "auscult inventory, 4 open"), ("sslyze", "sslyze"), ("nmap", "nmap ssl-enum-ciphers")):
        theirs = runs[peer][-1][2]
        print(f"# {name}: same pairs" if theirs == ours else f"# {name}: only ours {sorted(ours - theirs)}, only theirs {sorted(theirs - ours)}")


if __name__ == "__main__":
    main()
