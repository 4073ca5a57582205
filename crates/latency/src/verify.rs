//! After a deploy: one answer of each endpoint, and the certificate it came with.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use tollgate_check::{CheckError, Checker as _, Context};
use tollgate_http::{Client, Exchange, Failure, Request, Settings, TlsFacts, TlsFault};
use tollgate_input::Digest;
use tollgate_model::{
    Cause, Cell, Column, Exhibit, ExhibitData, Finding, Fingerprinter, Headline, Metric, NotApplicable, Problem,
    Report, Status, Word, format,
};

use crate::endpoint::{Endpoint, Endpoints};
use crate::measure::finding;
use crate::options::Options;
use crate::setup::Setup;
use crate::{Latency, numbers, probe};

const DAY: i64 = 86_400;

/// Asks each endpoint once and reports what is wrong with the answer.
///
/// # Errors
/// What keeps the probe from running at all.
pub(crate) fn run(
    ctx: &Context<'_>,
    setup: &Setup,
    options: &Options,
    endpoints: &Endpoints,
) -> Result<Report, CheckError> {
    let runtime = probe::runtime()?;
    let trusting = probe::client(setup.client.clone())?;
    let curious = probe::client(Settings { verify: false, redirects: 0, ..setup.client.clone() })?;
    let mut report = ctx.report(Latency::NAME, Latency::VERSION, Word::OwnRun);
    report.problems = endpoints.problems.clone();
    report.notes = endpoints.notes.clone();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
    let mut look = Look { least_days: options.certificate_days.unwrap_or(0), now, names: Fingerprinter::default() };
    let mut rows = Vec::new();
    for endpoint in &endpoints.all {
        if ctx.stopped() {
            report.problems.push(Problem::new(Cause::Unfinished, "it was interrupted before every endpoint was asked"));
            break;
        }
        let ask =
            |client: &Client, request: &Request| runtime.block_on(client.send(request, Instant::now() + setup.timeout));
        let mut exchange = ask(&trusting, &endpoint.request);
        // A certificate that is wrong is a finding; what is behind it is looked at too, but is not sent what only the right server may know.
        let distrusted = matches!(exchange.outcome, Err(Failure::Tls(_)));
        let open = carries_nothing(endpoint);
        if distrusted {
            exchange = ask(&curious, &if open { endpoint.request.clone() } else { endpoint.request.bare() });
        }
        let found = look.at(&mut report, endpoint, &exchange, open || !distrusted);
        rows.push(row(endpoint, &exchange, found.len(), now));
        record(ctx, endpoint, &exchange);
        report.findings.extend(found);
    }
    let wrong = report.findings.iter().filter(|finding| finding.level == tollgate_model::Level::Error).count() as u64;
    report.headline = Some(Headline {
        text: match wrong {
            0 if rows.len() == 1 => "1 endpoint answered as it should".to_owned(),
            0 => format!("{} answered as they should", format::things(rows.len() as u64, "endpoint")),
            n => format!(
                "{} wrong with the answers of {}",
                format::things(n, "thing"),
                format::things(rows.len() as u64, "endpoint")
            ),
        },
        details: report.findings.iter().map(|finding| finding.message.clone()).take(10).collect(),
        news: false,
    });
    report.exhibits.push(table(rows));
    let because = "with `verify` one answer is looked at, and no latency is measured";
    report.not_applicable = [numbers::OVER_LIMIT, numbers::REGRESSED]
        .map(|what| NotApplicable { what: what.to_owned(), because: because.to_owned() })
        .to_vec();
    report.status = if report.problems.is_empty() { Status::Complete } else { Status::Incomplete };
    Ok(report)
}

fn record(ctx: &Context<'_>, endpoint: &Endpoint, exchange: &Exchange) {
    if let Ok(response) = &exchange.outcome {
        ctx.record("response", &endpoint.label, Digest::of(&response.body), None);
    }
}

/// Whether a request tells nothing that its address does not.
fn carries_nothing(endpoint: &Endpoint) -> bool {
    let request = &endpoint.request;
    request.headers.is_empty() && request.body.is_empty() && request.url.query().is_none() && !endpoint.filled
}

struct Look {
    least_days: u32,
    /// Seconds since 1970.
    now: i64,
    names: Fingerprinter,
}

