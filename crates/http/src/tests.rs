use std::sync::Arc;
use std::time::{Duration, Instant};

use tollgate_origin::{Answer, Certificate, Delay, Origin, Route};

use super::*;

fn ask_with(settings: Settings, urls: &[String], within: Duration) -> Vec<Exchange> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::new(settings).unwrap();
    runtime.block_on(async {
        let mut all = Vec::new();
        for url in urls {
            let request = Request::new("GET", url).unwrap();
            all.push(client.send(&request, Instant::now() + within).await);
        }
        all
    })
}

fn ask(url: String) -> Exchange {
    ask_with(Settings { max_body: 1 << 20, ..Settings::default() }, &[url], Duration::from_secs(10)).remove(0)
}

fn origin(answer: Answer) -> Origin {
    Origin::start(vec![Route::get("/", answer)]).unwrap()
}

fn failure(answer: Answer) -> (&'static str, String) {
    let origin = origin(answer);
    let failure = ask(origin.url("/")).outcome.unwrap_err();
    (failure.class(), failure.to_string())
}

#[test]
fn an_answer_is_whole_and_its_time_adds_up() {
    let route = Route::ok("/a").after(Delay::Fixed(Duration::from_millis(30)));
    let origin = Origin::start(vec![route]).unwrap();
    let exchange = ask(origin.url("/a?x=1"));
    let response = exchange.outcome.unwrap();
    assert_eq!((response.status, &response.body[..]), (200, &b"{\"status\":\"ok\"}"[..]));
    assert_eq!((response.version, response.wire_bytes, response.hops.len()), (Version::Http11, 15, 0));
    let Phases { dns, tcp, tls, first_byte, last_byte } = exchange.phases;
    assert_eq!((dns, tls), (None, None));
    assert!(first_byte.unwrap() >= Duration::from_millis(29));
    let sum = [tcp, first_byte, last_byte].into_iter().flatten().sum::<Duration>();
    assert!(sum <= exchange.ended - exchange.started, "{sum:?}");
    assert_eq!(origin.seen()[0].target, "/a?x=1");
    assert_eq!(origin.seen()[0].headers["host"], origin.address().to_string());
}

#[test]
fn connections_are_kept() {
    let origin = Origin::start(vec![Route::ok("/")]).unwrap();
    let urls = vec![origin.url("/"); 3];
    let reused: Vec<bool> =
        ask_with(Settings::default(), &urls, Duration::from_secs(10)).iter().map(|exchange| exchange.reused).collect();
    assert_eq!(reused, [false, true, true]);
}

#[test]
fn a_request_is_sent_again_only_where_no_byte_of_an_answer_came() {
    let origin = origin(Answer::CloseWhenKept);
    let urls = vec![origin.url("/"); 2];
    let all = ask_with(Settings::default(), &urls, Duration::from_secs(10));
    assert!(all[1].outcome.is_ok() && all[1].retried && !all[1].reused, "{:?}", all[1]);
    assert_eq!(origin.seen().len(), 3);
    let routes = vec![Route::ok("/"), Route::get("/cut", Answer::Reset(60))];
    let origin = Origin::start(routes).unwrap();
    let all = ask_with(Settings::default(), &[origin.url("/"), origin.url("/cut")], Duration::from_secs(10));
    assert!(all[1].outcome.is_err() && all[1].reused && !all[1].retried, "{:?}", all[1]);
    assert_eq!(origin.seen().len(), 2);
}

#[test]
fn each_fault_has_a_name() {
    for (answer, class) in [
        (Answer::Close, "closed"),
        (Answer::Reset(0), "reset"),
        (Answer::Truncated, "body-truncated"),
        (Answer::EndlessBody, "body-too-large"),
        (Answer::EndlessHeaders, "headers-too-large"),
        (Answer::Garbage, "not-http"),
        (Answer::BrokenGzip, "encoding"),
        (Answer::Bomb(8), "body-too-large"),
    ] {
        let (found, words) = failure(answer.clone());
        assert_eq!(found, class, "{answer:?}: {words}");
        assert!(!words.is_empty() && !words.contains('\n'), "{words}");
    }
    let nobody = Origin::start(Vec::new()).unwrap().url("/");
    assert_eq!(ask(nobody).outcome.unwrap_err().class(), "refused");
    let nowhere = ask("http://no-such-host.invalid/".to_owned()).outcome.unwrap_err();
    assert_eq!(nowhere.class(), "dns", "{nowhere}");
}

