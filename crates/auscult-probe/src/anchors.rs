//! Trust anchors and lists of revoked certificates as a scenario names them.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer};

/// Most anchors taken from one file.
const MOST: usize = 10_000;

/// The certificates of a PEM file, DER; `None` where a block that begins does not end as PEM does.
pub fn certificates_in_pem(pem: &[u8]) -> Option<Vec<Vec<u8>>> {
    CertificateDer::pem_slice_iter(pem).take(MOST).map(|c| c.ok().map(|c| c.to_vec())).collect()
}

/// Most lists of revoked certificates taken from one file.
const MOST_LISTS: usize = 100;

/// The lists of revoked certificates of a file, DER: each block of a PEM file, or the file itself; `None` where it holds
/// no list that can be read.
pub fn revocation_lists(file: &[u8]) -> Option<Vec<Vec<u8>>> {
    let blocks: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(file)
        .take(MOST_LISTS)
        .map(|list| list.map(|list| list.to_vec()))
        .collect();
    let lists = match blocks.ok()? {
        none if none.is_empty() => vec![file.to_vec()],
        lists => lists,
    };
    lists.iter().all(|list| crate::tls::is_revocation_list(list)).then_some(lists)
}
