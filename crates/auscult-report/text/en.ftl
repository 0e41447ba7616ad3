# The words of the reports. Values that come from a scenario, a catalog or a device are escaped before they arrive here.

## Head

report = Assessment report
instrument = auscult
period = { $from } to { $until } UTC
records = { $n ->
    [one] 1 record
   *[other] { $n } records
}
stage-status-quo = Status quo
stage-target = Target
setting-homecare = Home care
setting-integrated-care = Integrated care
label-period = Observed
label-authorised = Authorised by
nobody-authorised = Nobody; only passive work was done
label-products = Products
label-scenario = Scenario
label-evidence = Evidence
label-catalog = Catalog
label-checks = Checks
version = version { $version }
head-of-chain = head { $digest }

## Verdict

verdict-word-pass = passed
verdict-word-fail = failed
verdict-word-inconclusive = undecided
verdict-pass = Every requirement that applies was shown to hold.
verdict-inconclusive = { $n ->
    [0] No requirement applies, so nothing was decided.
    [one] No failure was seen, but one requirement could not be decided.
   *[other] No failure was seen, but { $n } requirements could not be decided.
}
verdict-fail = { $n ->
    [one] One requirement does not hold. Its severity is { $severity }.
   *[other] { $n } requirements do not hold, { $worst } of them with severity { $severity }.
}
coverage = { $n ->
    [one] 1 requirement applies
   *[other] { $n } requirements apply
}: { $passed } passed, { $failed } failed, { $undecided } undecided
coverage-note = A requirement counts once for each node it applies to. Undecided is never counted as passed.
targets = { $observed } of { $n } targets were observed
condition = { $node }: { $n ->
    [one] one verdict holds
   *[other] { $n } verdicts hold
} only together with { $gateway }.
passed = { $n } passed
failed = { $n } failed
undecided = { $n } undecided
none = none

severity-info = info
severity-low = low
severity-medium = medium
severity-high = high
severity-critical = critical
force-mandatory = mandatory
force-recommended = recommended
relation-equal = equal
relation-subset = subset
relation-superset = superset
relation-intersects = intersects
only-with = holds only together with { $gateway }
disposition-fixed = said to be mended; the next run shows
disposition-waived = accepted for a time

## Findings

first = First to mend: these do not hold
findings = Findings
findings-count = { $n ->
    [one] 1 finding
   *[other] { $n } findings
} in { $failures ->
    [one] 1 failure
   *[other] { $failures } failures
}, worst first
findings-intro = A heading says what should hold; below it stands what was seen instead.
no-findings = No failure was seen.
label-seen = Seen
label-evidence-line = Evidence
label-remedy = Remedy
by-check = { $check } on { $target }
no-evidence = no record
cites-count = { $n ->
    [one] 1 clause of a framework
   *[other] { $n } clauses of frameworks
}
unverified = unverified
unverified-note = The id of a clause marked as unverified was not found in a source that we could read.

## Undecided and not tested

undecided-title = Undecided
not-tested = What was not tested
not-tested-short = Not tested
not-tested-none = Nothing that applies was left untested.
gaps = { $n ->
    [one] 1 gap
   *[other] { $n } gaps
}
by-command = By a command
by-hand = By a person
closes = { $n ->
    [one] closes 1 gap
   *[other] closes { $n } gaps
}
more-reasons = { $n ->
    [one] and 1 more reason, in the HTML and JSON reports
   *[other] and { $n } more reasons, in the HTML and JSON reports
}
more-steps = { $n ->
    [one] and 1 more step, in the HTML and JSON reports
   *[other] and { $n } more steps, in the HTML and JSON reports
}
label-requirement = Requirement
label-because = Because
label-where = Where

## Not applicable

not-applicable = What does not apply
not-applicable-intro = These pairs of requirement and node were left out by rule, each for the reason beside it.
pairs = { $n ->
    [one] 1 pair
   *[other] { $n } pairs
}
not-applicable-none = Every requirement concerns every node.

## Areas

areas = Requirements by area
areas-intro = Under each table stands what was passed or left undecided and why; failures are described with the findings.
areas-on-paper = On paper these details are left out; the file has them.
label-verdicts = Verdicts
area-caption = { $area }: verdict of each requirement on each node
area-inv = Identity and inventory
area-aut = Authentication
area-acc = Access and sessions
area-srv = Services
area-tls = Protected transport
area-pki = Certificates and keys
area-msg = Messaging
area-med = Medical protocols
area-net = Networks
area-dat = Data protection
area-upd = Updates and support
area-vul = Vulnerabilities
area-fw = Firmware and platform
area-rob = Robustness
area-log = Logging and time
area-cld = Cloud
area-gwy = Gateway
area-doc = Documents
area-gov = Governance
rulings = Passed and undecided, with reason and evidence
does-not-apply = does not apply

