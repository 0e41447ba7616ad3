title = The client does not come back to the true server
why = A device that gives up, hangs or restarts for ever after one bad handshake can be switched off by anybody in the same network. Its patient is then no longer watched, and nobody is told.
mend = Try again after every failed connection, with a growing pause that has an upper bound. Bound what a handshake may take in time and memory. Test the client with broken, slow and oversized answers.
limits = It waits at least as long as the scenario says, and three times as long as the device ever took to dial; a device with longer pauses stays undecided. Whether it lost measurements meanwhile is not seen.
stayed-away = after the false far ends it did not dial { $far } again within { $seconds } seconds, though it had come within { $longest } before
goes-no-more = after the false far ends it dialled { $far } and did not go on with the proper one as before
came-back = after the false far ends it came back to the proper { $far } and went on as before
too-short = it did not dial { $far } again in { $seconds } seconds, which is too short a time to say that it never will
