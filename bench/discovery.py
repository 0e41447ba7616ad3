#!/usr/bin/env python3
"""Finding and naming the 13 TCP services of one device: auscult beside nmap, on a path of 40 ms or on loopback.

Four parts: the whole of it against `nmap -sV -p-` (which takes minutes, so once), the bare sweep in pairs with
`nmap -sT -p-`, sweeps alone, none of which may miss a port, and with `--assess` a whole assessment at intrusive beside
`nmap -sV -sC -p-`. Needs root for its network namespaces.
"""
import argparse
import json
import os
import re
import shutil
import time
from pathlib import Path

from harness import AUSCULT, LOOK, Field, looked, median, need, quietly, run, table

TRUTH = {21: "ftp", 22: "ssh", 23: "telnet", 80: "http", 199: "smux", 1883: "mqtt", 2222: "ssh", 2575: "hl7-mllp",
         4242: "dicom", 6379: "redis", 8042: "http", 8443: "http", 11112: "dicom"}
TLS = {8443}

MLLP = r"""
import socketserver
ACK = b'\x0bMSH|^~\\&|HIS|O|M|W|20240101||ACK|1|P|2.5\rMSA|AA|1\r\x1c\r'
class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        heard = b''
        while data := self.request.recv(4096):
            heard += data
            if b'\x1c\r' in heard:
                heard = b''
                self.request.sendall(ACK)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads, request_queue_size = True, True, 64
Server(('0.0.0.0', 2575), Handler).serve_forever()
"""

TELNET = r"""
import socket, subprocess
listener = socket.create_server(('0.0.0.0', 23), backlog=64)
children = []
while True:
    near, _ = listener.accept()
    children = [child for child in children if child.poll() is None]
    children.append(subprocess.Popen(['/usr/sbin/telnetd'], stdin=near, stdout=near, stderr=subprocess.DEVNULL))
    near.close()
"""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", default="/tmp/auscult-bench", type=Path)
    parser.add_argument("--netdelay", type=Path, help="without it the device is on loopback")
    parser.add_argument("--pairs", default=3, type=int, help="pairs of bare sweeps")
    parser.add_argument("--sweeps", default=20, type=int, help="sweeps alone")
    parser.add_argument("--devices", default=3, type=int, help="whole looks")
    parser.add_argument("--no-nmap-sv", action="store_true", help="leave out the three minutes of nmap -sV")
    parser.add_argument("--assess", default=0, type=int, help="whole assessments, beside nmap with its scripts once")
    return parser.parse_args()


