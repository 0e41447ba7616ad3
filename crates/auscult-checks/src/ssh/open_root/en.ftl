title = The SSH server lets root in without asking
why = Anybody on the network then owns the device, and with it what it measures and delivers and whatever it can reach.
mend = Give every account a proof of who it is, best a key, and lock accounts without a password. Look for a server that was built for development and left in the product.
limits = One account is tried, `root`, with the method that shows nothing. That the proof which is asked for is a good one is not shown.
open = root is let in without any proof
wants = it asks root for { $methods }
refused = it refuses root
