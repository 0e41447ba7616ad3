# Reasons that every check shares.
not-asked-impact = it needs a rougher step than the scenario authorises
not-asked-no-occasion = an earlier answer left no occasion to ask
not-asked-depth = it belongs to a deeper run
interrupted-closed = the port refused the connection
interrupted-unreachable = nothing answered at the address
interrupted-silent = no answer came to a datagram, so it may be open, filtered or not there
interrupted-timed-out = it accepted and then said nothing in time
interrupted-access-refused = it ended the connection before it could be looked at
interrupted-not-understood = it answered in another protocol than was spoken to it
interrupted-not-authorised = the scenario does not authorise it
interrupted-budget-spent = the budget of the node is used up
interrupted-safety-stop = the node stopped answering, and work on it was stopped
interrupted-beyond-instrument = the instrument cannot look at this
interrupted-instrument-fault = the instrument failed
