//! Edith's world: cuff, glucose sensor, pump, hub, platform, practice and maker, brought up together.

use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rustls::ServerConfig;
use rustls::version::{TLS12, TLS13};
use tokio::sync::mpsc;

use crate::archive::Archive;
use crate::broker::{Broker, Rules};
use crate::devices::{Publisher, readings};
use crate::faults::{self, Truth, Variant};
use crate::fhir::{Api, Smart};
use crate::hello::{Obsolete, TLS_1_2, TLS_1_3};
use crate::http::{self, Hardening};
use crate::maker::{Maker, Sight};
use crate::mllp::{self, Receiver, Weak};
use crate::pki::{Authority, Identity, Key, Usage, Wish};
use crate::scenario;
use crate::serve::{Front, House, Server, TlsFront};
use crate::web::{self, Admin};
use crate::{LabError, telnet};

/// How often a device sends a reading.
const PAUSE: Duration = Duration::from_secs(10);
/// Reports of the pump that wait until the hub has sent them on.
const REPORTS: usize = 16;

/// Names and passwords of the accounts, as they stand on the devices' labels.
const ACCOUNTS: [(&str, &str); 3] =
    [("cuff", "label-7Q4M-R2XK"), ("glucose", "label-3F8T-W6PN"), ("hub", "label-9C2J-V5HB")];

/// Accounts of the broker that were made for tests: of another patient's cuff, and one that was withdrawn.
const TEST_ACCOUNTS: [(&str, &str); 2] =
    [("fred-cuff", "label-4D6Y-J8WU"), ("former-cuff", "label-8L1Z-A3GS")];

/// Holders of tokens for the FHIR API, each made anew with the world.
const HOLDERS: [&str; 5] = ["edith", "fred", "berta", "operator", "former"];

/// Which world is brought up, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which of the two the scenario says it is.
    pub variant: Variant,
    /// The faults that are on; the world follows from them alone.
    pub faults: BTreeSet<&'static str>,
    /// Second part of every address, 1 to 254: worlds with different ones stand side by side.
    pub octet: u8,
    /// Where the scenario and its files are written once the world is up; nowhere without it.
    pub dir: Option<PathBuf>,
}

impl Options {
    /// A variant with its own faults, on 127.10.0.0/16, written nowhere.
    pub fn new(variant: Variant) -> Self {
        Self { variant, faults: variant.faults(), octet: 10, dir: None }
    }
}

/// The faults of a world and where it lies: all that its servers and its scenario follow from.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) variant: Variant,
    pub(crate) faults: BTreeSet<&'static str>,
    pub(crate) octet: u8,
    /// Ports on which this machine itself answers at every loopback address.
    pub(crate) host_ports: BTreeSet<u16>,
}

impl Plan {
    /// Whether a fault is on.
    pub(crate) fn on(&self, fault: &str) -> bool {
        debug_assert!(faults::fault(fault).is_some(), "no fault is named `{fault}`");
        self.faults.contains(fault)
    }

    /// Whether a fault is on that only somebody finds who treats the node badly.
    pub(crate) fn rough(&self) -> bool {
        self.faults.iter().any(|name| faults::fault(name).is_some_and(|f| f.rough))
    }

    fn any(&self, faults: &[&str]) -> bool {
        faults.iter().any(|fault| self.on(fault))
    }

    fn at(&self, net: u8, host: u8) -> Ipv4Addr {
        Ipv4Addr::new(127, self.octet, net, host)
    }

    pub(crate) fn cuff(&self) -> Ipv4Addr {
        self.at(0, 11)
    }

    pub(crate) fn glucose(&self) -> Ipv4Addr {
        self.at(0, 12)
    }

    pub(crate) fn pump(&self) -> Ipv4Addr {
        self.at(0, 13)
    }

    pub(crate) fn hub(&self) -> Ipv4Addr {
        self.at(0, 20)
    }

    pub(crate) fn platform(&self) -> Ipv4Addr {
        self.at(1, 1)
    }

    pub(crate) fn practice(&self) -> Ipv4Addr {
        self.at(1, 2)
    }

    pub(crate) fn maker(&self) -> Ipv4Addr {
        self.at(1, 9)
    }

    /// Whether the broker lets strangers in: each fault that shows what a stranger may do needs that.
    fn strangers(&self) -> bool {
        self.any(&[
            "broker-anonymous",
            "broker-wildcard",
            "broker-publish",
            "broker-takeover",
            "broker-system-topics",
        ])
    }

