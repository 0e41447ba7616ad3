# What the command itself says.
about = The verification laboratory for medical IoT: from a scenario to verdicts that anyone can compute again
after =
    Begin here:
      auscult demo                    a simulated home and clinic, checked as it is and as it shall be
      auscult init && auscult plan scenario.toml
    { exit-codes }
exit-codes =
    Exit codes: 0 all passed; 1 something failed; 2 usage or scenario at fault; 3 nothing failed, something
    undecided; 4 evidence is not as it was written; 5 nothing answered, no permission or no room; 6 stopped for
    safety; 7 refused; 70 a bug in auscult; 130 interrupted. --exit-zero turns 1 and 3 into 0.

about-demo = Check Edith's simulated world as it is and as it shall be, and compare
after-demo =
    Examples:
      auscult demo
      auscult demo --dir /tmp/edith
    Nothing leaves the loopback network, and no root is needed.
about-init = Write a commented scenario to begin with
after-init =
    Examples:
      auscult init
      auscult init edith.toml --template homecare
about-plan = Show what would be done to each node and why; nothing is sent
after-plan =
    Examples:
      auscult plan scenario.toml --node cuff
      auscult plan scenario.toml --coverage ts103701
about-check = Look at what the scenario declares, keep the evidence, judge and report
after-check =
    Examples:
      auscult check scenario.toml --reporter human --reporter html:report.html
      auscult check scenario.toml --node cuff --impact touch
about-judge = Compute every verdict again from the evidence, offline
after-judge =
    Examples:
      auscult judge edith.case
      auscult judge edith.case --write --reporter json
about-verify = Prove that a case file is as it was written and that its verdicts follow from it
after-verify =
    Examples:
      auscult verify edith.case
      auscult verify edith.case && auscult report edith.case
about-report = Tell an assessment again in another format
after-report =
    Examples:
      auscult report edith.case --reporter html:report.html
      auscult report target.case --before status-quo.case --reporter html:both.html
about-diff = Compare two assessments: what was mended, what broke
after-diff =
    Examples:
      auscult diff status-quo.case target.case
      auscult diff last-year.case now.case --reporter json
about-lab = Bring a simulated world up on loopback, each weakness a fault that can be switched
after-lab =
    Examples:
      auscult lab up edith --variant target --fault broker-anonymous
      auscult lab truth edith --variant status-quo
about-lab-up = Bring a world up until Ctrl-C and write its scenario
after-lab-up =
    Examples:
      auscult lab up edith --variant status-quo --dir lab
      auscult lab up edith --variant target --fault hub-self-signed
about-lab-truth = Print which requirement must fail on which node, and because of which fault
after-lab-truth =
    Examples:
      auscult lab truth edith
      auscult lab truth edith --variant target --fault pump-telnet
about-lab-faults = List the faults of the lab
after-lab-faults =
    Examples:
      auscult lab faults
      auscult lab faults | grep broker
about-lab-devices = List the devices of the lab that dial out
after-lab-devices =
    Examples:
      auscult lab devices
      auscult lab devices | grep update
about-lab-dial = Let one device dial out until Ctrl-C, and write the bench on which its far end can be played
after-lab-dial =
    Examples:
      auscult lab dial mqtt
      auscult lab dial fhir-believes-any-name --dir bench
about-explain = Explain a requirement or a check, offline
after-explain =
    Examples:
      auscult explain TLS-02
      auscult explain mqtt-anonymous-access
about-completions = Print completions for a shell
after-completions =
    Examples:
      auscult completions bash > ~/.local/share/bash-completion/completions/auscult
      auscult completions zsh > _auscult

