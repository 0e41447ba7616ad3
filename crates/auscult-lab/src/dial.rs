//! Devices that dial out, each on a bench of its own on which a person can play the rogue cloud.
//!
//! A bench is a folder with a scenario, an authority that the device trusts, and whatever is offered to it.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use auscult_model::Message;

use crate::client::{
    COMMAND_TOPIC, Client, ClientFault, ClientProtocol, Commanded, Maker, UpdateFault, Updater, VERSION_PORT,
};
use crate::pki::Authority;
use crate::{LabError, host};

/// Name of the far end that is played.
const FAR_END: &str = "platform.lab.test";
/// Where its time server is played; the usual port is for those with more rights.
const TIME_PORT: u16 = 10_123;
/// Pause of a device between two connections.
const PAUSE: Duration = Duration::from_millis(100);

/// What a device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Publishes(Option<ClientFault>),
    Posts(Option<ClientFault>),
    Updates(Option<UpdateFault>),
    /// Takes commands; true where it takes old ones again.
    Obeys(bool),
}

/// A device of the lab that dials out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialler {
    /// Its name, such as `mqtt` or `mqtt-believes-any-name`.
    pub name: String,
    does: Does,
}

/// Every device that dials out: of each kind a proper one, and one with each fault.
pub fn diallers() -> Vec<Dialler> {
    let mut all = Vec::new();
    let mut add = |kind: &str, fault: Option<&str>, does: Does| {
        let name = fault.map_or_else(|| kind.to_owned(), |fault| format!("{kind}-{fault}"));
        all.push(Dialler { name, does });
    };
    for fault in std::iter::once(None).chain(ClientFault::ALL.map(Some)) {
        add("mqtt", fault.map(ClientFault::name), Does::Publishes(fault));
    }
    for fault in std::iter::once(None).chain(ClientFault::ALL.map(Some)) {
        add("fhir", fault.map(ClientFault::name), Does::Posts(fault));
    }
    for fault in std::iter::once(None).chain(UpdateFault::ALL.map(Some)) {
        add("update", fault.map(UpdateFault::name), Does::Updates(fault));
    }
    add("command", None, Does::Obeys(false));
    add("command", Some("takes-old"), Does::Obeys(true));
    all
}

/// The device of that name.
pub fn dialler(name: &str) -> Option<Dialler> {
    diallers().into_iter().find(|dialler| dialler.name == name)
}

impl Dialler {
    /// What it does, and what is wrong with it, in words of room `lab`.
    pub fn about(&self) -> Vec<Message> {
        let (kind, fault) = match self.does {
            Does::Publishes(fault) => ("mqtt", fault.map(ClientFault::name)),
            Does::Posts(fault) => ("fhir", fault.map(ClientFault::name)),
            Does::Updates(fault) => ("update", fault.map(UpdateFault::name)),
            Does::Obeys(takes_old) => ("command", takes_old.then_some("takes-old")),
        };
        let fault = fault.map_or("client-proper".to_owned(), |fault| format!("client-{fault}"));
        [format!("dialler-{kind}"), fault].map(|id| Message::new(format!("lab.{id}"))).into()
    }

