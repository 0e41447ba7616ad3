title = The file server does not demand signed messages
why = Somebody on the path can then change files while they are fetched or stored, and pass a login on to this server that was meant for another one.
mend = Demand signing (in Samba `server signing = mandatory`), better encryption (`server smb encrypt = required`).
limits = What is read is what the server demands of everybody in SMB 2 and 3; SMB 1 has a setting of its own, and a single share can demand more.
required = it demands signed messages (SMB { $dialect })
optional = it takes messages that are not signed (SMB { $dialect })
refused = it refused every dialect of SMB 2 and 3 that was offered