arg-color = When to use colours; NO_COLOR is respected
arg-dir = Folder to write to; it is made
arg-octet = Second part of the loopback addresses, so that worlds can stand side by side
arg-file = File to write; one that is there stays
arg-template = Which scenario to begin with
arg-scenario = Scenario file
arg-nodes = Only this node; can be given again
arg-impact = No rougher than this: passive, touch, safe, intrusive or disruptive
arg-declared-only = Ask no ports but those declared; what nobody declared stays unseen, and undecided
arg-device = Which device, as `auscult lab devices` lists them
arg-depth = How deep to look: verdict or inventory
arg-credentials = File with well-known accounts of your own, one `user | password` a line, tried before the built-in ones
arg-catalog = Folder with requirements to add or to put in the place of the built-in ones
arg-format = How to print it
arg-coverage = Print how far a machine decides the tests of a framework
arg-case = Folder of the case file
arg-allow-health-command = Run the programs that the scenario names as health commands, on this machine
arg-check-case = Folder for the case file; by default named after the scenario and the time
arg-report-case = Case file, or an assessment in JSON
arg-reporters = Report to write: human, json or html; without a file to standard output; can be given again
arg-fail-on = Failures milder than this do not count for the exit code: info, low, medium, high or critical
arg-exit-zero = End with 0 where something failed or is undecided
arg-no-progress = Say nothing on standard error while working
arg-write = Write the assessment into the case file
arg-before = Case file or assessment to stand beside
arg-diff-before = The earlier case file or assessment
arg-after = The later case file or assessment
arg-world = Which world
arg-variant = status-quo or target
arg-faults = Switch this fault on; can be given again
arg-without = Switch this fault off; can be given again
arg-id = A requirement such as TLS-02, or a check such as mqtt-anonymous-access
arg-shell = Which shell

mistakes = { $n ->
    [one] { $file } has one mistake; nothing was sent
   *[other] { $file } has { $n } mistakes; nothing was sent
}
not-utf8 = `{ $file }` is not UTF-8 text: byte { $byte } is wrong
no-accounts = `{ $file }`: { $detail }; write one pair a line, at most ten and three for one user
no-secret = the secret of `{ $name }` is not in `{ $from }`, or is no single line of text
no-certificates = `{ $file }` holds no certificates in PEM form; a trust anchor begins with -----BEGIN CERTIFICATE-----
no-revocation-list = `{ $file }` holds no list of revoked certificates, neither in PEM form (-----BEGIN X509 CRL-----) nor in DER
empty-catalog = `{ $dir }` holds no requirement; put files such as TLS-02.toml there
not-an-assessment = `{ $file }` is not an assessment of this version ({ $detail }); name a case file that `auscult check` wrote
health-command-refused = the scenario names a program for { $node }, to be run on this machine: `{ $command }`. If you know what it does, allow it with --allow-health-command; otherwise take a lower --impact.
unknown-node = the scenario has no node `{ $node }`; it has { $known }
unknown-id = `{ $id }` is neither a requirement nor a check; near are { $near }
two-on-stdout = only one report can go to standard output; give the others a file, such as --reporter html:report.html
wrote = wrote { $file }
case-is = evidence: { $dir } (auscult verify { $dir })
interrupted = interrupted; what was observed is in the case file
bug = this is a bug in auscult, and the evidence written so far is kept: { $detail }

began = { $node }: work begins (at most { $allowed }, pace { $pace })
swept = { $node }: { $open ->
    [one] one open port
   *[other] { $open } open ports
}
not-alive = { $node }: does not answer as before; work on it stops
authority-certificate = `{ $ca }` holds no certificate of an authority in PEM form
authority-key = `{ $key }` holds no private key in PEM form
authority-no-pair = the key in `{ $key }` is not that of the certificate in `{ $ca }`
plan-impostor = plays { $far } at { $listen }
plan-impostor-most = at most { $packets } packets, all of them answers or orders to dial, in at most { $minutes } minutes; before:
plan-update = offers updates as { $far }, at most { $packets } packets in at most { $minutes } minutes
offering = { $node }: waiting for it to fetch an update ({ $image })
offer-unsigned = without a signature
offer-foreign-key = signed with a foreign key
offer-altered = altered
offer-foreign-model = for another model
offer-older = older than what is installed
offer-genuine = genuine and newer
plan-replay = sends messages as { $far }, one of them twice, at most { $packets } packets in at most { $minutes } minutes
sending = { $node }: waiting for it to fetch { $sent }
send-first = the first message
send-second = the second message
send-nothing = nothing, to see whether it changes by itself
send-first-again = the first message again
send-third = the third message
no-images = `{ $dir }` holds no folder named genuine, unsigned, foreign-key, altered, foreign-model or older
images-too-large = the images in `{ $dir }` are larger than { $most } bytes
playing = { $node }: waiting for it to dial { $far } ({ $play })
play-proper = the proper far end
play-self-signed = a self-signed certificate
play-unknown-authority = an unknown authority
play-wrong-name = a certificate for somebody else
play-expired = an expired certificate
play-revoked = a revoked certificate, with a status that says so
play-weak-key = a key of 1024 bits
play-tls11 = TLS 1.1
play-tls10 = TLS 1.0
play-weak-suite = a broken suite
play-no-tls = no TLS
play-large-certificate = a very large certificate in small records
play-wrong-time = an expired certificate and a wrong time
play-again = the proper far end again
ended = [{ $done }/{ $of }] { $node }: alive; { $connections } connections, at most { $packets } packets
ended-stopped = [{ $done }/{ $of }] { $node }: STOPPED for its safety after { $connections } connections

