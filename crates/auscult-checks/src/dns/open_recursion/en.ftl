title = The DNS server asks others on behalf of strangers
why =
    A device that answers any name for anybody is misused to flood others, and a gateway to what the names are used for: who controls its answers controls where its clients go.
mend =
    Do not offer DNS on the device; where it must, answer for its own names alone and refuse everything else.
    A resolver serves only the network that it belongs to.
limits =
    It asks for one name that cannot exist.
    A gateway may do this for its own network; whether it also does for the Internet shows only from there.
answered = It answers a stranger's question for a foreign name, and says that it asks others.
refused = It refuses a stranger's question for a foreign name.
not-available = It does not ask others for strangers.
gateway = It asks others, which a gateway may do for its own network; whether it also does for the Internet shows only from there.
unclear = It says that it asks others, and ended the question with code { $code }.
