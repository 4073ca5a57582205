//! What must hold for any expression: nothing panics, what is called known is what comes out, and what a result is said
//! not to depend on does not change it. Expressions are made from a seed, so every run sees the same ones.

use super::*;

/// Numbers that look random: a linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

const VARIABLES: usize = 5;

/// How much the evaluation is told of a variable.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    Value,
    ValueWithTaint,
    Taint,
}

/// Contexts `c0` to `c3`, and whether the job has gone well so far.
#[derive(Clone)]
struct World {
    values: [Value; VARIABLES],
    told: [Told; VARIABLES],
}

impl World {
    fn variable(&self, at: usize) -> Abstract {
        match self.told[at] {
            Told::Value => Abstract::known(self.values[at].clone()),
            Told::ValueWithTaint => Abstract { value: self.values[at].clone(), taint: Taint(1 << at) },
            Told::Taint => Abstract::unknown(Taint(1 << at)),
        }
    }

    /// The same world with nothing withheld.
    fn concrete(&self) -> Self {
        Self { told: [Told::Value; VARIABLES], ..self.clone() }
    }
}

impl Scope for World {
    fn context(&self, path: &[String]) -> Abstract {
        match path {
            [name] => match name.as_str() {
                "c0" => self.variable(0),
                "c1" => self.variable(1),
                "c2" => self.variable(2),
                "c3" => self.variable(3),
                _ => Abstract::known(Value::Null),
            },
            _ => Abstract::known(Value::Null),
        }
    }

    fn status(&self, function: StatusFunction) -> Abstract {
        let success = self.variable(4);
        match function {
            StatusFunction::Success => success,
            StatusFunction::Failure => {
                let value = success.truth().map_or(Value::Unknown, |success| Value::Bool(!success));
                Abstract { value, ..success }
            }
            StatusFunction::Always => Abstract::known(Value::Bool(true)),
            StatusFunction::Cancelled => Abstract::known(Value::Bool(false)),
        }
    }
}

fn value(random: &mut Random) -> Value {
    match random.below(7) {
        0 => Value::Null,
        1 => Value::Bool(random.below(2) == 0),
        2 => Value::Number(random.pick(&[0.0, 1.0, -1.5, f64::NAN])),
        3 => Value::List((0..random.below(3)).map(|_| Value::text(random.pick(&["a", "B", "{0}"]))).collect()),
        _ => Value::text(random.pick(&["", "a", "A", "ab", "0", "1", "true", "false", "[1,\"a\"]", "{}", "{0}-{1}"])),
    }
}

fn world(random: &mut Random) -> World {
    let mut values = [(); VARIABLES].map(|()| value(random));
    values[4] = Value::Bool(random.below(2) == 0);
    let told = [(); VARIABLES].map(|()| random.pick(&[Told::Value, Told::ValueWithTaint, Told::Taint, Told::Taint]));
    World { values, told }
}

fn expression(random: &mut Random, depth: usize) -> String {
    let atoms = [
        "c0",
        "c1",
        "c2",
        "c3",
        "C0",
        "success()",
        "failure()",
        "always()",
        "true",
        "false",
        "null",
        "0",
        "1",
        "''",
        "'a'",
        "'AB'",
        "'{0}{1}'",
        "NaN",
        "fromJSON('[\"a\",0]')",
        "other",
        "'true'",
    ];
    if depth == 0 {
        return random.pick(&atoms).to_owned();
    }
    let mut next = || expression(random, depth - 1);
    let (a, b, c) = (next(), next(), next());
    match random.below(20) {
        0..=3 => format!("({a} && {b})"),
        4..=7 => format!("({a} || {b})"),
        8 => format!("({a} && {b} || {c})"),
        9 => format!("!{a}"),
        10 => format!("({a} {} {b})", random.pick(&["==", "!=", "<", "<=", ">", ">="])),
        11 => format!("contains({a}, {b})"),
        12 => format!("{}({a}, {b})", random.pick(&["startsWith", "endsWith", "join"])),
        13 => format!("format('{}', {a}, {b})", random.pick(&["{0}", "{1}{0}", "x", "{0}{{}}"])),
        14 => format!("format({a}, {b})"),
        15 => format!("toJSON({a})"),
        16 => format!("fromJSON({a})"),
        17 => format!("case({a}, {b}, {c})"),
        18 => format!("case({a} == {b}, {b}, {c})"),
        _ => format!("({a})[{b}]"),
    }
}

