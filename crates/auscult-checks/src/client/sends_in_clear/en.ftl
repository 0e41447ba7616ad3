title = The client sends in clear where TLS is declared
why = Who is on the way only has to refuse the handshake, and the client helps itself by sending without protection. Readings and logins can then be read by everybody in the same network.
mend = Take the way back to clear text out of the client. Where TLS cannot be had, keep the measurements and try again later.
limits = It sees what comes to the port that is played. A client that goes to another port in clear, such as 1883 or 80, is not seen.
at-once = it spoke to { $far } in clear from the beginning, which is declared to speak TLS
fell-back = when { $far } refused the handshake, it came again and spoke in clear
refused = it spoke to { $far } inside TLS only, also when the handshake was refused
