//! Cipher suites: what their names say of them, and which belong into which offer.

use super::names::NAMES;
use super::version;

/// A cipher suite from SSL 3 to TLS 1.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuiteInfo {
    /// Code point.
    pub code: u16,
    /// IANA name.
    pub name: &'static str,
}

/// How the key is agreed, as far as it decides what a ServerKeyExchange message holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// Named by an extension, TLS 1.3.
    Extension,
    /// Ephemeral elliptic curve, signed or anonymous.
    Ec,
    /// Ephemeral finite field, signed or anonymous.
    FiniteField,
    /// Ephemeral elliptic curve after the hint for a shared key.
    EcWithHint,
    /// Ephemeral finite field after the hint for a shared key.
    FiniteFieldWithHint,
    /// A short RSA key of the export era.
    ExportRsa,
    /// Anything else: static, by password, by ticket.
    Other,
}

impl SuiteInfo {
    /// Whether it gives next to no protection: anonymous, NULL, export, RC4, RC2, DES, 3DES, MD5.
    pub fn is_broken(&self) -> bool {
        let (exchange, cipher) = self.halves();
        let integrity_only = self.is_tls13() && matches!(self.code, 0xc0b4 | 0xc0b5);
        exchange.ends_with("_anon")
            || exchange.contains("EXPORT")
            || exchange.contains("_anon_")
            || ["NULL", "RC4", "RC2", "DES", "3DES"].iter().any(|word| cipher.starts_with(word))
            || cipher.ends_with("_MD5")
            || integrity_only
    }

    /// Whether it is not broken, but lacks forward secrecy or authenticated encryption.
    pub fn is_dated(&self) -> bool {
        !self.is_broken() && (!self.has_forward_secrecy() || !self.is_aead())
    }

    /// Whether the loss of a long-term key leaves old conversations closed.
    pub fn has_forward_secrecy(&self) -> bool {
        let (exchange, _) = self.halves();
        self.is_tls13()
            || ["DHE_", "ECDHE_", "DH_anon", "ECDH_anon", "PSK_DHE", "ECCPWD"]
                .iter()
                .any(|word| exchange.starts_with(word))
    }

    /// Whether the client encrypts the secret with the RSA key of the certificate.
    pub fn is_static_rsa(&self) -> bool {
        self.halves().0 == "RSA"
    }

    /// Whether encryption and authentication are one.
    pub fn is_aead(&self) -> bool {
        ["GCM", "CCM", "POLY1305", "AEGIS", "MGM"].iter().any(|word| self.name.contains(word))
    }

    /// Whether it belongs to TLS 1.3, where a suite says nothing of the key exchange.
    pub fn is_tls13(&self) -> bool {
        !self.name.contains("_WITH_")
    }

    /// Whether it was defined for a version of the protocol.
    pub fn fits(&self, version: u16) -> bool {
        if self.is_tls13() || version >= version::TLS13 {
            return self.is_tls13() && version >= version::TLS13;
        }
        let needs_tls12 =
            self.is_aead() || ["_SHA256", "_SHA384", "OMAC"].iter().any(|w| self.name.ends_with(w));
        !needs_tls12 || version >= version::TLS12
    }

    /// How the key is agreed.
    pub fn exchange(&self) -> Exchange {
        if self.is_tls13() {
            return Exchange::Extension;
        }
        let (exchange, _) = self.halves();
        match exchange {
            "ECDHE_PSK" => Exchange::EcWithHint,
            "DHE_PSK" | "PSK_DHE" => Exchange::FiniteFieldWithHint,
            e if e.starts_with("ECDHE_") || e.starts_with("ECDH_anon") => Exchange::Ec,
            e if e.starts_with("DHE_") || e.starts_with("DH_anon") => Exchange::FiniteField,
            e if e.starts_with("RSA_EXPORT") => Exchange::ExportRsa,
            _ => Exchange::Other,
        }
    }

    /// Key exchange and cipher, the parts before and after `_WITH_`.
    fn halves(&self) -> (&'static str, &'static str) {
        let name =
            self.name.strip_prefix("TLS_").or_else(|| self.name.strip_prefix("SSL_")).unwrap_or(self.name);
        name.split_once("_WITH_").unwrap_or(("", name))
    }

    /// Place in an offer: the better, the earlier.
    fn rank(&self) -> u8 {
        match (self.is_broken(), self.has_forward_secrecy(), self.is_aead()) {
            (false, true, true) => 0,
            (false, true, false) => 1,
            (false, false, true) => 2,
            (false, false, false) => 3,
            (true, ..) => 4,
        }
    }
}

/// Looks a code point up.
pub fn suite(code: u16) -> Option<SuiteInfo> {
    let at = NAMES.binary_search_by_key(&code, |(known, _)| *known).ok()?;
    NAMES.get(at).map(|(code, name)| SuiteInfo { code: *code, name })
}

