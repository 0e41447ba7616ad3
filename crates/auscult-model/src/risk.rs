//! What a scenario says about risk: classes, settings, kinds of node, impact and pace.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that a scenario uses for it.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words! {
    /// How much harm a failure of the product can do; the classes are auscult's own, not the MDR's.
    RiskClass {
        /// Lowest; by default MDR class I.
        I = "I",
        /// By default MDR class IIa.
        II = "II",
        /// By default MDR class IIb.
        III = "III",
        /// Highest; by default MDR class III.
        IV = "IV",
    }
}

words! {
    /// Where the product is used.
    Setting {
        /// At home: unprotected, no IT skills.
        Homecare = "homecare",
        /// In a clinic or practice: controlled, with IT skills.
        IntegratedCare = "integrated-care",
    }
}

words! {
    /// Which of the two pictures the scenario draws.
    Stage {
        /// As it is today.
        StatusQuo = "status-quo",
        /// As it shall become.
        Target = "target",
    }
}

words! {
    /// The role a node plays.
    NodeKind {
        /// A medical device or accessory.
        Device = "device",
        /// What stands between devices and the network beyond.
        Gateway = "gateway",
        /// A network that flows cross.
        Network = "network",
        /// A service in a data centre, a practice or a cloud.
        Cloud = "cloud",
        /// The people and procedures behind the others.
        Process = "process",
    }
}

words! {
    /// How strongly a requirement binds at a class and setting.
    Force {
        /// Should hold.
        Recommended = "recommended",
        /// Must hold.
        Mandatory = "mandatory",
    }
}

words! {
    /// What a flow carries.
    DataClass {
        /// Who the patient is.
        Identity = "identity",
        /// Measurements of the patient.
        Vitals = "vitals",
        /// Settings and commands that act on the patient.
        Therapy = "therapy",
        /// Images of the patient.
        Images = "images",
        /// Passwords, tokens, keys.
        Credentials = "credentials",
        /// Software for a device.
        Firmware = "firmware",
        /// Figures about the device itself.
        Telemetry = "telemetry",
    }
}

impl DataClass {
    /// Whether reading or changing it in clear text harms a patient or opens a door: everything but telemetry.
    pub const fn is_sensitive(self) -> bool {
        !matches!(self, Self::Telemetry)
    }
}

words! {
    /// How strongly a step touches what is under test; ordered from gentle to rough.
    Impact {
        /// No packet: documents, SBOMs, captures.
        Passive = "passive",
        /// One connect or handshake for each declared port.
        Touch = "touch",
        /// Well-formed requests, discovery of undeclared ports.
        Safe = "safe",
        /// A few logins, every suite by name, writes to names of our own.
        Intrusive = "intrusive",
        /// Malformed input and load.
        Disruptive = "disruptive",
    }
}

words! {
    /// How fast the bench may work on one node.
    Pace {
        /// In use, unknown or class III and IV: one connection at a time, two a second, ten packets a second.
        Ward = "ward",
        /// A device in a laboratory: four connections at a time, ten a second, fifty packets a second.
        Bench = "bench",
        /// A test bed where nothing depends on the node: as fast as it answers, sixteen connections at a time.
        Laboratory = "laboratory",
    }
}

words! {
    /// The transport below a service.
    Transport {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
    }
}