    /// The checks that must fail because of its fault.
    pub fn fails(&self) -> Vec<&'static str> {
        match self.does {
            Does::Publishes(fault) | Does::Posts(fault) => {
                let all = fault.map_or(&[][..], ClientFault::fails);
                // Of firmware only the device that updates has a flow.
                all.iter().copied().filter(|check| *check != "client-update-server-unchecked").collect()
            }
            Does::Updates(fault) => fault.map(UpdateFault::fails).into_iter().collect(),
            Does::Obeys(takes_old) => takes_old.then_some("replay-command-taken").into_iter().collect(),
        }
    }

    const fn port(&self) -> u16 {
        match self.does {
            Does::Publishes(_) | Does::Obeys(_) => 8883,
            Does::Posts(_) | Does::Updates(_) => 8443,
        }
    }

    /// Writes what a person needs to play the far end into a folder.
    ///
    /// # Errors
    /// When the octet is none, or a file cannot be written.
    pub fn prepare(&self, octet: u8, dir: &Path) -> Result<Bench, LabError> {
        if !(1..=254).contains(&octet) {
            return Err(LabError::Octet(octet));
        }
        let (device, listen) = (Ipv4Addr::new(127, octet, 0, 10), Ipv4Addr::new(127, octet, 0, 1));
        let authority = Authority::new()?;
        let maker = Maker::new()?;
        write(&dir.join("ca.pem"), authority.pem())?;
        write(&dir.join("ca.key"), &authority.key_pem())?;
        match self.does {
            Does::Updates(_) => maker.write(&dir.join("images"))?,
            Does::Obeys(_) => {
                for (name, text) in ["first", "second", "third"].into_iter().zip(Commanded::commands()) {
                    write(&dir.join("messages").join(format!("{name}.json")), text)?;
                }
            }
            Does::Publishes(_) | Does::Posts(_) => {}
        }
        write(&dir.join("scenario.toml"), &self.scenario(device, listen))?;
        Ok(Bench { dialler: self.clone(), device, listen, authority: authority.pem().to_owned(), maker })
    }

    fn scenario(&self, device: Ipv4Addr, listen: Ipv4Addr) -> String {
        let port = self.port();
        // Only these two ask for the time.
        let clock = format!("ntp = \"{listen}:{TIME_PORT}\"\n");
        let (protocol, data, more) = match self.does {
            Does::Publishes(_) => ("mqtt", "\"vitals\"", clock),
            Does::Posts(_) => ("fhir", "\"vitals\"", clock),
            Does::Updates(_) => (
                "http",
                "\"firmware\"",
                format!(
                    "[device.cuff.update]\nfor = \"platform/far\"\nimages = \"images\"\n\
                 installed = \"http://{device}:{VERSION_PORT}/version\"\nsettle = \"3 s\"\n"
                ),
            ),
            Does::Obeys(_) => (
                "mqtt",
                "\"therapy\"",
                format!(
                    "[device.cuff.replay]\nfor = \"platform/far\"\nat = \"{COMMAND_TOPIC}\"\n\
                 first = \"messages/first.json\"\nsecond = \"messages/second.json\"\n\
                 third = \"messages/third.json\"\nstate = \"http://{device}:{VERSION_PORT}/state\"\n\
                 settle = \"2 s\"\n"
                ),
            ),
        };
        let ports: Vec<String> = host::ports().into_iter().map(|port| port.to_string()).collect();
        format!(
            r#"title = "A device of the lab that dials out: {name}"
stage = "status-quo"
setting = "homecare"
host_ports = [{ports}]
[authorisation]
by = "auscult lab"
until = 2099-12-31
impact = "intrusive"
pace = "laboratory"
[device.cuff]
class = "II"
address = "{device}"
[cloud.platform]
host_names = ["{FAR_END}"]
services = [{{ name = "far", port = {port}, protocol = "{protocol}", tls = true }}]
[network.home]
kind = "wifi"
[[flow]]
from = "cuff"
to = "platform/far"
data = [{data}]
over = ["home"]
[[device.cuff.impostor]]
for = "platform/far"
listen = "{listen}:{port}"
set_up = "told"
wait = "4 s"
ca = "ca.pem"
ca_key = "ca.key"
{more}"#,
            name = self.name,
            ports = ports.join(", "),
        )
    }
}

/// A device and its bench.
#[derive(Debug)]
pub struct Bench {
    dialler: Dialler,
    device: Ipv4Addr,
    listen: Ipv4Addr,
    authority: String,
    maker: Maker,
}

impl Bench {
    /// Lets the device dial again and again, until this is dropped.
    ///
    /// # Errors
    /// When the device cannot begin.
    pub async fn run(&self) -> Result<(), LabError> {
        let client = |protocol, fault| Client {
            from: self.device,
            to: SocketAddr::from((self.listen, self.dialler.port())),
            name: FAR_END.to_owned(),
            authority: self.authority.clone(),
            time: Some(SocketAddr::from((self.listen, TIME_PORT))),
            protocol,
            fault,
            pause: PAUSE,
        };
        match self.dialler.does {
            Does::Publishes(fault) => client(ClientProtocol::Mqtt, fault).run().await?,
            Does::Posts(fault) => client(ClientProtocol::Fhir, fault).run().await?,
            Does::Updates(fault) => {
                Updater::new(client(ClientProtocol::Fhir, None), &self.maker, fault).run().await?;
            }
            Does::Obeys(takes_old) => {
                Commanded::new(client(ClientProtocol::Mqtt, None), takes_old).run().await?;
            }
        }
        // Who gives up is still there, and says nothing any more.
        std::future::pending().await
    }
}

fn write(path: &Path, text: &str) -> Result<(), LabError> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|source| LabError::Write { path: PathBuf::from(path), source })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_device_has_a_name_of_its_own_and_a_scenario_without_mistakes() {
        let all = diallers();
        let names: BTreeSet<&str> = all.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names.len(), all.len());
        for dialler in &all {
            let text = dialler.scenario(Ipv4Addr::new(127, 1, 0, 10), Ipv4Addr::new(127, 1, 0, 1));
            let scenario = auscult_model::scenario::parse(&text).unwrap_or_else(|m| panic!("{m:?}"));
            assert_eq!(scenario.node("cuff").unwrap().impostors.len(), 1, "{}", dialler.name);
            for message in dialler.about() {
                let id = message.id.strip_prefix("lab.").unwrap();
                assert!(crate::TEXT.contains(&format!("\n{id} = ")), "{id} has no words");
            }
            let faulty = dialler.name.contains('-');
            assert_eq!(!dialler.fails().is_empty(), faulty, "{}", dialler.name);
        }
    }
}