fn same(left: &Value, right: &Value) -> bool {
    format!("{left:?}") == format!("{right:?}")
}

#[test]
fn the_known_comes_out_and_the_rest_has_no_part_in_it() {
    let mut random = Random(7);
    let (mut known, mut judged, mut independent) = (0, 0, 0);
    for _ in 0..40_000 {
        let depth = 1 + random.below(3);
        let text = expression(&mut random, depth);
        let expr = parse(&text).expect(&text);
        let world = world(&mut random);
        let found = expr.evaluate(&world);
        let real = expr.evaluate(&world.concrete());
        // An error, or an object.
        if real.truth().is_none() {
            continue;
        }
        if found.value.is_known() {
            known += 1;
            assert!(same(&found.value, &real.value), "{text}: {found:?}, and is {real:?}");
        }
        if found.truth().is_some() {
            judged += 1;
            assert_eq!(found.truth(), real.truth(), "{text}: {found:?}, and is {real:?}");
        }
        for at in (0..VARIABLES).filter(|at| world.told[*at] != Told::Value) {
            let mut other = world.concrete();
            other.values[at] = if at == 4 { Value::Bool(random.below(2) == 0) } else { value(&mut random) };
            let changed = expr.evaluate(&other);
            if changed.truth().is_none() {
                continue;
            }
            let bit = Taint(1 << at);
            if !found.taint.contains(bit) {
                independent += 1;
                assert_eq!(changed.truth(), real.truth(), "{text}: {found:?} leaves out {at} of {:?}", world.values);
            }
            if !found.whole_taint().contains(bit) {
                assert!(same(&changed.value, &real.value), "{text}: {found:?} leaves out {at} of {:?}", world.values);
            }
        }
    }
    assert!(known > 5_000 && judged > known && independent > 10_000, "{known} {judged} {independent}");
}

#[test]
fn nothing_panics_and_everything_ends() {
    let tokens = [
        "a",
        "steps.x.outcome",
        "Always",
        "fromJSON",
        "format",
        "case",
        "true",
        "null",
        "NaN",
        "1",
        "-1",
        "0x",
        "1e9",
        ".",
        "..",
        "*",
        "(",
        ")",
        "[",
        "]",
        ",",
        "!",
        "==",
        "=",
        "!=",
        "<",
        "<=",
        "&&",
        "||",
        "|",
        "&",
        "'",
        "''",
        "'x'",
        "'{0}'",
        "'[1,{}]'",
        "\"",
        "${{",
        "}}",
        "}",
        "{",
        " ",
        "\n",
        "é",
        "😊",
        "\0",
        "-",
        "$",
        "contains(",
        "())",
        "always()",
        "c0",
    ];
    let mut random = Random(11);
    let mut read = 0;
    for _ in 0..60_000 {
        let text: String = (0..random.below(12)).map(|_| random.pick(&tokens)).collect();
        let world = world(&mut random);
        for result in [parse(&text), parse_condition(&text)] {
            match result {
                Ok(expr) => {
                    read += 1;
                    let found = expr.evaluate_condition(&world);
                    assert!(!expr.is_always_true_text() || expr.evaluate(&world).truth() == Some(true), "{text}");
                    assert!(found.taint.0 < 1 << VARIABLES, "{text}");
                    assert!(expr.references().iter().all(|path| !path.is_empty()), "{text}");
                }
                Err(error) => {
                    assert!(text.is_char_boundary(error.offset) && !error.message.is_empty(), "{text}: {error:?}")
                }
            }
        }
        let whole: String = parts(&text)
            .into_iter()
            .map(|part| match part {
                Part::Text(text) => text.to_owned(),
                Part::Expression { start, end, .. } => text[start..end].to_owned(),
            })
            .collect();
        assert_eq!(whole, text);
        assert!(interpolate(&text, &world).taint.0 < 1 << VARIABLES, "{text}");
    }
    assert!(read > 5_000, "{read}");
}