judged-first = judged for the first time; --write keeps the assessment in the case file
judged-same = judged again: the same verdicts to the byte
judged-otherwise = judged again: the case file holds another assessment, from other checks or another hand; --write replaces it
torn = record { $record } was torn by a crash; its { $bytes } bytes were cut off, and nobody had been told that it was written
verified-chain = chain: { $records } records and { $artifacts ->
    [one] one artifact
   *[other] { $artifacts } artifacts
} are as they were written; last { $head }
verified-no-assessment = verdicts: none are stated; auscult judge --write states them
verified-verdicts = verdicts: computed again from the evidence, the same to the byte
verified-other-checks = verdicts: made with other checks ({ $version }, { $digest }); only the version that has them can repeat the verdicts, auscult judge gives those of this version
tail-sealed = end: records taken away from the end would have been noticed
tail-sealed-up-to = end: records taken away after the first { $assessed } would not have been noticed
tail-open = end: nothing says how many records there were; one taken away from the end would not be noticed

lab-is-up =
    Edith's world is up on 127.{ $octet }.0.0/16 with { $faults ->
        [one] one fault
       *[other] { $faults } faults
    }. Ctrl-C ends it.
    next: auscult check { $scenario }
lab-dials =
    The device { $device } dials 127.{ $octet }.0.1 again and again. Ctrl-C ends it.
    { $fails ->
        [none] None of the checks of devices that dial out must fail on it.
       *[other] These checks must fail on it: { $fails }.
    }
    next: auscult check { $scenario }
demo-status-quo = Edith's world as it is: checking …
demo-target = Edith's world as it shall be: checking …
demo-stopped = work on a simulated device was stopped because it answered too slowly or not at all, most often because this machine is busy; what was left is undecided. Run it again when the machine is quiet.
demo-verdict = { $stage }: { $verdict } — { $failed } failed, { $passed } passed, { $inconclusive } undecided
demo-next =
    As it is: { $before }
    As it shall be: { $after }
    Evidence: auscult verify { $case }
    Your own device: auscult init my-device.toml && auscult plan my-device.toml
stage-status-quo = status quo
stage-target = target
verdict-pass = PASS
verdict-fail = FAIL
verdict-inconclusive = INCONCLUSIVE
setting-homecare = homecare
setting-integrated-care = integrated care

init-wrote = wrote { $file }; fill it in, then: auscult plan { $file }
init-exists = `{ $file }` exists and stays as it is; name another file

plan-head = { $title } — { $stage }, { $setting }
plan-authorised = authorised by { $by } until { $until }
plan-not-authorised = nobody has authorised anything: only passive work is done. Add [authorisation] with by, until and impact.
plan-totals = { $touched } of { $nodes } nodes will be touched, with at most { $connections } connections and { $packets } packets in all
plan-node = { $kind }, class { $class }, { $setting }, { $address }
no-address = no address
plan-allowed = at most { $allowed }, pace { $pace }: { $because }
plan-nothing = nothing is sent to it
plan-most = at most { $connections } connections and { $packets } packets, on declared ports only; about { $expected } if its services are what they are declared to be
plan-most-every-port = at most { $connections } connections and { $packets } packets, on all TCP ports and the usual UDP ports; about { $expected } for its declared services
plan-checks = checks:
plan-health = asked after each rough step, on this machine and only with --allow-health-command: { $command }
plan-only-with = legacy equipment: failures that a gateway can mend may pass only with { $gateway }
plan-applies = Which requirements apply (+) and which do not (-), and why
plan-by-hand = What no machine tests, and what a person does instead
perimeter-missing = left open:
perimeter-limits = decided:
perimeter = The 56 tests of ETSI TS 103 701 at the network perimeter

force-mandatory = mandatory
force-recommended = recommended
force-none = not applicable
roles = concerns:
must-be-shown = What must be shown, each by itself
by-check = decided by { $checks }
by-hand = decided by a person
remedy = What to do
answers = Clauses that it answers
unverified = unverified
why = Why it matters
mend = How to mend it
limits = What it cannot see
decides = What it decides
needs = Needs impact { $impact }; a failure is { $severity }.
