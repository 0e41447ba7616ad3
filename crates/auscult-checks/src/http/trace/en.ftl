title = TRACE sends requests back
why =
    TRACE repeats a request as the server received it, with cookies and with headers that a gateway in front of it
    has added.
    A script in a page, or a curious neighbour, can read in the answer what it should never see.
mend =
    Refuse TRACE with status 405 (Apache: TraceEnable off), and allow only the methods that the product uses.
limits =
    Only the front page is asked; a proxy behind the server may answer TRACE on other paths.
reflected = TRACE sent our own header back
not-reflected = TRACE was answered with status { $status } and did not send our header back
in-trouble = TRACE was answered with status { $status }, a trouble of the server
