title = Tokens are handed out in clear
why =
    Passwords, codes and tokens pass through these addresses.
    In clear, whoever listens on the way takes the token and reads the patient's record until it runs out.
mend =
    Give https addresses only in the SMART configuration, also for machines that reach the server inside the
    clinic's network, and close the http port of the authorisation server.
limits =
    The addresses are read and not visited: they may lie outside what the scenario allows.
clear = these addresses are in clear: { $endpoints }
inside-tls = all { $count } addresses are inside TLS
odd = the address { $endpoint } is neither http nor https ({ $scheme })
none = no address of an authorisation server is given
