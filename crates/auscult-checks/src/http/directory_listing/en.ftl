title = A folder is listed to strangers
why =
    A listing shows what was never meant to be found: backups, logs with the names of patients, firmware, old pages
    with known flaws.
    It turns guessing into reading.
mend =
    Switch listings off (nginx: autoindex off; Apache: Options -Indexes; Python's http.server: do not ship it).
    Move backups and logs out of the folder that the web server serves.
limits =
    A few usual folders, and those from which the front page takes its files, are asked; a listing elsewhere is not
    seen.
listed = the files of { $paths } are listed to anyone
none = none of { $asked } folders is listed
incomplete = { $answered } of { $asked } folders were answered, and none of those is listed
