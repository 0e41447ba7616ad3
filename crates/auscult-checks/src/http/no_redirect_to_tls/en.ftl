title = A web page is served in clear and does not lead to TLS
why =
    Whoever shares the network with the patient, in the home or on the ward, can read and change a page that comes
    in clear: measurements on it, and the password typed into it.
    A person who types the address without https:// never notices.
mend =
    Answer every request on this port with status 301 or 308 and the https address of the same page, and serve
    nothing else there.
    If nobody needs the port, close it; on the TLS port send Strict-Transport-Security so that browsers come back
    by TLS on their own.
limits =
    Only the front page is judged, with redirects by status or by an HTML refresh; one made by a script is not seen.
    Where the redirect leads is not visited.
redirected = the front page sends the browser to https on { $to }
served = { $path } is served in clear with no redirect to https
asks-in-clear = { $path } asks for a login in clear, with no redirect to https
stays-clear = the front page sends the browser to { $to } by http, still in clear
no-page = { $path } was answered with status { $status }: neither a page nor a redirect to https