#[test]
fn one_deadline_holds_for_all() {
    let routes = vec![
        Route::get("/hang", Answer::Hang),
        Route::get("/slow", Answer::SlowBody(1_000, Duration::from_millis(20))),
    ];
    let origin = Origin::start(routes).unwrap();
    for (path, waiting, answered) in [("/hang", Waiting::Answer, false), ("/slow", Waiting::Body, true)] {
        let all = ask_with(Settings::default(), &[origin.url(path)], Duration::from_millis(300));
        let failure = all[0].outcome.as_ref().unwrap_err();
        assert_eq!((failure, failure.answered()), (&Failure::Timeout(waiting), answered));
        assert!(all[0].ended - all[0].started < Duration::from_secs(5));
    }
}

#[test]
fn early_hints_are_not_the_answer_and_bodies_are_decompressed() {
    let routes = vec![Route::get("/hints", Answer::EarlyHints), Route::get("/zip", Answer::Bomb(1))];
    let origin = Origin::start(routes).unwrap();
    assert_eq!(ask(origin.url("/hints")).outcome.unwrap().status, 200);
    let response = ask(origin.url("/zip")).outcome.unwrap();
    assert_eq!(response.body.len(), 1 << 20);
    assert!(response.wire_bytes < 1 << 14);
}

#[test]
fn redirects_are_the_answer_unless_they_are_followed() {
    let elsewhere = Origin::start(vec![Route::ok("/there")]).unwrap();
    let routes = vec![
        Route::redirect("/on", "/end"),
        Route::ok("/end"),
        Route::redirect("/away", &elsewhere.url("/there")),
        Route::redirect("/round", "/about"),
        Route::redirect("/about", "/round"),
        Route::redirect("/odd", "ftp://example.org/"),
    ];
    let origin = Origin::start(routes).unwrap();
    assert_eq!(ask(origin.url("/on")).outcome.unwrap().status, 302);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::new(Settings { redirects: 3, ..Settings::default() }).unwrap();
    let send = |path: &str| {
        let request = Request::new("GET", &origin.url(path)).unwrap().header("authorization", "who").unwrap();
        let request = request.header("x-echo", "me").unwrap();
        runtime.block_on(client.send(&request, Instant::now() + Duration::from_secs(10))).outcome
    };
    let response = send("/on").unwrap();
    assert_eq!((response.status, response.url.path(), response.hops.len()), (200, "/end", 1));
    assert_eq!(response.headers["x-echo"], "me");
    let away = send("/away").unwrap();
    assert_eq!((away.status, away.headers.get("x-echo")), (200, None));
    assert!(!elsewhere.seen()[0].headers.contains_key("authorization"));
    assert!(matches!(send("/round"), Err(Failure::RedirectLoop(_))));
    assert!(matches!(send("/odd"), Err(Failure::RedirectRefused(_))));
}

/// Speaks HTTP/2 on one connection, and answers the path.
async fn http2_on(stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static) {
    use hyper_util::rt::{TokioExecutor, TokioIo};
    let answer = hyper::service::service_fn(async |request: http::Request<hyper::body::Incoming>| {
        let path = request.uri().path().to_owned();
        Ok::<_, std::convert::Infallible>(http::Response::new(http_body_util::Full::new(bytes::Bytes::from(path))))
    });
    let connection = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
    let _ = connection.serve_connection(TokioIo::new(stream), answer).await;
}

/// A server that speaks HTTP/2 without asking first.
async fn http2(listener: tokio::net::TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(http2_on(stream));
    }
}

#[test]
fn one_connection_of_http2_carries_many_requests() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::new(Settings { http2: Http2::PriorKnowledge, ..Settings::default() }).unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(http2(listener));
        let deadline = Instant::now() + Duration::from_secs(10);
        let first = client.send(&Request::new("GET", &format!("{base}/first")).unwrap(), deadline).await;
        assert_eq!(first.outcome.unwrap().version, Version::Http2);
        let ask = async |path: &str| {
            let exchange = client.send(&Request::new("GET", &format!("{base}{path}")).unwrap(), deadline).await;
            (exchange.reused, exchange.outcome.unwrap().body)
        };
        let (a, b) = tokio::join!(ask("/a"), ask("/b"));
        assert_eq!((a, b), ((true, "/a".into()), (true, "/b".into())));
    });
}

