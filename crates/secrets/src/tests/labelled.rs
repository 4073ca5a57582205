//! A labelled set: credentials drawn from the form of every rule, in the places where people leave them, and text that only looks
//! like them.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::string::bytes_regex;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tollgate_model::Confidence;

use crate::catalogue::{self, RULES, TRIED};
use crate::engine::detector::Detect;
use crate::engine::scan::Scanner;
use crate::engine::set::Set;
use crate::sight::sights;

fn set() -> Set {
    Set::new(catalogue::detectors(&|_, _| false).unwrap())
}

fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

/// Values that match `expression`, so many.
fn drawn(expression: &str, many: usize) -> Vec<String> {
    let mut runner = runner();
    // What stands around a value is none of its form.
    let form = match expression.strip_prefix("(?:^|[^").and_then(|rest| rest.split_once("])")) {
        Some((_, form)) => form.to_owned(),
        None => expression.to_owned(),
    };
    // One that says where a line begins cannot be drawn; how many there are is counted.
    let Ok(strategy) = bytes_regex(&format!("(?-u:{form})")) else { return Vec::new() };
    let draw = |_| String::from_utf8(strategy.new_tree(&mut runner).unwrap().current()).ok();
    (0..many).filter_map(draw).collect()
}

/// Where people leave a credential.
fn places(name: &str, value: &str) -> Vec<String> {
    vec![
        format!("{name}={value}\n"),
        format!("  {name}: \"{value}\"\n"),
        format!("const {name} = '{value}';\n"),
        format!("{{\"{name}\": \"{value}\", \"x\": 1}}\n"),
        format!("{{\"text\": \"{{\\\"{name}\\\": \\\"{value}\\\"}}\"}}\n"),
    ]
}

/// How many texts with a drawn credential there were, and in how many it was found.
struct Rate {
    drawn: usize,
    found: usize,
    /// Of those found, by the rule that it was drawn from: what looks like two is one finding, of the surer rule.
    own: usize,
    missed: Option<String>,
}

