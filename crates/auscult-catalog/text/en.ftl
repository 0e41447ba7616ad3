# Mistakes in catalog files. Each is shown behind the file, the line and the column.
syntax = this is not TOML: { $detail }
unknown-key = the key `{ $key }` is not known here
missing-key = the key `{ $key }` is missing
wrong-kind = `{ $key }` is of the kind { $found }; { $wanted } is wanted
empty-text = `{ $key }` is empty
empty-list = the list `{ $key }` is empty
unknown-word = `{ $word }` is not a word for `{ $key }`
said-twice = `{ $word }` is said twice
requirement-id = the id `{ $id }` is not two to four capital letters, a hyphen and two digits
area-differs = the area `{ $area }` is not the first part of the id `{ $id }`
four-letters = `{ $said }` is not four letters of `M`, `R` and `-`, one for each class from I to IV
word-form = `{ $word }` is not a word of lower-case letters and digits with single hyphens, at most 64 characters long
no-aspect = a requirement needs at least one entry in `aspects`
hand-without-step = an aspect that a person decides needs a `step` that says what to do
unknown-framework = no file under `frameworks/` describes the framework `{ $name }`
unknown-requirement = the catalog has no requirement `{ $name }`
id-twice = the id `{ $id }` is also given by `{ $other }`
file-too-long = the file has { $bytes } bytes; the most is { $most }
too-many-files = there are more than { $most } catalog files; this one and those behind it are not read
more-mistakes = there are more mistakes than the { $shown } shown

# What was probably meant.
hint-nearest = did you mean `{ $name }`?
hint-one-of = the words are { $words }