    /// Whether the broker is declared to demand client certificates.
    pub(crate) fn client_certificates(&self) -> bool {
        !self.strangers()
            && !self.any(&[
                "broker-in-clear",
                "broker-default-login",
                "broker-other-topic",
                "broker-withdrawn-account",
            ])
    }

    /// Whether it really does.
    fn demands_certificates(&self) -> bool {
        self.client_certificates() && !self.on("broker-no-client-certificate")
    }

    /// The broker's port.
    pub(crate) fn broker_port(&self) -> u16 {
        if self.on("broker-in-clear") { 1883 } else { 8883 }
    }

    /// The archive's port.
    pub(crate) fn archive_port(&self) -> u16 {
        if self.on("archive-in-clear") { 11112 } else { 2762 }
    }
}

/// A world that is up; dropping it ends it at once.
#[derive(Debug)]
pub struct Edith {
    plan: Plan,
    trust: String,
    revoked: String,
    secrets: Vec<(&'static str, String)>,
    house: House,
}

impl Edith {
    /// Brings the world up; every port is open when it returns.
    ///
    /// # Errors
    /// When the faults do not fit together, a port is taken, or a file cannot be written; then nothing stays up.
    pub async fn up(options: Options) -> Result<Self, LabError> {
        let Options { variant, faults, octet, dir } = options;
        faults::consistent(&faults)?;
        if !(1..=254).contains(&octet) {
            return Err(LabError::Octet(octet));
        }
        let plan = Plan { variant, faults, octet, host_ports: crate::host::ports() };
        let authority = Authority::new()?;
        let tokens: Vec<_> = HOLDERS.map(|holder| (holder, web::token())).into();
        let mut builder =
            Builder { plan: &plan, authority: &authority, tokens: tokens.clone(), servers: Vec::new() };
        let mut house = House::new();

        builder.cuff().await?;
        let reports = builder.hub().await?;
        builder.pump().await?;
        let devices = builder.platform().await?;
        builder.practice().await?;
        builder.maker().await?;
        builder.servers.into_iter().for_each(|server| house.open(server));
        employ(&mut house, &plan, &devices, reports);

        let accounts = ACCOUNTS.iter().chain(&TEST_ACCOUNTS);
        let passwords = accounts.map(|(name, password)| (*name, (*password).to_owned()));
        let portal = ("portal", web::PORTAL_PASSWORD.to_owned());
        let secrets = tokens.into_iter().chain(passwords).chain([portal]).collect();
        let revoked = authority.list()?;
        let edith = Self { trust: authority.pem().to_owned(), revoked, plan, secrets, house };
        if let Some(dir) = dir {
            edith.write(&dir)?;
        }
        Ok(edith)
    }

    /// The scenario that declares this world, in TOML.
    pub fn scenario(&self) -> String {
        scenario::text(&self.plan)
    }

    /// Files that belong beside the scenario, by name.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        [("trust.pem", &self.trust), ("revoked.crl", &self.revoked)]
            .map(|(name, text)| (name.to_owned(), text.clone().into_bytes()))
            .into()
    }

    /// The secrets of the credentials that the scenario names, by the files in which it looks for them.
    pub fn secrets(&self) -> Vec<(String, Vec<u8>)> {
        let named = scenario::secret_files(&self.plan);
        let of = |holder: &str| self.secrets.iter().find(|(h, _)| *h == holder);
        named
            .into_iter()
            .filter_map(|holder| {
                let (_, secret) = of(holder)?;
                Some((format!("{holder}.secret"), secret.clone().into_bytes()))
            })
            .collect()
    }

    /// Writes `scenario.toml` and its files into a folder, which is made when it is not there.
    ///
    /// # Errors
    /// When the folder or a file cannot be written.
    pub fn write(&self, dir: &Path) -> Result<PathBuf, LabError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| LabError::Write { path, source }
        };
        fs::create_dir_all(dir).map_err(failed(dir))?;
        for (name, bytes) in self.files().into_iter().chain(self.secrets()) {
            let path = dir.join(name);
            fs::write(&path, bytes).map_err(failed(&path))?;
        }
        let path = dir.join("scenario.toml");
        fs::write(&path, self.scenario()).map_err(failed(&path))?;
        Ok(path)
    }

    /// What must be found in this world.
    pub fn truth(&self) -> Vec<Truth> {
        faults::truth(&self.plan.faults)
    }

    /// The faults that are on.
    pub fn faults(&self) -> &BTreeSet<&'static str> {
        &self.plan.faults
    }

    /// Takes the world down; every port is free when it returns.
    pub async fn down(self) {
        self.house.end().await;
    }
}

