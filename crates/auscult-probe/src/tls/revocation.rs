//! Whether certificates of a chain are revoked: by a stapled status, and by lists of the scenario.
//!
//! Nobody is asked: an authority's responder stands at an address that no scenario names.

use std::collections::BTreeMap;

use auscult_facts::Answer;
use auscult_facts::tls::{Listing, Revocation, Staple, StapleSays, StapleSigned};
use auscult_wire::ocsp::{self, Basic, Moment, Response, Single, Status};
use aws_lc_rs::digest::{self, digest};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;
use x509_parser::x509::{ReasonCode, X509Name};

use super::chain::timestamp;
use super::path::{Signed, signed_by, verified};

/// Most certificates of a chain that are looked up in lists.
const MOST_CERTIFICATES: usize = 10;

/// SHA-1 and SHA-256 as object identifiers, content only.
const SHA1: &[u8] = &[0x2b, 0x0e, 3, 2, 0x1a];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1];

/// The extension that promises a stapled status (RFC 7633), 1.3.6.1.5.5.7.1.24, content only.
const TLS_FEATURE: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 0x18];

/// What the scenario gives to look certificates up with.
#[derive(Clone, Copy, Debug)]
pub struct Authorities<'a> {
    /// Certificates of the authorities to trust, DER.
    pub anchors: &'a [Vec<u8>],
    /// Lists of revoked certificates, DER.
    pub lists: &'a [Vec<u8>],
    /// The time at which a responder must be one.
    pub at: Timestamp,
}

/// Whether bytes are a list of revoked certificates.
pub fn is_list(der: &[u8]) -> bool {
    CertificateRevocationList::from_der(der).is_ok()
}

/// What is known of a chain, the server's own certificate first; `None` where that cannot be read.
pub fn look(
    chain: &[Vec<u8>],
    staple: &Answer<Option<Vec<u8>>>,
    authorities: Authorities<'_>,
) -> Option<Revocation> {
    let sent: Vec<Option<X509Certificate<'_>>> =
        chain.iter().take(MOST_CERTIFICATES).map(|der| read(der)).collect();
    let own = sent.first()?.as_ref()?;
    let trusted: Vec<X509Certificate<'_>> = authorities.anchors.iter().filter_map(|der| read(der)).collect();
    let known: Vec<&X509Certificate<'_>> = sent.iter().flatten().chain(&trusted).collect();
    let issuer = issuer_of(own, &known);
    Some(Revocation {
        must_staple: must_staple(own),
        staple: match staple {
            Answer::Seen(staple) => {
                Answer::Seen(staple.as_deref().map(|staple| stapled(staple, own, issuer, authorities.at)))
            }
            Answer::NotAsked(why) => Answer::NotAsked(*why),
            Answer::Interrupted(why) => Answer::Interrupted(*why),
        },
        lists: listed(&sent, &known, authorities.lists),
        issuer_known: issuer.is_some(),
    })
}

fn read(der: &[u8]) -> Option<X509Certificate<'_>> {
    X509Certificate::from_der(der).ok().map(|(_, certificate)| certificate)
}

/// The certificate with whose key another one is signed.
fn issuer_of<'c, 'a>(
    certificate: &X509Certificate<'_>,
    known: &[&'c X509Certificate<'a>],
) -> Option<&'c X509Certificate<'a>> {
    known
        .iter()
        .copied()
        .filter(|other| same(other.subject(), certificate.issuer()))
        .find(|other| signed_by(certificate, other.public_key().raw) == Signed::Yes)
}

fn same(one: &X509Name<'_>, other: &X509Name<'_>) -> bool {
    one.as_raw() == other.as_raw()
}

/// Whether a certificate names the extension `status_request` (5) among the features that it demands.
fn must_staple(certificate: &X509Certificate<'_>) -> bool {
    let features = certificate.extensions().iter().find(|e| e.oid.as_bytes() == TLS_FEATURE);
    features.is_some_and(|feature| feature.value.windows(3).any(|integer| integer == [2, 1, 5]))
}

