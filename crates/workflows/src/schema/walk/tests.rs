use tollgate_input::{Limits, yaml};

use super::*;
use crate::mistake::Mistake;
use crate::schema::shape::{BOOL, FILLED, NUMBER, Shape, field, required};

static ROOT: Shape = Shape::keys(&ROOT_KEYS);
static ROOT_KEYS: Keys = Keys::strict(
    "a thing",
    &[&[
        required("name", &FILLED),
        field("on", &ANY),
        field("flag", &FLAG),
        field("timeout-minutes", &NUMBER),
        field("if", &CONDITION),
        field("env", &ENV),
        field("mode", &MODE),
        field("loose", &LOOSE),
        field("list", &LIST),
    ]],
);
static FLAG: Shape = Shape::scalar(Scalar::Bool).with(Contexts::GITHUB);
static CONDITION: Shape = Shape::condition(Contexts::GITHUB);
static ENV: Shape = Shape::free(&TEXT).with(Contexts::GITHUB);
static MODE: Shape = Shape::scalar(Scalar::Words(&["read", "write"]));
static LOOSE: Shape = Shape::keys(&LOOSE_KEYS).lenient();
static LOOSE_KEYS: Keys = Keys::strict("a loose thing", &[&[field("flag", &BOOL)]]);
static LIST: Shape = Shape::list(&FILLED);

fn mistakes(text: &str) -> Vec<Mistake> {
    let root = yaml::parse("x.yml", text, Limits::default()).unwrap();
    let mut mistakes = Mistakes::default();
    Walk::new(&mut mistakes).value(&root, &ROOT, Contexts::NONE);
    mistakes.in_order()
}

fn said(text: &str) -> Vec<String> {
    mistakes(text).into_iter().map(|mistake| mistake.message).collect()
}

#[test]
fn what_fits_is_not_told_of() {
    let table = [
        "name: x",
        "name: 3.10",
        "{name: x, flag: true, timeout-minutes: 5, mode: read, list: [a, 1, true]}",
        "{name: x, flag: '${{ github.actor == 1 }}', if: github.actor == 'x', env: {A: , B: 1, C: '${{ github.sha }}'}}",
        "{name: x, env: '${{ github.event.env }}'}",
        "{name: x, env: {'${{ github.sha }}': 1}}",
        "{name: x, on: [1, {a: [b], '<': null}]}",
    ];
    for text in table {
        assert_eq!(said(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn each_difference_names_the_place_and_what_to_do() {
    let table: &[(&str, &[&str])] = &[
        ("[a]", &["a list is written: write a mapping"]),
        ("flag: true", &["a thing has no `name`: add it"]),
        ("name: ''", &["`name`: an empty text is written: write a text that is not empty"]),
        ("name:", &["`name`: nothing is written: write a text that is not empty, or remove it"]),
        ("name: [a]", &["`name`: a list is written: write a text that is not empty"]),
        ("{name: x, flag: 'true'}", &["`flag`: the text `true` is written: write true or false without quotes"]),
        ("{name: x, flag: yes}", &["`flag`: the text `yes` is written: write true or false without quotes"]),
        (
            "{name: x, timeout-minutes: '5'}",
            &["`timeout-minutes`: the text `5` is written: write a number without quotes"],
        ),
        ("{name: x, mode: admin}", &["`mode`: the text `admin` is written: write one of read, write"]),
        (
            "{name: x, list: [a, '', [b]]}",
            &[
                "`list[1]`: an empty text is written: write a text that is not empty",
                "`list[2]`: a list is written: write a text that is not empty",
            ],
        ),
        ("{name: x, timeout_minutes: 5}", &["`timeout_minutes` is no key of a thing: write `timeout-minutes`"]),
        ("{name: x, evn: {}}", &["`evn` is no key of a thing: write `env`"]),
        ("{name: x, something: {}}", &["`something` is no key of a thing: remove it"]),
        ("{name: x, true: {}}", &["`true` is no key of a thing: write `on`"]),
        ("{name: x, env: {A: 1, a: 2}}", &["`env`: the key `a` is there twice: keep one of them"]),
        ("{name: x, name: y}", &["the key `name` is there twice: keep one of them"]),
        ("{name: x, on: {a: 1, a: 2}}", &["`on`: the key `a` is there twice: keep one of them"]),
        ("name: x\n? [a]\n: b", &["a key is a list: write a name"]),
        ("name: x\nenv: {'': b}", &["`env`: a key is empty: name it"]),
        ("name: x\nenv: {<<: {A: b}}", &["`env`: GitHub knows no merge key `<<`: write the keys out"]),
        ("<<: {name: x}", &["GitHub knows no merge key `<<`: write the keys out"]),
        ("{name: '${{ github.sha }}'}", &["`name`: GitHub takes no expression here: write the value"]),
        (
            "{name: x, if: }",
            &["`if`: no condition is written: remove it, or write the condition, in quotes when it begins with `!`"],
        ),
        (
            "{name: x, if: secrets.A && foo}",
            &[
                "`if`: the context `secrets` does not exist here: name one of github",
                "`if`: `foo` is no context: name one of github",
            ],
        ),
    ];
    for (text, expected) in table {
        assert_eq!(said(text), *expected, "{text}");
    }
}

#[test]
fn what_github_overlooks_is_not_fatal() {
    let found = mistakes("{name: x, loose: {flag: 'true', other: 1}, on: {<<: {}}}");
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|mistake| !mistake.fatal), "{found:?}");
    assert!(mistakes("{name: x, flag: 'true'}")[0].fatal, "and strict again after it");
}

#[test]
fn expressions_are_told_of_at_their_name() {
    let text = "name: x\nif: github.actor && env.X\nenv:\n  A: |\n    ${{ env.X }}\n";
    let spans: Vec<&str> = mistakes(text).iter().map(|mistake| &text[mistake.span.start..mistake.span.end]).collect();
    assert_eq!(spans, ["env", "|\n    ${{ env.X }}"]);
}

#[test]
fn what_an_alias_repeats_is_told_once() {
    let text = "name: x\non:\n  - &a {k: 1, k: 2}\n  - *a\n  - *a\n";
    assert_eq!(said(text), ["`on[0]`: the key `k` is there twice: keep one of them"]);
    let text = "name: x\nenv: &a {K: [1], L: 1}\nloose: *a\n";
    assert_eq!(said(text).len(), 3, "{:?}", said(text));
}