## Topology

topology = Topology
topology-title = Nodes and declared flows of { $title }
topology-desc = { $n ->
    [one] 1 node
   *[other] { $n } nodes
} and { $flows ->
    [one] 1 declared flow
   *[other] { $flows } declared flows
}, { $clear } of them in clear. The two tables below say the same in words.
topology-too-many = { $n } nodes are more than a picture can show legibly; the tables below list them all.
topology-note = Lines are declared flows and run through the networks they cross. A service that answers but is not declared is framed in red.
zone-homecare = Home care
zone-clinic = Clinic
zone-fiveg = 5G
zone-cloud = Cloud
zone-process = People
class = class { $class }
kind-device = device
kind-gateway = gateway
kind-network = network
kind-cloud = service
kind-process = process
undeclared = undeclared: { $services }
undeclared-word = undeclared
nodes-caption = Nodes
flows-caption = Declared flows
services-none = none declared, none found
label-node = Node
label-role = Role
label-class = Class
label-product = Product
label-services = Services
label-verdict = Verdict
label-number = Number
label-from = From
label-to = To
label-data = Carries
label-over = Over
label-protection = Protection
behind = behind { $gateway }
protected = protected
in-clear = in clear
unknown = unknown
port-tls = TLS
port-clear = no TLS
state-open = open
state-closed = closed
state-filtered = filtered
state-unknown = state not known
data-identity = identity
data-vitals = vital signs
data-therapy = therapy
data-images = images
data-credentials = credentials
data-firmware = firmware
data-telemetry = telemetry
unassessed = no ruling

## Method and safety

method = Method and safety
method-words = Each service was observed once, and every verdict was computed from what was recorded then. A verdict is a pure function of scenario, catalog, checks and evidence: whoever has the case file can compute it again, without touching a device. What was not seen never passes.
method-limits = The results relate only to the nodes named here, in the state in which they were observed. No figure here says how an unknown device behaves under rougher tests than these.
safety = Safety
safety-caption = What was allowed, announced and sent
sent-nothing = No packet was sent.
sent = Sent at most { $packets } packets of { $packets-announced } announced, in { $connections } connections of { $connections-announced } announced, to { $n ->
    [one] 1 node
   *[other] { $n } nodes
}. The roughest step was { $roughest }.
liveness-counts = { $missed ->
    [0] asked { $n } times, never missed
   *[other] asked { $n } times, missed { $missed }
}
liveness-none = Liveness was not asked.
liveness-all = { $n ->
    [one] Liveness was asked once and answered.
   *[other] Liveness was asked { $n } times and answered each time.
}
liveness-missed = { $n ->
    [one] Liveness was asked once and not answered.
   *[other] Liveness was asked { $n } times and not answered { $missed ->
        [one] once
       *[other] { $missed } times
    }.
}
exceeded = More was sent to { $node } than allowed or announced. This is a fault of the instrument.
stopped = Work on { $node } was stopped: { $because }
label-allowed = Allowed
label-used = Roughest step
label-pace = Pace
label-packets = Packets
label-connections = Connections
label-liveness = Liveness
of-announced = of { $n }
impact-passive = passive
impact-touch = touch
impact-safe = safe
impact-intrusive = intrusive
impact-disruptive = disruptive
pace-ward = ward
pace-bench = bench
pace-laboratory = laboratory

## How to verify

verify = How to verify this report
verify-words = This page repeats the file assessment.json of a case file. CASE below is the folder of that case file.
verify-chain = proves the chain of evidence and names the first record that differs
verify-judge = computes every verdict again, without a network
verify-compare = Then compare the digests of the first page with these. They have to be equal.
digest-of = Digest of
digest = Digest
reports = Reports

## Comparison

comparison = Before and after
comparison-words = The older assessment stands on the left, this report on the right.
before = Before
after = After
areas-caption-change = Verdicts by area, before and after
label-area = Area
label-passed = Passed
label-failed = Failed
label-undecided = Undecided
mended = Mended
mended-words = failed before, shown to hold now
broken = Broken
broken-words = fails now and did not before
still = Still failing
still-words = fails in both
unseen = No longer seen
unseen-words = failed before and is not decided now; not mended until it is shown
lost = No longer shown
lost-words = was shown to hold and is not decided now
no-changes = No verdict changed.

## Navigation and names

skip = Skip to the report
contents = Contents
