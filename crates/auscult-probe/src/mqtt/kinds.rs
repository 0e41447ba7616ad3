//! What a message looks like: its kind of data, told by words in topic and payload.

use std::collections::BTreeSet;

use auscult_model::DataClass;

/// How much of a payload is looked at, in bytes.
const LOOKED_AT: usize = 4096;

/// Words that stand anywhere within a longer word, as in `systolicPressure`.
const WITHIN: [(DataClass, &[&str]); 3] = [
    (
        DataClass::Vitals,
        &[
            "systolic",
            "diastolic",
            "heartrate",
            "heart_rate",
            "pulse",
            "glucose",
            "spo2",
            "bloodpressure",
            "blood_pressure",
            "mmhg",
            "respiration",
            "ecg",
            "temperature",
            "vitals",
            "mmol/l",
            "mg/dl",
        ],
    ),
    (
        DataClass::Identity,
        &[
            "patient",
            "birthdate",
            "birth_date",
            "dateofbirth",
            "surname",
            "familyname",
            "family_name",
            "givenname",
            "given_name",
            "insurance",
        ],
    ),
    (DataClass::Therapy, &["infusion", "setpoint", "dosage", "bolus", "ventilat"]),
];

/// Short words that count only when they stand alone.
const ALONE: [(DataClass, &[&str]); 3] = [
    (DataClass::Vitals, &["hr", "bpm", "sys", "dia", "obx"]),
    (DataClass::Identity, &["mrn", "dob", "pid", "ssn", "kvnr"]),
    (DataClass::Therapy, &["dose", "rxe"]),
];

/// Kinds that a message looks like; not proof, but what a reader would think.
pub(super) fn kinds(topic: &str, payload: &[u8]) -> BTreeSet<DataClass> {
    let shown = payload.get(..LOOKED_AT).unwrap_or(payload);
    let text = format!("{topic} {}", String::from_utf8_lossy(shown)).to_ascii_lowercase();
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let within = WITHIN.iter().filter(|(_, signs)| signs.iter().any(|sign| text.contains(sign)));
    let alone = ALONE.iter().filter(|(_, signs)| signs.iter().any(|sign| words.contains(sign)));
    within.chain(alone).map(|(kind, _)| *kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vital_signs_and_identity_are_told_apart() {
        let vitals = BTreeSet::from([DataClass::Vitals]);
        let both = BTreeSet::from([DataClass::Identity, DataClass::Vitals]);
        assert_eq!(kinds("home/cuff", br#"{"systolic": 151, "diastolic": 92}"#), vitals);
        assert_eq!(kinds("cuff", br#"{"patientId": "INVENTED-1", "hr": 71}"#), both);
        assert_eq!(kinds("edith/glucose", b"7.1"), vitals);
    }

    #[test]
    fn machine_figures_are_neither() {
        assert_eq!(kinds("plant/valve/3", br#"{"open": true, "threshold": 4}"#), BTreeSet::new());
        assert_eq!(kinds("a", &[0xff; 9000]), BTreeSet::new());
    }
}
