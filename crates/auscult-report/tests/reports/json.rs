//! JSON: the same assessment comes back, in the same order, with nothing in it that a terminal obeys.

use auscult_model::assessment::Assessment;

use crate::edith;

#[test]
fn the_file_of_the_status_quo() {
    insta::assert_snapshot!(auscult_report::json::write(&edith::status_quo()));
}

#[test]
fn what_is_written_reads_back() {
    for assessment in [edith::status_quo(), edith::target(), edith::bare()] {
        let text = auscult_report::json::write(&assessment);
        assert!(text.ends_with("}\n"));
        assert_eq!(serde_json::from_str::<Assessment>(&text).unwrap(), assessment);
        assert_eq!(auscult_report::json::write(&assessment), text);
    }
}