/// How the devices reach the broker, by name; `None` where they speak in clear.
type Lines = Vec<(&'static str, Option<Arc<rustls::ClientConfig>>)>;

/// Lets the devices begin.
fn employ(house: &mut House, plan: &Plan, lines: &Lines, reports: mpsc::Receiver<Vec<u8>>) {
    let (cuff, measuring) = readings(PAUSE, "\"systolic\":148,\"diastolic\":86,\"unit\":\"mmHg\"");
    house.employ(measuring);
    let (glucose, measuring) = readings(PAUSE, "\"glucose\":132,\"unit\":\"mg/dL\"");
    house.employ(measuring);
    let to = SocketAddr::from((plan.platform(), plan.broker_port()));
    let work = [
        ("cuff", plan.cuff(), "vitals", cuff),
        ("glucose", plan.glucose(), "vitals", glucose),
        ("hub", plan.hub(), "pump", reports),
    ];
    for (name, from, topic, what) in work {
        let password = ACCOUNTS.iter().find(|(account, _)| *account == name).map(|(_, password)| *password);
        let password = password.filter(|_| !plan.demands_certificates());
        let tls = lines.iter().find(|(line, _)| *line == name).and_then(|(_, tls)| tls.clone());
        house.employ(Publisher { name, password, from, to, tls, topic }.publish(what));
    }
    house.employ(mllp::report(plan.pump(), SocketAddr::from((plan.hub(), 2575)), PAUSE));
}

/// Binds the servers, one node after the other.
struct Builder<'a> {
    plan: &'a Plan,
    authority: &'a Authority,
    tokens: Vec<(&'static str, String)>,
    servers: Vec<Server>,
}

impl Builder<'_> {
    async fn cuff(&mut self) -> Result<(), LabError> {
        let plan = self.plan;
        let at = plan.cuff();
        let clear = plan.on("cuff-login-in-clear");
        let hardening = Hardening {
            headers: !plan.on("cuff-no-headers"),
            hsts: !clear && !plan.on("cuff-no-hsts"),
            server: plan.on("cuff-version-told").then_some("ExampleHTTPd/1.4.2"),
            trace: plan.on("cuff-trace"),
            any_origin: plan.on("cuff-open-cors"),
        };
        let admin = Admin {
            title: "Blood pressure cuff",
            user: "owner",
            password: "label-7Q4M-R2XK",
            default_login: plan.on("cuff-default-login"),
            open: plan.on("cuff-admin-open"),
            listing: plan.on("cuff-directory-listing"),
            debug: plan.on("cuff-debug-page"),
            // Set in clear as well, so that each of the two faults stands alone; browsers then drop the cookie.
            safe_cookie: !plan.on("cuff-cookie-unsafe"),
            forgets_logout: false,
            unbounded_guessing: false,
            second_login: false,
            interface: false,
        };
        let pages = http::handler(hardening.around(admin.pages()));
        if clear {
            return self.serve(at, 8080, Front::Plain, pages).await;
        }
        let front = self.tls("cuff.edith.test", at)?;
        self.serve(at, 8443, front, pages).await?;
        let clear = if plan.on("cuff-no-redirect") { web::clear_page() } else { web::to_https(at, 8443) };
        self.serve(at, 8080, Front::Plain, http::handler(Hardening::CLEAR.around(clear))).await
    }

    /// Gives back what the hub sends on of the pump's reports.
    async fn hub(&mut self) -> Result<mpsc::Receiver<Vec<u8>>, LabError> {
        let plan = self.plan;
        let at = plan.hub();
        let (forward, reports) = mpsc::channel(REPORTS);
        let weak =
            Weak { hangs: plan.on("hub-hangs-on-nonsense"), one_at_a_time: plan.on("hub-one-at-a-time") };
        let receiver =
            Receiver { name: "HUB", any_sender: plan.on("hub-any-sender"), forward: Some(forward), weak };
        self.serve(at, 2575, Front::Plain, receiver.handler()).await?;

        let mut wish = Wish { self_signed: plan.on("hub-self-signed"), ..Wish::default() };
        if plan.on("hub-expired") {
            wish.days = (-400, -30);
        }
        if plan.on("hub-expiring") {
            wish.days = (-355, 10);
        }
        if plan.on("hub-wrong-purpose") {
            wish.usage = Usage::Client;
        }
        wish.revoked = plan.on("hub-revoked");
        let (name, address) = if plan.on("hub-wrong-name") {
            ("tablet.example.test", None)
        } else {
            ("hub.edith.test", Some(at.into()))
        };
        let identity = self.authority.issue(name, address, wish)?;
        let config = self.authority.server(&identity, &[&TLS13], false)?;
        let admin = Admin {
            title: "Tablet hub",
            user: "nurse",
            password: "label-9C2J-V5HB",
            default_login: false,
            open: false,
            listing: false,
            debug: false,
            safe_cookie: true,
            forgets_logout: false,
            unbounded_guessing: plan.on("hub-guessing-unbounded"),
            second_login: plan.on("hub-second-login"),
            interface: plan.on("hub-undeclared-api"),
        };
        let pages = http::handler(Hardening::TLS.around(admin.pages()));
        self.serve(at, 8443, front(config, TLS_1_3), pages).await?;
        if plan.on("hub-undeclared-port") {
            self.serve(at, 5555, Front::Plain, telnet::service_port()).await?;
        }
        Ok(reports)
    }

    async fn pump(&mut self) -> Result<(), LabError> {
        let at = self.plan.pump();
        if self.plan.on("pump-answers-anyone") {
            let receiver =
                Receiver { name: mllp::PUMP, any_sender: true, forward: None, weak: Weak::default() };
            self.serve(at, 2575, Front::Plain, receiver.handler()).await?;
        }
        if self.plan.on("pump-telnet") {
            self.serve(at, 2323, Front::Plain, telnet::login()).await?;
        }
        Ok(())
    }

    /// Gives back how the devices reach the broker.
    async fn platform(&mut self) -> Result<Lines, LabError> {
        let plan = self.plan;
        let at = plan.platform();
        let mut rules = Rules {
            strangers: plan.strangers(),
            stranger_hears_all: plan.on("broker-wildcard"),
            stranger_speaks: plan.on("broker-publish"),
            stranger_takes_over: plan.on("broker-takeover"),
            system_topics: plan.on("broker-system-topics"),
            accounts_hear_others: plan.on("broker-other-topic"),
            ..Rules::default()
        };
        if plan.on("broker-default-login") {
            rules.passwords.push(("admin", "admin"));
        }
        if !plan.demands_certificates() {
            let working = |name: &str| name != "former-cuff" || plan.on("broker-withdrawn-account");
            rules.passwords.extend(TEST_ACCOUNTS.into_iter().filter(|(name, _)| working(name)));
        }
        let mut lines = Lines::new();
        for (name, password) in ACCOUNTS {
            let identity = if plan.demands_certificates() {
                let wish = Wish { usage: Usage::Client, ..Wish::default() };
                let identity = self.authority.issue(&format!("{name}.edith.test"), None, wish)?;
                rules.certificates.extend(identity.leaf().cloned().map(|leaf| (leaf, name)));
                Some(identity)
            } else {
                rules.passwords.push((name, password));
                None
            };
            let in_clear = plan.on("broker-in-clear");
            let tls = if in_clear { None } else { Some(self.authority.client(identity.as_ref())?) };
            lines.push((name, tls));
        }
        let broker_front = if plan.on("broker-in-clear") {
            Front::Plain
        } else {
            let identity = self.identity("platform.edith.test", at)?;
            let config = self.authority.server(&identity, &[&TLS13, &TLS12], plan.demands_certificates())?;
            front(config, TLS_1_3)
        };
        self.serve(at, plan.broker_port(), broker_front, Arc::new(Broker::new(rules)).handler()).await?;

        let api = Api {
            open_read: plan.on("fhir-open-read"),
            open_search: plan.on("fhir-open-search"),
            open_bulk: plan.on("fhir-bulk-open"),
            other_patient: plan.on("fhir-other-patient"),
            other_tenant: plan.on("fhir-other-tenant"),
            takes_withdrawn: plan.on("fhir-withdrawn-token"),
            anyone_administers: plan.on("low-privilege-admin"),
            tokens: self.tokens.clone(),
            smart: Smart {
                present: !plan.on("smart-missing"),
                plain: plan.on("smart-plain"),
                clear_endpoint: plan.on("smart-clear-endpoint"),
            },
        };
        let front = self.fhir_front(at)?;
        self.serve(at, 8443, front, http::handler(Hardening::TLS.around(api.pages()))).await?;
        Ok(lines)
    }

    fn fhir_front(&self, at: Ipv4Addr) -> Result<Front, LabError> {
        let plan = self.plan;
        let key = if plan.on("fhir-rsa-2048") { Key::Rsa2048 } else { Key::P256 };
        let wish = Wish { key, ..Wish::default() };
        let identity = self.authority.issue("platform.edith.test", Some(at.into()), wish)?;
        let obsolete = plan.on("fhir-tls-1.0").then(|| identity.leaf().cloned()).flatten();
        let obsolete = obsolete.map(|certificate| Obsolete {
            certificate,
            rsa: key == Key::Rsa2048,
            provider: crate::pki::provider(),
        });
        let (config, newest) = if plan.on("fhir-no-tls-1.3") {
            (self.authority.server(&identity, &[&TLS12], false)?, TLS_1_2)
        } else {
            (self.authority.server(&identity, &[&TLS13, &TLS12], false)?, TLS_1_3)
        };
        Ok(Front::Tls(TlsFront { config, newest, obsolete }))
    }

    async fn practice(&mut self) -> Result<(), LabError> {
        let plan = self.plan;
        let at = plan.practice();
        let server = plan.on("portal-version-told").then_some("nginx/1.18.0");
        let hardening = Hardening { server, ..Hardening::TLS };
        let portal_front = self.tls("practice.edith.test", at)?;
        self.serve(
            at,
            9443,
            portal_front,
            http::handler(hardening.around(web::portal(plan.on("portal-logout-forgotten")))),
        )
        .await?;

        let archive = Archive {
            any_peer: plan.on("archive-any-peer"),
            open_query: plan.on("archive-open-query"),
            open_store: plan.on("archive-open-store"),
        };
        let archive_front =
            if plan.on("archive-in-clear") { Front::Plain } else { self.tls("practice.edith.test", at)? };
        self.serve(at, plan.archive_port(), archive_front, archive.handler()).await
    }

    async fn maker(&mut self) -> Result<(), LabError> {
        let plan = self.plan;
        let at = plan.maker();
        let days = if plan.on("security-txt-expired") { -30 } else { 180 };
        let expires = Timestamp::now() + SignedDuration::from_hours(24 * days);
        let security_txt = (!plan.on("security-txt-missing")).then(|| {
            format!(
                "Contact: mailto:security@example.com\nExpires: {}\nPreferred-Languages: en, de\n\
                 Policy: https://maker.edith.test:9443/\n",
                expires.strftime("%Y-%m-%dT%H:%M:%SZ")
            )
        });
        let sight = |gone: Option<&str>, login: Option<&str>| {
            let on = |fault: Option<&str>| fault.is_some_and(|fault| plan.on(fault));
            if on(gone) {
                Sight::Gone
            } else if on(login) {
                Sight::Login
            } else {
                Sight::Open
            }
        };
        let maker = Maker {
            security_txt,
            policy: sight(None, Some("policy-behind-login")),
            cuff_support: sight(Some("support-period-missing"), None),
            cuff_until: if plan.on("support-period-contradicts") {
                "31 December 2028"
            } else {
                "30 April 2032"
            },
            glucose_support: sight(None, Some("support-period-behind-login")),
            replacement: sight(Some("replacement-plan-missing"), Some("replacement-plan-behind-login")),
            sensors: sight(Some("sensors-untold"), None),
        };
        let front = self.tls("maker.edith.test", at)?;
        self.serve(at, 9443, front, http::handler(Hardening::TLS.around(maker.pages()))).await
    }

    fn identity(&self, name: &str, at: Ipv4Addr) -> Result<Identity, LabError> {
        self.authority.issue(name, Some(IpAddr::V4(at)), Wish::default())
    }

    /// TLS as it should be.
    fn tls(&self, name: &str, at: Ipv4Addr) -> Result<Front, LabError> {
        let config = self.authority.server(&self.identity(name, at)?, &[&TLS13, &TLS12], false)?;
        Ok(front(config, TLS_1_3))
    }

    async fn serve(
        &mut self,
        at: Ipv4Addr,
        port: u16,
        front: Front,
        handler: crate::serve::Handler,
    ) -> Result<(), LabError> {
        self.servers.push(Server::bind(at, port, front, handler).await?);
        Ok(())
    }
}

fn front(config: Arc<ServerConfig>, newest: u16) -> Front {
    Front::Tls(TlsFront { config, newest, obsolete: None })
}
