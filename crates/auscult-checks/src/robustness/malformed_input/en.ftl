title = A service does not bear malformed messages
why = Whatever reaches a port can be malformed, by an accident or by an attacker. A service that dies of one message can be taken away by anybody on the network as often as they like, and with it the measurement, the alarm or the record that a patient depends on.
mend = Bound the length, depth and time of every parser that reads from the network, and answer malformed input with an error of the protocol. Fuzz each parser in the build. Let a supervisor start a service anew without taking the device along.
limits = A dozen messages of each protocol are sent, always the same ones: that they are borne shows no more than that the plainest mistakes are not there. A fuzzer on the maker's bench goes further, and memory that leaks is not seen.
