//! Pages of makers in a scenario: read where they are whole, and each mistake told.

use auscult_model::scenario::{PageKind, parse};

const HEAD: &str = r#"
title = "t"
stage = "target"
setting = "homecare"
[process.maker]
address = "192.0.2.9"
services = [
  { name = "website", port = 443, protocol = "http", tls = true },
  { name = "ntp", port = 123, protocol = "http", transport = "udp" },
  { name = "ssh", port = 22, protocol = "ssh" },
]
[device.cuff]
"#;

/// The ids of the mistakes.
fn mistakes(rest: &str) -> Vec<String> {
    match parse(&format!("{HEAD}{rest}")) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.into_iter().map(|m| m.message.id.replace("scenario.", "")).collect(),
    }
}

#[test]
fn a_page_names_kind_service_and_path() {
    let page =
        "[[device.cuff.page]]\nkind = \"support-period\"\non = \"maker/website\"\npath = \"/support?m=1\"\n";
    let scenario = parse(&format!("{HEAD}{page}")).unwrap();
    let cuff = scenario.node("cuff").unwrap();
    assert_eq!(cuff.pages.len(), 1);
    assert_eq!(cuff.pages[0].kind, PageKind::SupportPeriod);
    assert_eq!(cuff.pages[0].on.label(), "maker/website");
    assert_eq!(cuff.pages[0].path, "/support?m=1");
}

#[test]
fn wrong_pages_are_told() {
    let page = |kind: &str, on: &str, path: &str| {
        mistakes(&format!("page = [{{ kind = \"{kind}\", on = \"{on}\", path = \"{path}\" }}]"))
    };
    assert_eq!(page("sensors", "maker/website", "/s"), [] as [&str; 0]);
    assert_eq!(page("sensor", "maker/website", "/s"), ["unknown-word"]);
    assert_eq!(page("sensors", "maker/web", "/s"), ["unknown-service"]);
    assert_eq!(page("sensors", "nobody/website", "/s"), ["unknown-node"]);
    for on in ["maker", "maker/ssh", "maker/ntp"] {
        assert_eq!(page("sensors", on, "/s"), ["page-without-web"], "{on}");
    }
    for path in ["s", "//other.example/s", "/s#x", "/a b", "https://other.example/"] {
        assert_eq!(page("sensors", "maker/website", path), ["bad-page-path"], "{path}");
    }
    assert_eq!(page("disclosure-policy", "maker/website", "/s"), ["policy-not-of-process"]);
    assert_eq!(mistakes("page = [{ kind = \"sensors\", on = \"maker/website\" }]"), ["missing-key"]);
    assert_eq!(mistakes("page = [1]"), ["wrong-type"]);
    let one = "{ kind = \"sensors\", on = \"maker/website\", path = \"/s\" }";
    assert_eq!(mistakes(&format!("page = [{one}, {one}]")), ["double-page"]);
}

#[test]
fn one_service_publishes_a_bounded_number_of_pages() {
    let of = |count: usize| -> String {
        (0..count)
            .map(|n| format!("[device.d{n}]\npage = [{{ kind = \"sensors\", on = \"maker/website\", path = \"/s\" }}]\n"))
            .collect()
    };
    assert_eq!(mistakes(&of(32)), [] as [&str; 0]);
    assert_eq!(mistakes(&of(33)), ["too-many"]);
}