/// What the newest list of its issuer says of each certificate for which there is one.
fn listed(
    sent: &[Option<X509Certificate<'_>>],
    known: &[&X509Certificate<'_>],
    lists: &[Vec<u8>],
) -> Vec<Listing> {
    let lists: Vec<CertificateRevocationList<'_>> = lists
        .iter()
        .filter_map(|der| CertificateRevocationList::from_der(der).ok())
        .map(|(_, l)| l)
        .collect();
    let mut all: BTreeMap<u32, Listing> = BTreeMap::new();
    for (certificate, at) in sent.iter().zip(0u32..) {
        let Some(certificate) = certificate else { continue };
        // Nobody but itself could revoke it.
        if same(certificate.subject(), certificate.issuer()) {
            continue;
        }
        let Some(issuer) = issuer_of(certificate, known) else { continue };
        for list in lists.iter().filter(|list| speaks_for(list, issuer)) {
            let entry = list
                .iter_revoked_certificates()
                .find(|entry| entry.serial() == &certificate.tbs_certificate.serial);
            let reason = entry.and_then(|entry| entry.reason_code()).map(|(_, reason)| reason);
            let listing = Listing {
                certificate: at,
                revoked: entry.is_some(),
                on_hold: reason == Some(ReasonCode::CertificateHold),
                this_update: timestamp(list.last_update().timestamp()),
                next_update: list.next_update().map(|next| timestamp(next.timestamp())),
            };
            match all.get(&at) {
                Some(other) if other.this_update >= listing.this_update => {}
                _ => _ = all.insert(at, listing),
            }
        }
    }
    all.into_values().collect()
}

/// Whether a list is one of all certificates of an issuer, and signed by it.
fn speaks_for(list: &CertificateRevocationList<'_>, issuer: &X509Certificate<'_>) -> bool {
    // A critical extension makes it a list of some certificates only, or of the changes since another one
    // (RFC 5280, sections 5.2.4 and 5.2.5).
    let whole = list.extensions().iter().all(|extension| !extension.critical);
    let may_sign = match issuer.key_usage() {
        Ok(Some(usage)) => usage.value.crl_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    let algorithm = list.signature_algorithm.algorithm.as_bytes();
    let signature = &list.signature_value.data;
    whole
        && may_sign
        && same(list.issuer(), issuer.subject())
        && verified(algorithm, list.tbs_cert_list.as_ref(), signature, issuer.public_key().raw) == Signed::Yes
}

/// What a stapled status says of a certificate.
fn stapled(
    staple: &[u8],
    own: &X509Certificate<'_>,
    issuer: Option<&X509Certificate<'_>>,
    at: Timestamp,
) -> Staple {
    let nothing =
        |says| Staple { says, signed: StapleSigned::Unverified, this_update: None, next_update: None };
    let basic = match ocsp::read(staple) {
        None | Some(Response::OtherType) => return nothing(StapleSays::Unreadable),
        Some(Response::Refused(_)) => return nothing(StapleSays::Refused),
        Some(Response::Basic(basic)) => basic,
    };
    let signed = signer(&basic, issuer, at);
    let Some(single) = basic.single.iter().find(|single| concerns(single, own, issuer)) else {
        // With a hash that is not at hand it may be of this certificate all the same.
        let told = basic.single.iter().all(|single| matches!(single.hash, SHA1 | SHA256));
        let signed = if told { signed } else { StapleSigned::Unverified };
        return Staple { signed, ..nothing(StapleSays::OtherCertificate) };
    };
    let (Some(this_update), next_update) = (moment(single.this_update), single.next_update.map(moment))
    else {
        return nothing(StapleSays::Unreadable);
    };
    if next_update == Some(None) {
        return nothing(StapleSays::Unreadable);
    }
    Staple {
        says: match single.status {
            Status::Good => StapleSays::Good,
            Status::Revoked(_) => StapleSays::Revoked,
            Status::Unknown => StapleSays::Unknown,
        },
        signed,
        this_update: Some(this_update),
        next_update: next_update.flatten(),
    }
}

/// Whether a status is of a certificate (RFC 6960, section 4.1.1).
fn concerns(single: &Single<'_>, own: &X509Certificate<'_>, issuer: Option<&X509Certificate<'_>>) -> bool {
    let hashed = |bytes: &[u8]| match single.hash {
        SHA1 => Some(digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes)),
        SHA256 => Some(digest(&digest::SHA256, bytes)),
        _ => None,
    };
    let is = |hash: &[u8], bytes: &[u8]| hashed(bytes).is_some_and(|digest| digest.as_ref() == hash);
    single.serial == own.tbs_certificate.raw_serial()
        && is(single.name_hash, own.issuer().as_raw())
        && issuer.is_none_or(|issuer| is(single.key_hash, &issuer.public_key().subject_public_key.data))
}

/// Who has signed an answer: the issuer, or somebody whom it made a responder (RFC 6960, section 4.2.2.2).
fn signer(basic: &Basic<'_>, issuer: Option<&X509Certificate<'_>>, at: Timestamp) -> StapleSigned {
    let Some(issuer) = issuer else { return StapleSigned::Unverified };
    let by = |key: &[u8]| verified(basic.algorithm, basic.signed, basic.signature, key);
    let direct = by(issuer.public_key().raw);
    if direct == Signed::Yes {
        return StapleSigned::Issuer;
    }
    let mut unknown = direct == Signed::Unknown;
    for der in &basic.certificates {
        let Ok((_, delegate)) = X509Certificate::from_der(der) else { continue };
        let validity = delegate.validity();
        let may = delegate.extended_key_usage().ok().flatten().is_some_and(|u| u.value.ocsp_signing)
            && (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&at.as_second())
            && same(delegate.issuer(), issuer.subject())
            && signed_by(&delegate, issuer.public_key().raw) == Signed::Yes;
        if !may {
            continue;
        }
        match by(delegate.public_key().raw) {
            Signed::Yes => return StapleSigned::Delegate,
            Signed::No => unknown = false,
            Signed::Unknown => unknown = true,
        }
    }
    if unknown { StapleSigned::Unverified } else { StapleSigned::Nobody }
}

/// A moment as a timestamp; `None` where it is no date.
fn moment(at: Moment) -> Option<Timestamp> {
    let small = |n: u8| i8::try_from(n).ok();
    let civil = DateTime::new(
        i16::try_from(at.year).ok()?,
        small(at.month)?,
        small(at.day)?,
        small(at.hour)?,
        small(at.minute)?,
        small(at.second)?,
        0,
    );
    TimeZone::UTC.to_timestamp(civil.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType, IsCa,
        Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
        date_time_ymd,
    };

    use super::*;

    struct World {
        root: Vec<u8>,
        issuer: Issuer<'static, KeyPair>,
        leaf: Vec<u8>,
    }

    fn world(must_staple: bool) -> World {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "root");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().der().to_vec();
        let issuer = Issuer::new(params, key);
        let mut params = CertificateParams::new(vec!["leaf.example".to_owned()]).unwrap();
        params.serial_number = Some(SerialNumber::from(77));
        if must_staple {
            let feature = vec![0x30, 3, 2, 1, 5];
            params.custom_extensions =
                vec![CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 24], feature)];
        }
        let leaf = params.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap().der().to_vec();
        World { root, issuer, leaf }
    }

    fn list(world: &World, revoked: &[(u64, RevocationReason)], year: i32) -> Vec<u8> {
        let entry = |(serial, reason): &(u64, RevocationReason)| RevokedCertParams {
            serial_number: SerialNumber::from(*serial),
            revocation_time: date_time_ymd(2024, 6, 17),
            reason_code: Some(*reason),
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: date_time_ymd(year, 1, 1),
            next_update: date_time_ymd(year + 1, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&world.issuer).unwrap().der().to_vec()
    }

    fn looked(world: &World, lists: &[Vec<u8>]) -> Revocation {
        let anchors = [world.root.clone()];
        let authorities =
            Authorities { anchors: &anchors, lists, at: "2026-11-01T00:00:00Z".parse().unwrap() };
        look(std::slice::from_ref(&world.leaf), &Answer::Seen(None), authorities).unwrap()
    }

    #[test]
    fn lists_speak_for_certificates_of_their_issuer() {
        let world = world(false);
        let key = RevocationReason::KeyCompromise;
        let found = looked(&world, &[list(&world, &[(77, key), (78, key)], 2026)]);
        assert!(found.lists[0].revoked && !found.lists[0].on_hold && found.issuer_known);
        assert_eq!(found.lists[0].certificate, 0);
        assert!(!looked(&world, &[list(&world, &[(78, key)], 2026)]).lists[0].revoked);
        let hold = RevocationReason::CertificateHold;
        assert!(looked(&world, &[list(&world, &[(77, hold)], 2026)]).lists[0].on_hold);
        // The newest list counts, in whichever order they come.
        let (old, new) = (list(&world, &[(77, hold)], 2025), list(&world, &[], 2026));
        for lists in [[old.clone(), new.clone()], [new, old]] {
            assert!(!looked(&world, &lists).lists[0].revoked);
        }
    }

    #[test]
    fn lists_of_others_say_nothing() {
        let (world, twin) = (world(false), self::world(false));
        let foreign = list(&twin, &[(77, RevocationReason::KeyCompromise)], 2026);
        assert!(looked(&world, &[foreign, b"no list".to_vec()]).lists.is_empty());
        assert!(is_list(&list(&world, &[], 2026)) && !is_list(&world.leaf) && !is_list(b""));
    }

    #[test]
    fn promises_are_read() {
        assert!(looked(&world(true), &[]).must_staple);
        assert!(!looked(&world(false), &[]).must_staple);
    }

    #[test]
    fn nonsense_is_no_staple() {
        let world = world(false);
        let authorities = Authorities { anchors: &[], lists: &[], at: Timestamp::UNIX_EPOCH };
        let says = |staple: &[u8]| {
            let staple = Answer::Seen(Some(staple.to_vec()));
            let found = look(std::slice::from_ref(&world.leaf), &staple, authorities).unwrap();
            assert!(!found.issuer_known);
            found.staple.seen().unwrap().as_ref().unwrap().says
        };
        assert_eq!(says(b"nonsense"), StapleSays::Unreadable);
        assert_eq!(says(&[0x30, 3, 0x0a, 1, 6]), StapleSays::Refused);
        assert!(look(&[b"nonsense".to_vec()], &Answer::Seen(None), authorities).is_none());
    }
}
