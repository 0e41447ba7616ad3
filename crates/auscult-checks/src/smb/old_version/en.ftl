title = The file server speaks SMB 1
why = The worms that stopped hospitals in 2017 came through SMB 1. It protects neither logins nor files, and its makers have given it up.
mend = Switch SMB 1 off (in Samba `server min protocol = SMB3_00`), or replace the server by one that speaks SMB 3. Better take the share out of the product and use HTTPS or SFTP.
limits = One dialect is offered, `NT LM 0.12`, and the choice of the server read; no session begins, and no fault of a product is looked for.
accepted = it accepts the dialect of SMB 1
refused = it refuses the dialect of SMB 1
hung-up = it ended the connection on the dialect of SMB 1, and answers those of SMB 2 and 3
hung-up-on-all = it ended the connection on the dialect of SMB 1, and was not seen to answer others
