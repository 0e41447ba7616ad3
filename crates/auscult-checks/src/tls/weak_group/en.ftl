title = The service agrees on keys in a group that is too small
why =
    The group decides how hard it is to compute the key of a connection from what an eavesdropper sees.
    Finite-field groups below 2048 bits and curves below 255 bits are within reach of well-equipped attackers, and the work done once for a common small group opens many connections.
mend =
    Allow X25519, secp256r1 and secp384r1, and finite-field groups from ffdhe2048 upwards if they are needed at all.
    Generate no parameters of your own.
    For data that must stay confidential for decades add the hybrid X25519MLKEM768.
limits =
    It sees the groups that the server chose from several offers, in the default run not each single one.
    It does not check whether a prime of the maker's own was well made.
weak = It accepts { $groups }.
weak-dh = It uses a Diffie-Hellman prime of { $bits } bits.
strong = It uses { $groups }.
strong-dh = Its Diffie-Hellman prime has { $bits } bits.
post-quantum = It uses no weak group, and accepts { $group }, which withstands a later quantum computer.
no-group = It agreed on no group at all, so there was none to judge.
