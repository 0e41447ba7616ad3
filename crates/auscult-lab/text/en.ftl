# Simulated worlds: what each fault is, and what can keep a world from coming up.

port-in-use =
    { $address } is already in use.
    Another lab may be running: end it, or choose other addresses with --octet.
cannot-listen =
    Cannot listen on { $address }: { $why }.
    The lab needs the loopback network 127.0.0.0/8; outside Linux each address must first be added to the loopback interface.
octet = { $octet } cannot be the second part of the lab's addresses; choose a number from 1 to 254.
unknown-fault =
    There is no fault named { $name }.
    List them all with: auscult lab faults
unknown-device =
    There is no device named { $name }.
    List them all with: auscult lab devices
conflict =
    The faults { $one } and { $other } exclude each other.
    Leave one of them out with --without.
certificates = The lab's certificates could not be made: { $why }.
tls = TLS could not be set up for the lab: { $why }.
cannot-write = Cannot write { $path }: { $why }.

fault-cuff-default-login = The cuff's set-up page takes admin/admin.
fault-cuff-admin-open = The cuff's network settings open without a login.
fault-cuff-directory-listing = The cuff lists the files of a folder to anyone.
fault-cuff-trace = The cuff's web server answers TRACE.
fault-cuff-version-told = The cuff's web server tells its product and version.
fault-cuff-debug-page = The cuff shows a debug page to strangers.
fault-cuff-login-in-clear = The cuff's set-up page, with its login, is there in clear HTTP only.
fault-cuff-no-redirect = The cuff's clear HTTP port shows a page of its own and does not lead to HTTPS.
fault-cuff-no-hsts = The cuff's set-up page does not send Strict-Transport-Security.
fault-cuff-no-headers = The cuff's set-up page sends no security headers.
fault-cuff-open-cors = The cuff lets any website read its pages with the user's login.
fault-cuff-cookie-unsafe = The cuff's session cookie has none of its safety flags.
fault-pump-telnet = The infusion pump has a telnet login that nobody declared.
fault-pump-over-wifi = The pump's HL7 goes to the hub over Wi-Fi, in clear, and not over a cable.
fault-pump-answers-anyone = The pump answers HL7 messages from any sender.
fault-hub-any-sender = The hub takes HL7 messages from any sender.
fault-hub-hangs-on-nonsense = The hub answers nobody any more after a message of HL7 without a header.
fault-hub-one-at-a-time = While one message of HL7 is not whole, the hub lets all others wait.
fault-hub-second-login = The hub's administration has a second login, for the service firm, that nobody declared.
fault-hub-undeclared-api = The hub has an interface for programs that nobody declared.
fault-portal-login-misdeclared = The portal is declared to ask by HTTP Basic and asks by a form.
fault-hub-undeclared-port = The hub has an open port that nobody declared.
fault-hub-self-signed = The hub's certificate is signed by itself.
fault-hub-expired = The hub's certificate has expired.
fault-hub-expiring = The hub's certificate expires in ten days.
fault-hub-wrong-name = The hub's certificate is made out to another name.
fault-hub-revoked = The hub's certificate stands on its authority's list of what is revoked.
fault-hub-wrong-purpose = The hub's certificate is for clients, not for servers.
fault-hub-mllp-misdeclared = The hub's HL7 port is declared to speak TLS and does not.
fault-broker-in-clear = The platform's MQTT broker speaks in clear on port 1883.
fault-broker-anonymous = The broker lets clients in that do not say who they are.
fault-broker-wildcard = The broker lets a stranger listen to all topics.
fault-broker-publish = The broker lets a stranger publish on topics of others.
fault-broker-takeover = The broker lets a stranger take over the client id of another.
fault-broker-system-topics = The broker tells its version and load to a stranger.
fault-broker-default-login = The broker takes admin/admin.
fault-broker-no-client-certificate = The broker does not demand the client certificate that it is declared to demand.
fault-fhir-open-read = The FHIR API shows a patient to anyone who knows the number.
fault-fhir-open-search = The FHIR API lets anyone search for patients.
fault-fhir-bulk-open = The FHIR API hands out everything at once to anyone.
fault-portal-logout-forgotten = The portal forgets a logout: the session goes on.
fault-hub-guessing-unbounded = The hub's login lets passwords be guessed without end.
fault-fhir-other-patient = The FHIR API shows a patient the other patients of the practice.
fault-fhir-other-tenant = The FHIR API shows a patient the patients of other practices.
fault-fhir-withdrawn-token = The FHIR API still takes a token that was withdrawn.
fault-low-privilege-admin = The platform gives its list of users to every token.
fault-broker-other-topic = The broker lets one patient's cuff listen at another's.
fault-broker-withdrawn-account = The broker still lets an account in that was withdrawn.
fault-fhir-tls-1-0 = The FHIR API still speaks TLS 1.0.
fault-fhir-no-tls-1-3 = The FHIR API does not speak TLS 1.3.
fault-fhir-rsa-2048 = The FHIR API's key is RSA with 2048 bits, too short for its class.
fault-smart-missing = The FHIR API has no SMART configuration.
fault-smart-plain = The SMART configuration allows PKCE without hashing.
fault-smart-clear-endpoint = The SMART configuration names a token endpoint in clear HTTP.
fault-archive-any-peer = The practice's image archive opens associations with any peer.
fault-archive-open-query = The archive answers queries of any peer.
fault-archive-open-store = The archive takes images from any peer.
fault-archive-in-clear = The archive speaks DICOM in clear.
fault-portal-version-told = The practice's portal tells its web server's product and version.
fault-security-txt-missing = The maker's website does not say where to report a flaw.
fault-security-txt-expired = The maker's security.txt has expired.
fault-policy-behind-login = The maker shows its policy for reporting flaws only to customers who log in.
fault-support-period-missing = The maker's website has no page with the support period of the cuff.
fault-support-period-contradicts = The maker's website names another end of support for the cuff than is declared.
fault-support-period-behind-login = The maker shows the support period of the glucose sensor only to customers who log in.
fault-replacement-plan-missing = The maker's website does not say how the pump, which cannot be updated, is replaced.
fault-replacement-plan-behind-login = The maker shows how the pump is replaced only to customers who log in.
fault-sensors-untold = The maker's website does not say which sensors the cuff has.

dialler-mqtt = It connects to a broker over TLS and publishes a reading.
dialler-fhir = It posts an Observation to a FHIR server over TLS.
dialler-update = It fetches signed images from an update server over TLS and tells its version.
dialler-command = It subscribes to commands of a broker over TLS and tells what it is set to.
client-proper = Nothing is wrong with it.
client-believes-self-signed = It takes a certificate that nobody but itself signed.
client-believes-any-authority = It takes any chain that holds together, whoever its authority is.
client-believes-any-name = It does not compare the name in the certificate.
client-believes-expired = It does not look at the date of the certificate.
client-believes-revoked = It goes on with a certificate that its authority has revoked.
client-believes-any-time = It takes any time that the network tells.
client-believes-weak-key = It does not look at the length of the key.
client-falls-back-to-clear = It comes back in clear when the handshake fails.
client-speaks-in-clear = It never spoke TLS.
client-gives-up = It never dials again after a handshake that failed.
client-takes-unsigned = It installs images without a signature.
client-takes-foreign-key = It installs images that anybody signed.
client-takes-altered = It installs images whose contents are not those that were signed.
client-takes-cut-off = It installs images whose end is missing.
client-takes-foreign-model = It installs images for another model.
client-takes-older = It installs older images than it has.
client-takes-old = It obeys a command that it has obeyed before.
