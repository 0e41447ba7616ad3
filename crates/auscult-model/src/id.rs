//! Names that point at things: one type each, so that a check cannot stand where a requirement is meant.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Cow<'static, str>);

        impl $name {
            /// Names it in a constant.
            pub const fn new(id: &'static str) -> Self {
                Self(Cow::Borrowed(id))
            }

            /// The name as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(Cow::Owned(id))
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(Cow::Owned(id.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id! {
    /// A requirement of the catalog, such as `TLS-02`.
    RequirementId
}
id! {
    /// One of the separate things that must be shown before a requirement passes, such as `obsolete-versions`.
    AspectId
}
id! {
    /// A check, named by the fault it looks for, such as `tls-obsolete-version`.
    CheckId
}
id! {
    /// A node of the scenario, such as `cuff`.
    NodeId
}
id! {
    /// A service of a node, such as `broker`; an undeclared one is named by transport and port, such as `tcp-1883`.
    ServiceName
}
id! {
    /// A finding; the same fault on the same target has the same id in every run.
    FindingId
}
