title = A way to log in or to manage the device is not declared
why =
    What nobody declared nobody looks after: the account for the assembly line, the old set-up page, the door of the
    service firm keep their passwords when all others are changed, and open the device to whoever finds them.
mend =
    Remove the page from the release, or declare it with its mechanism (`logins` in the scenario and in the
    accompanying documents) and protect it like the others.
    Let a test in the build compare what is served with what is declared.
limits =
    The declared paths, the front page and usual places are read, and what links, frames, scripts and lists of pages
    lead to within the service, 96 paths at most; nothing is sent but GET, and links that look as if they did
    something are left alone.
    What stands behind a login is not read.
    A page to which nothing leads and that stands at no usual place is not found, nor is one whose address a script
    puts together.
found = nobody declares { $logins }
managed = nobody declares that the device is managed at { $paths }, and no login is asked for there
unnamed = a login is demanded where none is declared, and nothing says which one: { $paths }
elsewhere = pages send those who log in to { $hosts }, which was not looked at
all = { $asked } paths were read, and { $found ->
    [one] the one way to log in that they show is declared
   *[other] all { $found } ways to log in that they show are declared
    }
none = { $asked } paths were read, and as declared none of them asks for a login