/// How well what `detect` describes is found; none where it cannot be drawn.
fn rate(set: &Set, detect: &Detect, id: &str) -> Option<Rate> {
    let form = detect.expression.as_ref().or(detect.value.as_ref())?;
    // What a check verifies cannot be drawn.
    if detect.check.is_some() || detect.need.is_some() {
        return None;
    }
    let word =
        detect.words.iter().find(|word| word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'));
    if !detect.words.is_empty() && word.is_none() {
        return None;
    }
    let name = word.map_or("SETTING".to_owned(), |word| word.replace('-', "_"));
    let mut scanner = Scanner::new(set);
    let mut rate = Rate { drawn: 0, found: 0, own: 0, missed: None };
    // A class is drawn from range by range, so that signs come up far too often: values with many of them are left out.
    let signs = |value: &str| value.bytes().filter(|byte| !byte.is_ascii_alphanumeric()).count();
    let plain = |value: &String| {
        value.bytes().all(|byte| (0x20..0x7F).contains(&byte) && !matches!(byte, b'"' | b'\'' | b'\\'))
    };
    let mut values: Vec<String> = drawn(form, 40).into_iter().filter(plain).collect();
    values.sort_by_key(|value| signs(value));
    for value in values.into_iter().take(10) {
        for text in places(&name, &value) {
            rate.drawn += 1;
            let kept = scanner.scan(text.as_bytes());
            let seen = sights(set, text.as_bytes(), &kept);
            rate.found += usize::from(!seen.is_empty());
            rate.own += usize::from(seen.iter().any(|sight| set.detectors[sight.detector].rule == id));
            if seen.is_empty() {
                rate.missed.get_or_insert(text);
            }
        }
    }
    Some(rate)
}

/// The rate of every rule that is data, by its id.
fn rates(set: &Set) -> Vec<(&'static str, Option<Rate>)> {
    let data = RULES.iter().filter_map(|rule| Some((rule.id.as_str(), catalogue::detect(&rule.id)?)));
    data.map(|(id, detect)| (id, rate(set, detect, id).filter(|rate| rate.drawn > 0))).collect()
}

#[test]
fn credentials_of_every_form_are_found_where_people_leave_them() {
    let set = set();
    let rates = rates(&set);
    let seen: Vec<(&str, &Rate)> = rates.iter().filter_map(|(id, rate)| Some((*id, rate.as_ref()?))).collect();
    let (found, all) = seen.iter().fold((0, 0), |(found, all), (_, rate)| (found + rate.found, all + rate.drawn));
    let poor = seen.iter().filter(|(_, rate)| rate.drawn >= 40 && rate.found * 100 < rate.drawn * 25);
    let poor: BTreeMap<&str, (usize, usize, &Option<String>)> =
        poor.map(|(id, rate)| (*id, (rate.found, rate.drawn, &rate.missed))).collect();
    assert!(poor.is_empty(), "{found} of {all}; {poor:#?}");
    assert!(found * 100 >= all * 98, "{found} of {all}");
    is_as_documented(&set, &rates, found, all);
}

/// Compares the table of `docs/secrets-accuracy.md` with what was measured; with `TOLLGATE_BLESS` set, writes it.
fn is_as_documented(set: &Set, rates: &[(&str, Option<Rate>)], found: usize, all: usize) {
    let false_alarms = alarms(set).len();
    let drawn = rates.iter().filter(|(_, rate)| rate.is_some()).count();
    let mut page = format!(
        "# Secrets: what is found of what was put there\n\n\
         Written by the test `labelled` of `crates/secrets` (`TOLLGATE_BLESS=1 cargo test -p tollgate-secrets --lib labelled`), \n\
         which fails where this page is not what it measures. For each rule up to ten values are drawn from its form and put\n\
         where people leave credentials: an environment file, YAML, a program, JSON, JSON in a string. *Found* is by any rule,\n\
         *by itself* by this one: of two rules that see one value the surer one reports it. Values of a form without a structure\n\
         of its own are dropped where they look like no secret (too little entropy), so that not all are found. What carries a\n\
         checksum or an inner structure cannot be drawn; such rules, like all, are held to their examples and counter-examples.\n\n\
         {found} of {all} texts found, of {drawn} rules. In the negatives (lock files, checksums, commits, UUIDs, SVG,\n\
         certificates, public keys, pictures, minified programs, {} phrases): {false_alarms} false alarms.\n\n\
         | rule | texts | found | by itself | examples |\n|---|---|---|---|---|\n",
        PHRASES.len()
    );
    for (id, rate) in rates {
        let examples = TRIED
            .iter()
            .find(|rule| rule.id == *id)
            .map_or(0, |rule| rule.examples.len() + rule.counter_examples.len());
        let cells = rate.as_ref().map_or("not drawn | | ".to_owned(), |rate| {
            format!(
                "{} | {:.0} % | {:.0} %",
                rate.drawn,
                percent(rate.found, rate.drawn),
                percent(rate.own, rate.drawn)
            )
        });
        page += &format!("| [{id}](rules/{id}.md) | {cells} | {examples} |\n");
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/secrets-accuracy.md");
    if std::env::var_os("TOLLGATE_BLESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(written == page, "{path} is not what was measured; TOLLGATE_BLESS=1 writes it anew");
}

#[expect(clippy::cast_precision_loss, reason = "some hundred texts")]
fn percent(part: usize, whole: usize) -> f64 {
    // Rounded down: all is said of all only.
    (part as f64 * 100.0 / whole as f64).floor()
}

/// What people write where no secret stands.
const PHRASES: &[&str] = &[
    "password: 'Enter your password'",
    "\"passwordHint\": \"At least 8 characters\"",
    "token: string;",
    "const token = await getToken(req)",
    "secret = config.get('secret')",
    "API_KEY=your-api-key",
    "API_KEY=<your-api-key>",
    "api_key: ${API_KEY}",
    "apiKey: process.env.API_KEY,",
    "password = os.environ['PASSWORD']",
    "PASSWORD=changeme",
    "postgres://user:password@localhost/db",
    "postgres://${DB_USER}:${DB_PASSWORD}@${DB_HOST}/db",
    "Authorization: Bearer <token>",
    "Authorization: `Bearer ${token}`",
    "headers: { Authorization: 'Bearer ' + token }",
    "tokenUrl: 'https://auth.example.com/oauth/token'",
    "accessTokenLifetime: 3600,",
    "\"secretName\": \"production-database-credentials\"",
    "secretKeyRef: {name: app-secrets, key: database-url}",
    "<label for=\"password\">Password</label>",
    "keyboardShortcut = 'Ctrl+Shift+P'",
    "primaryKey: 'user_id_2024_index'",
    "cacheKey = `user:${id}:profile`",
    "token_endpoint = 'https://id.example.com/v1/token'",
    "csrfToken = generateToken(32)",
    "passwordResetTokenExpiry = Date.now() + 3600000",
    "sk_live_...",
    "AKIA****************",
    concat!("ghp", "_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    "password: '********'",
    "pwd = getpass.getpass()",
    "db_password = var.db_password",
    "password = \"{{ vault_password }}\"",
    "secret: !Ref DatabaseSecret",
    "SECRET_KEY_BASE: ${{ secrets.SECRET_KEY_BASE }}",
    "public_key: \"AAAAB3NzaC1yc2EAAAADAQABAAABAQC7\"",
];

/// What looks like credentials to whoever counts characters.
fn negatives() -> Vec<(&'static str, String)> {
    let hex = |many: usize| drawn("[0-9a-f]{40}", many);
    let base64 = |many: usize| drawn("[A-Za-z0-9+/]{86}==", many);
    let mut all = vec![
        ("lock file", base64(200).iter().map(|sum| format!("      \"integrity\": \"sha512-{sum}\",\n")).collect()),
        ("checksums", hex(200).iter().enumerate().map(|(at, sum)| format!("{sum}  dist/file-{at}.tar.gz\n")).collect()),
        ("commits", hex(200).iter().map(|id| format!("  uses: actions/checkout@{id} # v4\n")).collect()),
        (
            "UUIDs",
            drawn("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", 200)
                .iter()
                .map(|id| format!("  id: \"{id}\",\n"))
                .collect(),
        ),
        (
            "SVG",
            drawn("M[0-9]{1,3}\\.[0-9]{1,3}( [a-zA-Z]-?[0-9]{1,3}\\.[0-9]{1,4}){20}", 100)
                .iter()
                .map(|path| format!("<path d=\"{path}\"/>\n"))
                .collect(),
        ),
        ("certificate", format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64(30).join("\n"))),
        (
            "public keys",
            base64(30).iter().map(|key| format!("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{key} user@host\n")).collect(),
        ),
        (
            "pictures",
            base64(50)
                .iter()
                .map(|data| format!("url(data:image/png;base64,iVBORw0KGgo{})", data.trim_end_matches('=')))
                .collect(),
        ),
        (
            "minified",
            drawn("(var|let) [a-z]{1,2}=function\\([a-z],[a-z]\\)\\{return [a-z]\\.[a-zA-Z]{3,12}\\([a-z]\\)\\};", 200)
                .concat(),
        ),
    ];
    all.push(("phrases", PHRASES.join("\n")));
    all
}

/// What is found where there is none.
fn alarms(set: &Set) -> Vec<String> {
    let mut scanner = Scanner::new(set);
    let mut wrong = Vec::new();
    for (name, text) in negatives() {
        let kept = scanner.scan(text.as_bytes());
        for sight in sights(set, text.as_bytes(), &kept) {
            // A bare value is judged by the path as well; here there is none.
            if !sight.bare || sight.confidence > Confidence::Low {
                let line = text.lines().nth(sight.region.start_line as usize - 1).unwrap_or_default();
                wrong.push(format!(
                    "{name}: {} ({}): {}",
                    set.detectors[sight.detector].rule,
                    sight.confidence,
                    line.chars().take(120).collect::<String>()
                ));
            }
        }
    }
    wrong
}

#[test]
fn what_only_looks_alike_is_not_found() {
    let wrong = alarms(&set());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
