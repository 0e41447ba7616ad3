title = A developer's page or a private file is open to strangers
why =
    Such pages were made to show everything: settings with passwords, addresses of other systems, requests of other
    people with what they sent.
    Some of them run commands for whoever finds them.
mend =
    Build the product without developer pages, and switch debug mode off in what you ship.
    Serve a folder that holds only what is public, so that .env, .git and the like cannot be asked for, and answer
    errors with a page that explains nothing about the code.
limits =
    Twenty usual paths and the page for a path that cannot exist are asked; what a page holds must prove it.
    An error that only a special request provokes is not seen.
open = open to anyone: { $pages }
none = none of { $asked } usual developer pages and private files is open, and errors show no code
incomplete = { $answered } of { $asked } usual paths were answered, and none of those is open