impl Look {
    /// What is wrong with one answer. That there is none is a problem.
    fn at(&mut self, report: &mut Report, endpoint: &Endpoint, exchange: &Exchange, whole: bool) -> Vec<Finding> {
        let response = match &exchange.outcome {
            Ok(response) => response,
            Err(failure) => {
                let message = format!("{}: no answer: {failure}", endpoint.label);
                report.problems.push(Problem::new(Cause::NoEvidence, message));
                return Vec::new();
            }
        };
        let mut found = Vec::new();
        if whole {
            for wrong in endpoint.accept.all_wrong(response) {
                let message = format!("{}: {}", endpoint.label, wrong.message);
                found.push(finding(&mut self.names, &format!("latency/verify-{}", wrong.part), endpoint, &message));
            }
        } else {
            let message = format!(
                "{}: its answer is not known: it is not asked with what it is to be sent (headers, a body, a query), for \
                 its certificate cannot be trusted",
                endpoint.label
            );
            report.problems.push(Problem::new(Cause::NoEvidence, message));
        }
        if let Some(tls) = &response.tls {
            let days = (tls.not_after_unix - self.now).div_euclid(DAY);
            let metric = Metric::count("latency.certificate_days", days.max(0) as u64);
            report.metrics.push(metric.label("endpoint", &endpoint.label));
            found.extend(self.certificate(endpoint, tls, days));
        }
        found
    }

    fn certificate(&mut self, endpoint: &Endpoint, tls: &TlsFacts, days: i64) -> Vec<Finding> {
        let label = &endpoint.label;
        let names = tls.subject_names.iter().take(5).cloned().collect::<Vec<String>>().join(", ");
        let fault = tls.fault.as_ref().map(|fault| match fault {
            TlsFault::Expired => ("certificate-expired", format!("its certificate expired {} days ago", -days - 1)),
            TlsFault::NotYetValid => ("certificate-expired", "its certificate is not valid yet".to_owned()),
            TlsFault::WrongName => ("certificate-name", format!("its certificate is one for {names}")),
            TlsFault::SelfSigned => {
                ("certificate-untrusted", "its certificate is signed by nobody but itself".to_owned())
            }
            TlsFault::UnknownIssuer => {
                ("certificate-untrusted", format!("nobody here trusts the issuer of its certificate, {}", tls.issuer))
            }
            other => ("certificate-untrusted", format!("its certificate cannot be trusted: {other}")),
        });
        let mut found = Vec::new();
        let expired = fault.as_ref().is_some_and(|(rule, _)| *rule == "certificate-expired");
        found.extend(fault.map(|(rule, text)| (rule, format!("{label}: {text}"))));
        if days < i64::from(self.least_days) && !expired {
            let text = format!("{label}: its certificate is good for {days} more days, {} are asked", self.least_days);
            found.push(("certificate-expires-soon", text));
        }
        let old = |protocol: &str| !["TLS 1.2", "TLS 1.3"].contains(&protocol);
        if old(&tls.protocol) {
            found.push(("old-protocol", format!("{label}: it speaks {}, which is out of date", tls.protocol)));
        }
        let name = |(rule, text): (&str, String)| finding(&mut self.names, &format!("latency/{rule}"), endpoint, &text);
        found.into_iter().map(name).collect()
    }
}

fn row(endpoint: &Endpoint, exchange: &Exchange, wrong: usize, now: i64) -> Vec<Cell> {
    let took = exchange.ended.saturating_duration_since(exchange.started).as_secs_f64() * 1_000.0;
    let (status, protocol, days) = match &exchange.outcome {
        Ok(response) => {
            let tls = response.tls.as_ref();
            let days = tls.map(|tls| (tls.not_after_unix - now).div_euclid(DAY).max(0) as u64);
            (Cell::Text(response.status.to_string()), tls.map(|tls| tls.protocol.clone()), days)
        }
        Err(failure) => (Cell::Text(failure.class().to_owned()), None, None),
    };
    vec![
        Cell::Text(endpoint.label.clone()),
        status,
        Cell::Milliseconds(took),
        protocol.map_or(Cell::Empty, Cell::Text),
        days.map_or(Cell::Empty, Cell::Count),
        Cell::Count(wrong as u64),
    ]
}

fn table(rows: Vec<Vec<Cell>>) -> Exhibit {
    let columns = vec![
        Column::text("Endpoint"),
        Column::text("Answer"),
        Column::number("Took"),
        Column::text("Protocol"),
        Column::number("Days left"),
        Column::number("Wrong"),
    ];
    let data = ExhibitData::Table { columns, rows, omitted: 0 };
    Exhibit { id: "answers".to_owned(), title: "What was answered".to_owned(), data }
}
