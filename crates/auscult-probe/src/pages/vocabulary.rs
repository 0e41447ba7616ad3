//! The words by which pages of makers are recognised, in English and German.

/// Words of a list begin at a word's beginning; one that ends with `$` also ends with the word.
pub(super) type Words = &'static [&'static str];

pub(super) const LATER: Words = &[
    "to be announced",
    "tba$",
    "tbd$",
    "to be defined",
    "to be determined",
    "to be published",
    "coming soon",
    "under construction",
    "will be announced",
    "will be published",
    "will be defined",
    "not yet defined",
    "not yet been",
    "not yet available",
    "not yet published",
    "not yet known",
    "wird noch",
    "werden noch",
    "noch nicht fest",
    "noch nicht bekannt",
    "noch nicht verfügbar",
    "noch nicht veröffentlicht",
    "wird bekannt",
    "in kürze",
    "demnächst",
    "in vorbereitung",
    "folgt in",
    "folgt noch",
    "n. n.$",
    "placeholder",
    "lorem ipsum",
];

/// Of updates and their support.
pub(super) const UPDATES: Words = &[
    "security update",
    "security support",
    "security patch",
    "security fix",
    "security maintenance",
    "software update",
    "software support",
    "firmware update",
    "support period",
    "supported for",
    "update period",
    "updates for",
    "updates until",
    "updates through",
    "updates till",
    "patches",
    "sicherheitsupdate",
    "sicherheits-update",
    "sicherheitsaktualisierung",
    "sicherheitspatch",
    "softwareupdate",
    "software-update",
    "softwareaktualisierung",
    "firmware-update",
    "firmwareupdate",
    "unterstützungszeitraum",
    "supportzeitraum",
    "support-zeitraum",
    "updates",
    "aktualisierungen",
    "sicherheitsunterstützung",
    "produktunterstützung",
];

/// Of support that ends.
pub(super) const SUPPORT: Words = &[
    "support until",
    "supported until",
    "support ends",
    "support end",
    "support is provided until",
    "supported through",
    "support through",
    "supported till",
    "end of support",
    "end-of-support",
    "end of security",
    "end of life",
    "end-of-life",
    "eol$",
    "eos$",
    "last day of support",
    "support bis",
    "support endet",
    "supportende",
    "support-ende",
    "ende des support",
    "ende der unterstützung",
    "unterstützung bis",
    "unterstützung endet",
    "unterstützt bis",
    "unterstützt wird",
    "support$",
    "unterstützung$",
];

/// That something ends.
pub(super) const ENDS: Words = &[
    "until$",
    "till$",
    "through$",
    "thru$",
    "ends$",
    "end of",
    "end-of",
    "end$",
    "last day",
    "expires",
    "expiry",
    "eol$",
    "eos$",
    "bis$",
    "endet",
    "ende$",
    "supportende",
    "support-ende",
    "letzter tag",
    "läuft aus",
    "ablauf",
];

/// Of other things that end, and of the age of the page itself.
pub(super) const NOISE: Words = &[
    "warranty",
    "guarantee",
    "garantie",
    "gewährleistung",
    "copyright",
    "©",
    "last updated",
    "last modified",
    "last change",
    "page updated",
    "published on",
    "stand:",
    "stand vom",
    "zuletzt",
    "letzte änderung",
    "discount",
    "rabatt",
    "angebot gilt",
    "offer",
    "certificate",
    "zertifikat",
    "webinar",
    "hotline",
    "opening hours",
    "öffnungszeiten",
    "vacanc",
    "stellen",
];

/// Of what lies behind.
pub(super) const PAST: Words =
    &["ago$", "experience", "erfahrung", "have been", "has been", "founded", "gegründet", "seit", "since$"];

/// At least so long.
pub(super) const LEAST: Words = &[
    "at least",
    "a minimum of",
    "minimum",
    "no less than",
    "not less than",
    "or longer",
    "mindestens",
    "wenigstens",
    "zumindest",
    "nicht vor",
];

/// From when a length of time is counted.
pub(super) const AFTER: Words = &[
    "after the",
    "after last",
    "after its",
    "after purchase",
    "after delivery",
    "after sale",
    "after you",
    "from the date",
    "from purchase",
    "from delivery",
    "from launch",
    "from first",
    "from the",
    "following",
    "since purchase",
    "nach dem",
    "nach der",
    "nach kauf",
    "nach erwerb",
    "nach ende",
    "nach liefer",
    "nach auslief",
    "nach inverkehr",
    "nach verkauf",
    "ab kauf",
    "ab kaufdatum",
    "ab liefer",
    "ab auslief",
    "ab inverkehr",
    "ab markt",
    "ab dem",
    "ab der",
];

/// Of a length of time that is one of support.
pub(super) const PERIOD: Words = &[
    "support period",
    "security support",
    "update period",
    "supported for",
    "unterstützungszeitraum",
    "supportzeitraum",
    "support-zeitraum",
    "lifetime",
    "lebensdauer",
    "nutzungsdauer",
    "supportdauer",
    "updates for",
    "updates für",
];

pub(super) const VULNERABILITY: Words = &[
    "vulnerabilit",
    "security issue",
    "security flaw",
    "security problem",
    "security researcher",
    "disclosure",
    "schwachstelle",
    "sicherheitslücke",
    "sicherheitsproblem",
    "verwundbarkeit",
    "sicherheitsforsch",
];

pub(super) const ACKNOWLEDGE: Words = &[
    "acknowledg",
    "confirm",
    "respond",
    "response",
    "reply",
    "first answer",
    "receipt",
    "get back to you",
    "answer",
    "bestätig",
    "eingangsbestätigung",
    "antwort",
    "rückmeldung",
    "reagieren",
    "melden uns",
];

