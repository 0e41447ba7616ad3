# Why a node has its class.
class-declared = the scenario declares class { $class }
class-behind = class { $class }, the highest behind it: { $node }
class-flow = class { $class }, because data of { $node } arrives here
class-crossing = class { $class }, because data of { $node } crosses it
class-highest = class { $class }, the highest of all nodes: { $node }
class-unknown = no class is declared and none can be inferred, so class { $class } is assumed

# Why a requirement applies, or does not.
applies-always = { $force } for class { $class }, { $setting }
applies-protocol = { $force } for class { $class }, { $setting }: it speaks { $what }
applies-network = { $force } for class { $class }, { $setting }: its data crosses { $what }
applies-legacy = { $force } for class { $class }, { $setting }: it is legacy equipment
applies-legacy-behind = { $force } for class { $class }, { $setting }: legacy equipment stands behind it
applies-trait = { $force } for class { $class }, { $setting }: it has { $what }
applies-trait-assumed = { $force } for class { $class }, { $setting }: the scenario does not deny that it has { $what }
not-role = it is not meant for a { $kind }
not-binding = it does not bind class { $class }, { $setting }
not-protocol = no service is declared or recognised to speak { $what }
not-network = none of its flows crosses { $what }
not-trait = the scenario states that it is without { $what }
not-legacy = it is no legacy equipment and none stands behind it

# Why a node is touched no more than it is.
permit-authorised = the scenario authorises up to { $allowed }
permit-no-authorisation = the scenario authorises nothing, so no packet is sent
permit-expired = the authorisation has run out, so no packet is sent
permit-in-use = it is in use on a patient, so nothing rougher than { $allowed } is done
permit-asked = no more than { $allowed } was asked for
permit-no-address = the scenario gives no address at which it may be touched
permit-left-out = it was not part of this run

# What a person does before a far end is played.
impostor-told = set the address of { $far } on { $node } to { $listen } and let it trust the authority in { $ca }, on a bench
impostor-dns = let { $node } take { $dns } as its DNS server and trust the authority in { $ca }, on a bench; the names of { $far } then lead to { $listen }
impostor-inline = let the address of { $far } lead to { $listen } on this machine, which stands in line before { $node }, and let { $node } trust the authority in { $ca }, on a bench

# Why something is undecided.
by-hand = a person has to look at this
no-check = no check of this release decides this
udp-needs-safe = over UDP the least that can be said is a request, which needs safe
udp = the service is on UDP, where this check sees nothing yet
no-impostor = no far end is declared to be played towards it, so what it does towards an impostor was not seen
no-replay = no messages are declared to be sent to it twice, so what it does with a repeated one was not seen
no-update = no update is declared to be offered to it, so what it does with a false one was not seen
no-page = the scenario does not say on which page this is published
flow-without-end = a flow ends here without saying at which service
needs-more = it needs { $needed }, and the scenario authorises up to { $allowed }
not-observed = the run ended before it was looked at
unreadable = the recorded facts are of another version than the check
check-fault = the check failed on these facts; please report it
unswept = no service that it concerns was found, but not everything that is open is known
nothing-there = everything was looked at and there is nothing that it could be tried on
stopped-slow = it answered much slower than at first (up to { $slowest } ms), and work on it was stopped
stopped = { $missed ->
    [one] it missed one question whether it is alive, and work on it was stopped
   *[other] it missed { $missed } questions whether it is alive, and work on it was stopped
}

# Why a ruling is a pass.
passed = { $checks ->
    [one] one check
   *[other] { $checks } checks
} passed on { $targets ->
    [one] one target
   *[other] { $targets } targets
}
only-with = it passes only together with { $gateway }, which was shown to wrap it; by itself it fails in { $failed ->
    [one] one trial
   *[other] { $failed } trials
}

# What to do next.
next-by-hand = test it by hand as the catalog describes
next-no-check = test it by hand and keep what was seen with the case file
next-silent = see that the service runs and that no filter is in between, then `auscult check` again; else test it by hand with a client of its protocol
next-udp = test the service by hand with a client of its protocol
next-no-impostor = declare an [[…impostor]] for each flow that it opens, on a bench, and run `auscult check` again; or put an interception proxy in between by hand
next-no-replay = declare [….replay] with three messages that the device takes, on a bench, and run `auscult check` again; or send one twice by hand as the catalog describes
next-no-update = declare [….update] with images of the maker, on a bench, and run `auscult check` again; or offer them by hand as the catalog describes
next-no-page = declare a [[….page]] with the web service and the path of the page, and run `auscult check` again; or read it by hand as the catalog describes
next-flow-without-end = write the service at the end of the flow (`to = "node/service"`) and run `auscult check` again
next-check-again = run `auscult check` again and let it finish
next-authorise-more = set `impact = "{ $needed }"` under [authorisation] and run `auscult check` again
next-authorise = add [authorisation] with `by`, `until` and `impact = "{ $needed }"` to the scenario and run `auscult check` again
next-renew = let the authorisation be renewed, set `until`, and run `auscult check` again
next-in-use = when it is no longer on a patient, take out `in_use` and run `auscult check` again
next-asked = run `auscult check` again with `--impact { $needed }`
next-address = give the node an `address` and run `auscult check` again, or test it by hand
next-left-out = run `auscult check` again with this node
next-closed = start the service, or take it out of the scenario if it is gone, and run `auscult check` again
next-unreachable = connect and switch on the node, check its address and what filters in between, and run `auscult check` again
next-refused = see whether the service is busy or limits its clients, and run `auscult check` again
next-not-understood = correct `protocol` and `tls` of the service in the scenario and run `auscult check` again
next-budget = run `auscult check` again for this node alone, or authorise a faster `pace`
next-safety-stop = restart the node, find out why it stopped answering, and run `auscult check` again at the pace `ward`
next-beyond-instrument = test it by hand with a client that speaks what the node speaks
next-instrument-fault = report the fault with the version of auscult, and run `auscult check` again
next-undecided = see what the check needs with `auscult explain` and run `auscult check` again
next-deeper = run `auscult check` again with `--depth inventory`
next-unreadable = run `auscult check` again with this version
next-unswept = authorise `impact = "safe"` and `pace = "bench"` so that every port is asked, name the protocol of services that were not recognised, and run `auscult check` again
next-nothing-there = state in the scenario what the requirement concerns, or deny it with `without`