/// Every suite that was defined for a version and satisfies a condition, the better and more usual ones first.
pub fn offer(version: u16, which: impl Fn(&SuiteInfo) -> bool) -> Vec<u16> {
    let mut all: Vec<SuiteInfo> = NAMES
        .iter()
        .map(|(code, name)| SuiteInfo { code: *code, name })
        .filter(|s| s.fits(version) && which(s))
        .collect();
    let place = |code: u16| USUAL.iter().position(|usual| *usual == code).unwrap_or(USUAL.len());
    all.sort_by_cached_key(|s| (s.rank(), place(s.code)));
    all.into_iter().map(|s| s.code).collect()
}

/// Suites that servers in the field really have, the better ones first: few enough for a short hello.
const USUAL: &[u16] = &[
    0x1301, 0x1302, 0x1303, 0x1304, 0x1305, // TLS 1.3
    0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0x009e, 0x009f, 0xccaa, 0xc0ac,
    0xc09e, // forward secrecy, AEAD
    0xc023, 0xc027, 0xc009, 0xc013, 0xc00a, 0xc014, 0x0067, 0x006b, 0x0033, 0x0039, 0x0045, 0x0032,
    0x0038, // forward secrecy, CBC
    0x009c, 0x009d, 0xc09c, 0x003c, 0x003d, 0x002f, 0x0035, 0x0041, 0x0084, // static RSA
    0x000a, 0xc012, 0x0016, 0x0005, 0x0004, 0xc011, 0x0009, 0x0015, 0x0008, 0x0003, 0x0001,
    0x0002, // broken
];

/// The usual suites that were defined for a version or, for TLS 1.3 together with older ones, all of them.
pub fn usual_offer(version: u16, with_older: bool) -> Vec<u16> {
    let fits =
        |code: u16| suite(code).is_some_and(|s| s.fits(version) || (with_older && s.fits(version::TLS12)));
    USUAL.iter().copied().filter(|code| fits(*code)).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests say what must be there")]

    use super::*;

    fn named(name: &str) -> SuiteInfo {
        let found = NAMES.iter().find(|(_, n)| *n == name).unwrap();
        suite(found.0).unwrap()
    }

    #[test]
    fn table_is_sorted_and_unique() {
        assert!(NAMES.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(suite(0x1301).unwrap().name, "TLS_AES_128_GCM_SHA256");
        assert_eq!(suite(0x5600), None, "signalling values are no suites");
        assert_eq!(suite(0x00ff), None);
    }

    #[test]
    fn names_are_read() {
        for broken in [
            "TLS_RSA_WITH_RC4_128_SHA",
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_RSA_WITH_NULL_SHA256",
            "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
            "TLS_DH_anon_WITH_AES_256_GCM_SHA384",
            "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5",
            "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA",
            "TLS_KRB5_WITH_IDEA_CBC_MD5",
            "TLS_DHE_RSA_WITH_DES_CBC_SHA",
            "TLS_SHA256_SHA256",
            "SSL_RSA_FIPS_WITH_3DES_EDE_CBC_SHA",
        ] {
            assert!(named(broken).is_broken(), "{broken}");
            assert!(!named(broken).is_dated(), "{broken}");
        }
        for dated in [
            "TLS_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_IDEA_CBC_SHA",
            "TLS_PSK_WITH_AES_128_GCM_SHA256",
        ] {
            assert!(named(dated).is_dated(), "{dated}");
        }
        for good in [
            "TLS_AES_128_CCM_8_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_PSK_DHE_WITH_AES_128_CCM_8",
        ] {
            assert!(!named(good).is_dated() && !named(good).is_broken(), "{good}");
        }
    }

    #[test]
    fn exchanges_are_told_apart() {
        assert_eq!(named("TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256").exchange(), Exchange::EcWithHint);
        assert_eq!(named("TLS_DHE_PSK_WITH_AES_128_CCM").exchange(), Exchange::FiniteFieldWithHint);
        assert_eq!(named("TLS_DH_anon_WITH_RC4_128_MD5").exchange(), Exchange::FiniteField);
        assert_eq!(named("TLS_ECDH_anon_WITH_RC4_128_SHA").exchange(), Exchange::Ec);
        assert_eq!(named("TLS_RSA_EXPORT_WITH_RC4_40_MD5").exchange(), Exchange::ExportRsa);
        assert_eq!(named("TLS_ECDH_RSA_WITH_AES_128_CBC_SHA").exchange(), Exchange::Other);
    }

    #[test]
    fn offers_are_disjoint_and_ordered() {
        let all = offer(version::TLS12, |_| true);
        let broken = offer(version::TLS12, SuiteInfo::is_broken);
        let dated = offer(version::TLS12, SuiteInfo::is_dated);
        assert!(broken.iter().all(|code| !dated.contains(code) && all.contains(code)));
        assert_eq!(suite(all[0]).unwrap().name, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assert!(suite(*all.last().unwrap()).unwrap().is_broken());
        assert!(!all.contains(&0x1301) && !offer(version::TLS10, |_| true).contains(&0xc02f));
        assert_eq!(offer(version::TLS13, |_| true).first(), Some(&0x1301));
        assert!(usual_offer(version::TLS13, true).contains(&0xc02f));
        assert!(USUAL.iter().all(|code| suite(*code).is_some()));
    }
}