pub(super) const TELL: Words = &[
    "status",
    "progress",
    "update you",
    "updates on",
    "an update",
    "keep you informed",
    "inform you",
    "informed",
    "updates until",
    "further update",
    "regular update",
    "zwischenstand",
    "auf dem laufenden",
    "informieren",
    "stand der",
    "sachstand",
    "fortschritt",
    "bearbeitungsstand",
];

pub(super) const NOT_UPDATABLE: Words = &[
    "cannot be updated",
    "can not be updated",
    "can't be updated",
    "not updatable",
    "not updateable",
    "non-updatable",
    "not be updated",
    "no software update",
    "no firmware update",
    "no update",
    "without updates",
    "not receive update",
    "cannot receive",
    "nicht aktualisierbar",
    "nicht aktualisiert werden",
    "keine updates",
    "keine aktualisierung",
    "keine software-updates",
    "keine softwareupdates",
    "lässt sich nicht aktualisieren",
    "lassen sich nicht aktualisieren",
    "nicht updatefähig",
    "nicht update-fähig",
    "kein update",
];

pub(super) const REASON: Words = &[
    "because",
    "reason",
    "rationale",
    "since it",
    "since the",
    "due to",
    "as it has",
    "as its",
    "owing to",
    "weil",
    "grund",
    "begründ",
    "aufgrund",
    "da es",
    "da er",
    "da sie",
    "da der",
    "da die",
    "da das",
    "denn$",
];

pub(super) const REPLACE: Words =
    &["replac", "exchange", "swap", "ersatz", "ersetz", "austausch", "getauscht", "umtausch", "tauschen"];

pub(super) const HOW: Words = &[
    "send ",
    "sent ",
    "return ",
    "ship",
    "contact",
    "order",
    "free of charge",
    "at no cost",
    "call ",
    "dealer",
    "technician",
    "write to",
    "einsend",
    "schicken",
    "zurücksend",
    "kostenlos",
    "kostenfrei",
    "bestell",
    "kontakt",
    "händler",
    "kundendienst",
    "techniker",
    "service$",
    "rufen",
    "wenden sie sich",
];

pub(super) const SENSING: Words =
    &["sensor", "sensing", "senses", "microphone", "mikrofon", "camera", "kamera", "messfühler", "fühler$"];

pub(super) const NO_SENSORS: Words =
    &["no sensor", "no sensing", "without sensor", "keine sensor", "ohne sensor", "keinerlei sensor"];

/// That something is not there.
pub(super) const NONE: Words = &["no$", "not$", "without$", "neither$", "kein", "nicht$", "ohne$", "weder$"];

/// Kinds of sensor, each by the name that it gets and the words by which it is known.
pub(super) const SENSORS: [(&str, Words); 22] = [
    ("acceleration", &["acceler", "beschleunigung"]),
    ("camera", &["camera", "kamera", "image sensor", "bildsensor"]),
    ("current", &["current sensor", "stromsensor"]),
    (
        "distance",
        &[
            "proximity",
            "distance sensor",
            "ultrasonic",
            "ultraschall",
            "näherungs",
            "abstandssensor",
            "radar$",
        ],
    ),
    ("electrode", &["electrode", "elektrode", "ecg$", "ekg$", "eeg$"]),
    ("fingerprint", &["fingerprint", "fingerabdruck"]),
    ("flow", &["flow sensor", "flow rate", "durchfluss", "air-in-line", "air in line", "luftsensor"]),
    ("force", &["force sensor", "load cell", "weight sensor", "kraftsensor", "wägezelle", "gewichtssensor"]),
    ("gas", &["gas sensor", "co2$", "gassensor"]),
    ("glucose", &["glucose", "glukose", "blutzucker"]),
    ("gyroscope", &["gyro", "drehrate"]),
    ("humidity", &["humidity", "luftfeucht", "feuchtesensor", "feuchtigkeit"]),
    ("infrared", &["infrared", "infrarot"]),
    (
        "light",
        &[
            "light sensor",
            "ambient light",
            "photodiode",
            "lichtsensor",
            "helligkeit",
            "fotodiode",
            "optical sensor",
            "optischer sensor",
        ],
    ),
    ("magnetic", &["magnet", "hall sensor", "hall-sensor"]),
    ("microphone", &["microphone", "mikrofon"]),
    ("motion", &["motion sensor", "movement sensor", "bewegungssensor", "bewegungsmelder"]),
    ("oxygen", &["oxygen", "spo2$", "pulse oximet", "sauerstoff", "pulsoxi"]),
    (
        "position",
        &["gps$", "gnss$", "location sensor", "position sensor", "positionssensor", "standortsensor"],
    ),
    ("pressure", &["pressure", "drucksensor", "blutdruck", "luftdruck"]),
    ("temperature", &["temperature", "temperatur", "thermometer", "thermistor"]),
    ("touch", &["touch sensor", "touchscreen", "berührungs"]),
];

/// Whether a text holds one of some words.
pub(super) fn holds(text: &str, words: Words) -> bool {
    words.iter().any(|word| {
        let (word, whole) = match word.strip_suffix('$') {
            Some(word) => (word, true),
            None => (*word, false),
        };
        text.match_indices(word).any(|(at, _)| {
            let begins = text.get(..at).is_none_or(|b| !b.ends_with(char::is_alphanumeric));
            let ends = text.get(at + word.len()..).is_none_or(|b| !b.starts_with(char::is_alphanumeric));
            begins && (ends || !whole)
        })
    })
}
