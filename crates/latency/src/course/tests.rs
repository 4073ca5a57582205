use tollgate_http::Phases;

use super::*;
use crate::engine::{Method, Plan, Says};

fn test() -> Test {
    Test::new(Plan {
        theta0: 0.05,
        alpha: 0.05,
        method: Method::Strict,
        least: 20,
        least_time_s: 1.0,
        most: 1_000,
        spell_s: None,
    })
}

fn course(answered: bool) -> Course {
    let question = Question { statistic: Statistic::P95, limit: 100.0, target: None, assumed: false, test: test() };
    Course::new(vec![question], test(), answered, (75, 1.0))
}

fn shot(at: f64, ms: u64, seen: Seen) -> Shot {
    let (lag, phases) = (Duration::ZERO, Phases::default());
    Shot { at, lag, latency: Duration::from_millis(ms), phases, bytes: 2, seen }
}

fn failed() -> Seen {
    Seen::Failed { class: "refused", message: "connection refused".to_owned(), answered: false }
}

/// The answers to the later requests are there first, and are fast.
#[test]
fn answers_count_in_the_order_in_which_they_were_due() {
    let (mut course, start) = (course(true), Instant::now());
    for i in 0..80 {
        course.sent(f64::from(i) / 50.0, start);
    }
    for i in 1..80 {
        course.came(f64::from(i) / 50.0, shot(f64::from(i) / 50.0, 1, Seen::Good));
    }
    course.advance(start);
    assert_eq!((course.outcomes()[0].n, course.over.clone()), (0, None));
    // The first is known to be slow as soon as it is later than the limit.
    course.advance(start + Duration::from_millis(101));
    let outcome = &course.outcomes()[0];
    assert_eq!((outcome.n, outcome.m), (80, 1));
    assert_eq!(course.shots.len(), 0);
    course.came(0.0, shot(0.0, 400, Seen::Good));
    course.advance(start + Duration::from_millis(400));
    assert_eq!((course.shots.len(), course.outcomes()[0].n), (80, 80));
}

#[test]
fn what_fails_before_the_first_answer_is_no_sample() {
    let (mut course, start) = (course(false), Instant::now());
    for i in 0..5 {
        let at = f64::from(i);
        course.sent(at, start);
        course.came(at, shot(at, 1, if i < 3 { failed() } else { Seen::Good }));
    }
    course.sent(5.0, start);
    course.came(5.0, shot(5.0, 1, failed()));
    course.advance(start);
    assert_eq!((course.shots.len(), course.unanswered.clone().unwrap().0), (3, 3));
    assert_eq!((course.outcomes()[0].n, course.outcomes()[0].m), (3, 1));
    assert_eq!(course.failures["refused"].0, 1);
}

#[test]
fn what_never_answers_is_given_up() {
    let (mut course, start) = (course(false), Instant::now());
    for i in 0..MOST_UNANSWERED {
        course.sent(i as f64, start);
        course.came(i as f64, shot(i as f64, 1, failed()));
    }
    course.advance(start);
    assert_eq!((course.over.clone(), course.shots.len()), (Some(Over::Silent), 0));
}

#[test]
fn what_is_under_way_at_the_end_took_at_least_so_long() {
    let (mut course, start) = (course(true), Instant::now());
    course.sent(0.0, start);
    course.close(start + Duration::from_millis(50));
    assert_eq!(course.shots[0].seen, Seen::UnderWay);
    assert_eq!(course.outcomes()[0].says, Says::TooFew { least: 78 });
}

#[test]
fn a_service_that_is_throttled_is_left_alone() {
    let (mut course, start) = (course(true), Instant::now());
    course.sent(0.0, start);
    course.came(0.0, shot(0.0, 1, Seen::Limited { retry_after: Some("30".to_owned()) }));
    course.advance(start);
    assert_eq!(course.over, Some(Over::RateLimited { retry_after: Some("30".to_owned()) }));
    assert!(course.shots.is_empty());
}