def device(field, work):
    work = work / "device"
    for folder in ("orthanc", "dcmqr"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    if not (work / "dropbear").exists():
        quietly(f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {work}/key.pem -out {work}/cert.pem -days 365 -subj /CN=dut.test")
        quietly(f"rm -f {work}/sshd; ssh-keygen -q -t ed25519 -N '' -f {work}/sshd; dropbearkey -t ed25519 -f {work}/dropbear")

    def write(name, text):
        (work / name).write_text(text)
        return work / name

    os.makedirs("/var/run/vsftpd/empty", exist_ok=True)
    os.makedirs("/run/sshd", exist_ok=True)
    field.start("nginx", "-c", write("nginx.conf", f"""
user root; worker_processes 1; daemon off; pid {work}/nginx.pid; error_log {work}/error.log crit; events {{}}
http {{ access_log off; server {{ listen 80; return 200 ok; }}
 server {{ listen 8443 ssl; ssl_certificate {work}/cert.pem; ssl_certificate_key {work}/key.pem; return 200 ok; }} }}
"""))
    field.start("mosquitto", "-c", write("mosquitto.conf", "listener 1883 0.0.0.0\nallow_anonymous true\nlog_dest none\n"))
    field.start("Orthanc", write("orthanc.json", f"""{{"Name": "DUT", "StorageDirectory": "{work}/orthanc",
 "IndexDirectory": "{work}/orthanc", "HttpPort": 8042, "DicomPort": 4242, "RemoteAccessAllowed": true,
 "AuthenticationEnabled": false, "DicomAet": "ORTHANC"}}"""))
    field.start("vsftpd", write("vsftpd.conf", "listen=YES\nbackground=NO\nanonymous_enable=YES\nsecure_chroot_dir=/var/run/vsftpd/empty\n"))
    field.start("python3", write("telnet.py", TELNET))
    field.start("python3", write("mllp.py", MLLP))
    field.start("snmpd", "-f", "-C", "-c", write("snmpd.conf", "rocommunity public\nagentaddress udp:161\n"))
    field.start("dcmqrscp", "-c", write("dcmqrscp.cfg", f"""NetworkTCPPort = 11112
MaxPDUSize = 16384
MaxAssociations = 16
HostTable BEGIN
HostTable END
VendorTable BEGIN
VendorTable END
AETable BEGIN
PACS {work}/dcmqr RW (200, 1024mb) ANY
AETable END
"""))
    field.start("redis-server", "--port", "6379", "--save", "", "--protected-mode", "no", "--dir", work)
    field.start("/usr/sbin/sshd", "-D", "-f", "/dev/null", "-h", work / "sshd", "-p", "22", "-o", "MaxStartups=200")
    field.start("dropbear", "-F", "-r", work / "dropbear", "-p", "2222")
    for _ in range(60):
        time.sleep(1)
        listening = run(["ss", "-lntH"], namespace=field.server).out
        ports = {int(line.split()[3].rsplit(":", 1)[1]) for line in listening.splitlines()}
        if ports == set(TRUTH):
            return
    raise SystemExit(f"the device listens on {sorted(ports)}")


def named_by_nmap(out):
    """Ports found, and those whose protocol it confirmed; a guess by port number ends with a question mark."""
    found, right = set(), set()
    for port, words in re.findall(r"^(\d+)/tcp\s+open\s+(.*)$", out, re.M):
        port, words = int(port), words.lower()
        found.add(port)
        truth = TRUTH.get(port, "none").removesuffix("-mllp")
        as_tls = port not in TLS or "ssl/" in words or "https" in words
        if not words.split()[0].endswith("?") and as_tls and (truth in words or (truth == "mqtt" and "mosquitto" in words)):
            right.add(port)
    return found, right


def main():
    options = arguments()
    need(LOOK, "nmap", "nginx", "mosquitto", "Orthanc", "vsftpd", "/usr/sbin/telnetd", "snmpd", "dcmqrscp", "redis-server",
         "/usr/sbin/sshd", "dropbear")
    options.work.mkdir(parents=True, exist_ok=True)
    with Field("discbench", options.netdelay) as field:
        device(field, options.work)
        field.join()
        whole(field, options)
        pairs(field, options.pairs)
        alone(field, options.sweeps)
        assessed(field, options)


def whole(field, options):
    rows, ours = [], []
    for _ in range(options.devices):
        done, accepted = field.run([LOOK, "device", field.address])
        seen = looked(done)
        services = seen["facts"]["services"]
        right = [p for p, truth in TRUTH.items()
                 if services.get(str(p), {}).get("protocol") == truth and (services[str(p)].get("tls") is True) == (p in TLS)]
        wrong = {p: services.get(str(p), {}).get("protocol") for p in TRUTH if p not in right}
        ours.append(done.wall)
        rows.append(("auscult, every port and every service", f"{done.wall:.2f}", f"{done.cpu:.2f}", f"{len(services)}/13",
                     f"{len(right)}/13", accepted, f"{done.rss:.0f}", f"sweep {seen['facts']['sweep_millis'] / 1000:.2f} s {wrong or ''}"))
    if ours and not options.no_nmap_sv:
        done, accepted = field.run(["nmap", "-n", "-Pn", "-sV", "-p-", field.address])
        found, right = named_by_nmap(done.out)
        rows.append(("nmap -sV -p-", f"{done.wall:.2f}", f"{done.cpu:.2f}", f"{len(found & set(TRUTH))}/13", f"{len(right)}/13", accepted,
                     f"{done.rss:.0f}", f"{done.wall / median(ours):.1f} x as long"))
        (options.work / "nmap-sv.txt").write_text(done.out)
    if rows:
        table(("tool", "wall s", "cpu s", "found", "named", "accepted", "MiB", ""), rows)


def pairs(field, count):
    rows, ratios = [], []
    for _ in range(count):
        ours, _ = field.run([LOOK, "ports", field.address])
        theirs, _ = field.run(["nmap", "-n", "-Pn", "-sT", "-p-", field.address])
        found, _ = named_by_nmap(theirs.out)
        states = looked(ours)["facts"]["states"]
        ratios.append(theirs.wall / ours.wall)
        rows.append((f"{ours.wall:.2f}", f"{ours.cpu:.2f}", len(states), f"{ours.rss:.0f}", f"{theirs.wall:.2f}", f"{theirs.cpu:.2f}",
                     len(found), f"{theirs.rss:.0f}", f"{ratios[-1]:.2f}"))
    if rows:
        table(("auscult s", "cpu s", "ports", "MiB", "nmap -sT -p- s", "cpu s", "ports", "MiB", "ratio"), rows)
        print(f"# median of ratios {median(ratios):.2f}")


def alone(field, count):
    missed, more, walls = [], [], []
    for _ in range(count):
        done, _ = field.run([LOOK, "ports", field.address])
        facts = looked(done)["facts"]
        states = {int(port) for port in facts["states"]}
        missed.append(len(set(TRUTH) - states))
        more.append(len(states - set(TRUTH)))
        walls.append(done.wall)
    if walls:
        print(f"# {count} sweeps alone: median {median(walls):.2f} s, at most {max(walls):.2f} s, missed {sum(missed)}, invented {sum(more)}")


def assessed(field, options):
    """`auscult check` at intrusive, with nothing declared but the address: sweep, recognition, every observer, verdicts."""
    if not options.assess:
        return
    scenario, case = options.work / "device.toml", options.work / "device.case"
    scenario.write_text(f"""title = "A device with thirteen services"
stage = "status-quo"
setting = "integrated-care"
[authorisation]
by = "benchmark"
until = 2099-12-31
impact = "intrusive"
pace = "laboratory"
[device.dut]
class = "II"
address = "{field.address}"
""")
    rows, walls = [], []
    for _ in range(options.assess):
        shutil.rmtree(case, ignore_errors=True)
        done, accepted = field.run([AUSCULT, "check", scenario, "--case", case, "--exit-zero"])
        if done.code != 0:
            raise SystemExit(f"auscult check ended with {done.code}: {done.err}")
        verdicts = json.loads((case / "assessment.json").read_text())
        trials = sum(len(ruling["trials"]) for ruling in verdicts["rulings"])
        named = sum(service["protocol"] is not None for service in verdicts["nodes"][0]["services"])
        walls.append(done.wall)
        rows.append(("auscult check, intrusive", f"{done.wall:.2f}", f"{done.cpu:.2f}", named, trials, verdicts["coverage"]["failed"],
                     accepted, f"{done.rss:.0f}", ""))
    done, accepted = field.run(["nmap", "-n", "-Pn", "-sV", "-sC", "-p-", field.address])
    _, right = named_by_nmap(done.out)
    rows.append(("nmap -sV -sC -p-", f"{done.wall:.2f}", f"{done.cpu:.2f}", len(right), "", "", accepted, f"{done.rss:.0f}",
                 f"{done.wall / median(walls):.1f} x as long"))
    table(("tool", "wall s", "cpu s", "named", "trials", "failed rulings", "accepted", "MiB", ""), rows)


if __name__ == "__main__":
    main()