#[test]
fn http2_is_agreed_on_over_tls_and_http1_where_it_is_not_wanted() {
    let (mut config, authority) = Certificate::Valid(20).made().unwrap();
    Arc::get_mut(&mut config).unwrap().alpn_protocols = vec![b"h2".to_vec()];
    let roots: Vec<CertificateDer<'static>> = authority.map(CertificateDer::from).into_iter().collect();
    let client = |http2| Client::new(Settings { http2, extra_roots: roots.clone(), ..Settings::default() }).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        tokio::spawn(async move {
            let acceptor = tokio_rustls::TlsAcceptor::from(config);
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(stream) = acceptor.accept(stream).await {
                    tokio::spawn(http2_on(stream));
                }
            }
        });
        let deadline = Instant::now() + Duration::from_secs(10);
        let request = |path: &str| Request::new("GET", &format!("{base}{path}")).unwrap();
        let auto = client(Http2::Auto);
        let first = auto.send(&request("/first"), deadline).await;
        let response = first.outcome.unwrap();
        assert_eq!((response.version, &response.body[..]), (Version::Http2, &b"/first"[..]));
        assert_eq!(response.tls.unwrap().alpn.as_deref(), Some("h2"));
        let ask = async |path: &str| auto.send(&request(path), deadline).await.reused;
        assert_eq!(tokio::join!(ask("/a"), ask("/b")), (true, true));
        // This server speaks nothing else, so there is no agreement.
        let refused = client(Http2::Never).send(&request("/"), deadline).await.outcome.unwrap_err();
        assert!(matches!(refused, Failure::Tls(_)), "{refused:?}");
    });
}

fn over_tls(certificate: Certificate, verify: bool, trusted: bool) -> Result<Response, Failure> {
    let origin = Origin::start_tls(vec![Route::ok("/")], certificate).unwrap();
    let authority = origin.authority().filter(|_| trusted).map(|der| CertificateDer::from(der.to_vec()));
    let settings = Settings { verify, extra_roots: authority.into_iter().collect(), ..Settings::default() };
    ask_with(settings, &[origin.url("/")], Duration::from_secs(10)).remove(0).outcome
}

#[test]
fn certificates_are_verified_and_told_about() {
    let facts = over_tls(Certificate::Valid(20), true, true).unwrap().tls.unwrap();
    assert_eq!(
        (facts.protocol.as_str(), facts.fault, facts.subject_names),
        ("TLS 1.3", None, vec!["localhost".to_owned()])
    );
    let days = (facts.not_after_unix - facts.not_before_unix) / 86_400;
    assert!((20..=22).contains(&days) && !facts.issuer.is_empty(), "{days}");
    for (certificate, trusted, fault) in [
        (Certificate::Expired, true, TlsFault::Expired),
        (Certificate::NotYetValid, true, TlsFault::NotYetValid),
        (Certificate::WrongName, true, TlsFault::WrongName),
        (Certificate::SelfSigned, true, TlsFault::SelfSigned),
        (Certificate::Valid(20), false, TlsFault::UnknownIssuer),
    ] {
        let refused = over_tls(certificate, true, trusted).unwrap_err();
        assert_eq!(refused, Failure::Tls(fault.clone()), "{certificate:?}");
        let told = over_tls(certificate, false, trusted).unwrap();
        assert_eq!((told.status, told.tls.unwrap().fault), (200, Some(fault)), "{certificate:?}");
    }
}

#[test]
fn a_request_that_makes_no_sense_is_refused_without_telling_secrets() {
    assert_eq!(Request::new("GE T", "http://a/").unwrap_err(), RequestError::Method("GE T".to_owned()));
    for url in ["", "a", "ftp://a/", "http://", "file:///etc/passwd"] {
        assert!(matches!(Request::new("GET", url), Err(RequestError::Url { .. })), "{url}");
    }
    let url = ["http://me:pass", "%20word@localhost/"].concat();
    let request = Request::new("GET", &url).unwrap();
    assert_eq!(
        (request.url.as_str(), request.headers["authorization"].to_str().unwrap()),
        ("http://localhost/", "Basic bWU6cGFzcyB3b3Jk")
    );
    let refused = request.header("x", "one\r\ntwo").unwrap_err();
    assert!(!refused.to_string().contains("one"), "{refused}");
}
