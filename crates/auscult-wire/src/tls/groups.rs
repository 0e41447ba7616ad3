//! Key exchange groups: names, sizes and which of them belong into which offer.

/// A key exchange group of the IANA registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupInfo {
    /// Code point.
    pub code: u16,
    /// IANA name.
    pub name: &'static str,
    /// Size of the field in bits; of the classical part for a hybrid, the parameter set's number for ML-KEM alone.
    pub bits: u32,
}

impl GroupInfo {
    /// Looks a code point up.
    pub fn of(code: u16) -> Option<&'static Self> {
        GROUPS.iter().find(|g| g.code == code)
    }

    /// Whether it joins a classical group with ML-KEM (or its draft, Kyber).
    pub fn is_hybrid(&self) -> bool {
        matches!(self.code, 0x11eb..=0x11ed | 0x6399 | 0x639a)
    }
}

const fn group(code: u16, name: &'static str, bits: u32) -> GroupInfo {
    GroupInfo { code, name, bits }
}

/// Best first, weakest last, so that a server that follows the client is led to the best it has.
const GROUPS: &[GroupInfo] = &[
    group(0x11ec, "X25519MLKEM768", 255),
    group(0x11eb, "SecP256r1MLKEM768", 256),
    group(0x11ed, "SecP384r1MLKEM1024", 384),
    group(0x6399, "X25519Kyber768Draft00", 255),
    group(0x639a, "SecP256r1Kyber768Draft00", 256),
    group(29, "x25519", 255),
    group(23, "secp256r1", 256),
    group(24, "secp384r1", 384),
    group(25, "secp521r1", 521),
    group(30, "x448", 448),
    group(0x0201, "MLKEM768", 768),
    group(0x0202, "MLKEM1024", 1024),
    group(0x0200, "MLKEM512", 512),
    group(0x0100, "ffdhe2048", 2048),
    group(0x0101, "ffdhe3072", 3072),
    group(0x0102, "ffdhe4096", 4096),
    group(0x0103, "ffdhe6144", 6144),
    group(0x0104, "ffdhe8192", 8192),
    group(31, "brainpoolP256r1tls13", 256),
    group(32, "brainpoolP384r1tls13", 384),
    group(33, "brainpoolP512r1tls13", 512),
    group(41, "curveSM2", 256),
    group(26, "brainpoolP256r1", 256),
    group(27, "brainpoolP384r1", 384),
    group(28, "brainpoolP512r1", 512),
    group(22, "secp256k1", 256),
    group(14, "sect571r1", 571),
    group(13, "sect571k1", 571),
    group(12, "sect409r1", 409),
    group(11, "sect409k1", 409),
    group(10, "sect283r1", 283),
    group(9, "sect283k1", 283),
    group(34, "GC256A", 256),
    group(35, "GC256B", 256),
    group(36, "GC256C", 256),
    group(37, "GC256D", 256),
    group(38, "GC512A", 512),
    group(39, "GC512B", 512),
    group(40, "GC512C", 512),
    group(8, "sect239k1", 239),
    group(7, "sect233r1", 233),
    group(6, "sect233k1", 233),
    group(21, "secp224r1", 224),
    group(20, "secp224k1", 224),
    group(5, "sect193r2", 193),
    group(4, "sect193r1", 193),
    group(19, "secp192r1", 192),
    group(18, "secp192k1", 192),
    group(3, "sect163r2", 163),
    group(2, "sect163r1", 163),
    group(1, "sect163k1", 163),
    group(17, "secp160r2", 160),
    group(16, "secp160r1", 160),
    group(15, "secp160k1", 160),
];

/// Least size of a field that is not weak, in bits.
const STRONG: u32 = 255;

fn those(which: impl Fn(&GroupInfo) -> bool) -> Vec<u16> {
    GROUPS.iter().filter(|g| which(g)).map(|g| g.code).collect()
}

/// Groups that TLS 1.3 knows, hybrids first.
///
/// Strict servers answer `illegal_parameter` to a TLS 1.3 hello that lists others.
pub fn tls13_groups() -> Vec<u16> {
    those(|g| matches!(g.code, 23..=25 | 29..=33 | 0x0100..=0x0104 | 0x0200..=0x0202) || g.is_hybrid())
}

/// Hybrids with ML-KEM.
pub fn hybrid_groups() -> Vec<u16> {
    those(GroupInfo::is_hybrid)
}

/// Elliptic curves for TLS 1.2 and older, weak ones last.
///
/// Finite-field groups are left out: a server that sees them must choose among them (RFC 7919) and would not
/// show the prime that it gives to others.
pub fn groups() -> Vec<u16> {
    those(|g| g.code <= 30)
}

/// Elliptic curves below 255 bits.
pub fn weak_groups() -> Vec<u16> {
    those(|g| g.bits < STRONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_once() {
        let mut codes = those(|_| true);
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), GROUPS.len());
    }

    #[test]
    fn offers_hold_what_they_say() {
        assert_eq!(tls13_groups().first(), Some(&0x11ec));
        assert!(!tls13_groups().contains(&21), "secp224r1 is no group of TLS 1.3");
        assert!(!tls13_groups().contains(&26), "brainpoolP256r1 has another code in TLS 1.3");
        assert!(weak_groups().contains(&19) && weak_groups().contains(&1) && !weak_groups().contains(&29));
        assert!(groups().contains(&21) && !groups().contains(&0x100));
        assert_eq!(hybrid_groups().len(), 5);
    }
}
