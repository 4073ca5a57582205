//! What Cobertura reports say, checked by hand and against a second, slow way of counting.

mod damage;
mod model;
mod paths;

use crate::file_coverage::Counts;
use crate::formats::testing;
use crate::reading::Reading;

fn try_read(bytes: &[u8]) -> Result<Reading, String> {
    testing::read("coverage.xml", "Cobertura XML", bytes)
}

fn read(text: &str) -> Reading {
    try_read(text.as_bytes()).unwrap()
}

/// A report that declares nothing.
fn report(classes: &str) -> String {
    format!(
        "<coverage line-rate='0'><packages><package name='p'><classes>{classes}</classes></package></packages></coverage>"
    )
}

/// A report on the file `a.c`, whose class holds `inner`.
fn class(inner: &str) -> String {
    report(&format!("<class name='A' filename='a.c'>{inner}</class>"))
}

/// Lines, branches and functions of the only file.
fn only(text: &str) -> [Counts; 3] {
    let files = testing::counts(&mut read(text));
    assert_eq!(files.len(), 1, "{files:?}");
    let [lines, branches, functions, statements] = files[0].1;
    assert_eq!(statements, (0, 0));
    [lines, branches, functions]
}

#[test]
fn lines_and_branches_of_every_dialect() {
    let none = (0, 0);
    for (lines, expected) in [
        // The plain forms: coverage.py before it had branches, gcovr, coverlet, VectorCAST, SonarSource's samples.
        ("<line number='1' hits='1'/><line number='2' hits='0'/>", [(1, 2), none]),
        ("<line hits='3' branch='false' number='1'/>", [(1, 1), none]),
        ("<line number='7' hits='2' branch='True' condition-coverage='50% (1/2)'/>", [(1, 1), (1, 2)]),
        ("<line number='7' hits='0' branch='true' condition-coverage='0.0% (0/2)'/>", [(0, 1), (0, 2)]),
        ("<line number='7' hits='1' branch='true' condition-coverage='66.66% (4/6)'/>", [(1, 1), (4, 6)]),
        ("<line number='7' hits='1' condition-coverage='33% (1/3)'/>", [(1, 1), (1, 3)]),
        (
            "<line number='7' hits='1' branch='true' condition-coverage=' 50%  (1 / 2) ' missing-branches='9,exit'/>",
            [(1, 1), (1, 2)],
        ),
        ("<line number='7' hits='1' branch='false' condition-coverage='100% (0/0)'/>", [(1, 1), none]),
        // The share of single conditions is rounded and does not count.
        (
            "<line number='7' hits='1' branch='True' condition-coverage='50% (3/6)'><conditions>\
             <condition number='0' type='jump' coverage='not_a_number'/></conditions></line>",
            [(1, 1), (3, 6)],
        ),
        // How many branches there are is not told.
        ("<line number='7' hits='1' branch='true'/>", [(1, 1), none]),
        ("<line number='7' hits='1' branch='true' condition-coverage='50%'/>", [(1, 1), none]),
        ("<line number='7' hits='1' branch='true' condition-coverage=''/>", [(1, 1), none]),
        ("<line number='7' hits='1' branch='true' condition-coverage='NaN% (undefined/undefined)'/>", [(1, 1), none]),
        // Twice in one class, and in no order.
        ("<line number='9' hits='0'/><line number='3' hits='1'/><line number='9' hits='2'/>", [(2, 2), none]),
        (
            "<line number='9' hits='1' condition-coverage='50% (1/2)'/><line number='9' hits='1' condition-coverage='75% (3/4)'/>",
            [(1, 1), (3, 4)],
        ),
        // Numbers that are odd.
        ("<line number='1' hits='1.0'/><line number='2' hits='0.0'/><line number='3' hits='1e3'/>", [(2, 3), none]),
        ("<line number='1' hits='99999999999999999999999999'/><line number='2' hits='-1'/>", [(1, 2), none]),
        (
            "<line number='undefined' hits='1'/><line number='0' hits='1'/><line number='1' hits='undefined'/>",
            [(0, 1), none],
        ),
        ("<line number=' 1 ' hits=' 2 '/><line number='2147483647' hits='0'/>", [(1, 2), none]),
        ("", [none, none]),
    ] {
        let text = class(&format!("<methods/><lines>{lines}</lines>"));
        let [found, branches, functions] = only(&text);
        assert_eq!([found, branches], expected, "{lines}");
        assert_eq!(functions, none);
        assert_eq!(read(&text).malformed.count, 0, "{lines}");
    }
}

#[test]
fn what_is_odd_is_told() {
    let odd = read(&class(
        "<lines><line number='undefined' hits='1'/><line number='0' hits='1'/><line number='-3' hits='1'/>\
         <line number='1' hits='-1'/><line number='2' hits='NaN'/><line number='3' hits='1' branch='true'/>\
         <line number='4' hits='1' branch='true' condition-coverage='(1/undefined)'/></lines>",
    ));
    assert_eq!((odd.oddities.undefined, odd.oddities.line_zero, odd.oddities.negative), (3, 2, 1));
    assert_eq!(odd.notes, ["2 lines with branches whose number is not told, so that these do not count"]);
}

#[test]
fn lines_of_methods_count_where_a_class_lists_none() {
    let methods =
        |lines: &str| format!("<methods><method name='m' signature='()'><lines>{lines}</lines></method></methods>");
    let (four, five) = ("<line number='4' hits='1' condition-coverage='50% (1/2)'/>", "<line number='5' hits='0'/>");
    // Repeated: once. Not repeated (a function's line that is no statement): not counted.
    assert_eq!(only(&class(&format!("{}<lines>{four}{five}</lines>", methods(four)))), [(1, 2), (1, 2), (1, 1)]);
    assert_eq!(only(&class(&format!("{}<lines>{five}</lines>", methods(four)))), [(0, 1), (0, 0), (1, 1)]);
    assert_eq!(only(&class(&format!("<lines>{five}</lines>{}", methods(four)))), [(0, 1), (0, 0), (1, 1)]);
    // The class lists none: an empty list, no list, no package's list of classes.
    for text in [
        class(&format!("{}<lines/>", methods(&format!("{four}{five}")))),
        class(&methods(&format!("{four}{five}"))),
        class(&methods(&format!("{four}{five}"))).replace("<classes>", "").replace("</classes>", ""),
    ] {
        assert_eq!(only(&text), [(1, 2), (1, 2), (1, 1)], "{text}");
    }
    // Each class for itself.
    let two = report(&format!(
        "<class name='A' filename='a.c'>{}</class><class name='B' filename='a.c'><lines>{five}</lines></class>",
        methods(four)
    ));
    assert_eq!(only(&two), [(1, 2), (1, 2), (1, 1)]);
}

#[test]
fn methods_are_functions() {
    let lines = "<lines><line number='1' hits='1'/></lines>";
    let method = |attributes: &str, lines: &str| format!("<method {attributes}>{lines}</method>");
    let at = |line: u32, hits: u32| format!("<lines><line number='{line}' hits='{hits}'/></lines>");
    let cases = [
        // Hit if any line was.
        (method("name='f'", "<lines><line number='1' hits='0'/><line number='2' hits='1'/></lines>"), (1, 1)),
        (method("name='f'", &at(3, 0)), (0, 1)),
        // Overloads, with and without a signature; one that stands twice.
        (
            [method("name='f' signature='(int)'", &at(1, 1)), method("name='f' signature='(char)'", &at(1, 0))]
                .concat(),
            (1, 2),
        ),
        ([method("name='f'", &at(1, 1)), method("name='f'", &at(9, 0))].concat(), (1, 2)),
        ([method("name='f'", &at(1, 1)), method("name='f'", &at(1, 0))].concat(), (1, 1)),
        // Without lines it is no code, unless it tells that it was called or not.
        (method("name='f'", "<lines/>"), (0, 0)),
        (method("name='f' hits='2'", ""), (1, 1)),
        (method("name='f' hits='0'", ""), (0, 1)),
    ];
    for (methods, expected) in cases {
        let functions = only(&class(&format!("<methods>{methods}</methods>{lines}")))[2];
        assert_eq!(functions, expected, "{methods}");
    }
}

#[test]
fn classes_of_one_file_are_put_together() {
    let text = report(
        "<class name='A' filename='a.c'><methods><method name='f'><lines><line number='1' hits='0'/></lines></method></methods>\
         <lines><line number='1' hits='0'/><line number='2' hits='1'/></lines></class>\
         <class name='A.&lt;&gt;c' filename='a.c'><methods><method name='f'><lines><line number='1' hits='1'/></lines></method></methods>\
         <lines><line number='1' hits='1'/><line number='3' hits='0'/></lines></class>",
    );
    assert_eq!(only(&text), [(2, 3), (0, 0), (1, 2)]);
}

#[test]
fn two_reports_of_one_run_name_methods_alike() {
    let text = class(
        "<methods><method name='f' signature='(a &lt; b)'><lines><line number='1' hits='0'/></lines></method></methods>",
    );
    let mut first = read(&text).take_files().remove(0).1;
    let again = read(&text.replace("hits='0'", "hits='1'").replace("&lt;", "&#60;")).take_files().remove(0).1;
    first.merge(&again);
    assert_eq!((first.line_counts(), first.function_counts()), ((1, 1), (1, 1)));
}

#[test]
fn declared_totals_are_compared_with_like() {
    let root = |totals: &str| {
        format!(
            "<coverage {totals}><packages><package><classes><class name='A' filename='a.c'><lines><line number='1' hits='1'/>\
             <line number='2' hits='0' condition-coverage='50% (1/2)'/></lines></class><class name='B' filename='a.c'><lines>\
             <line number='2' hits='1'/><line number='3' hits='1'/><line number='3' hits='1'/></lines></class></classes>\
             </package></packages></coverage>"
        )
    };
    let worst = |totals: &str| {
        let reading = read(&root(totals));
        let worst = reading.disagreements.worst.first().map(|d| (d.total, d.declared, d.counted));
        (worst, reading.notes.len())
    };
    for (totals, expected) in [
        ("lines-valid='3' lines-covered='3' branches-valid='2' branches-covered='1'", (None, 0)),
        ("lines-valid='3' lines-covered='2'", (Some(("lines-covered", 2, 3)), 0)),
        ("lines-valid='30' lines-covered='3'", (Some(("lines-valid", 30, 3)), 0)),
        ("branches-valid='9' branches-covered='1'", (Some(("branches-valid", 9, 2)), 0)),
        // Each class for itself, and each record for itself, are other numbers.
        ("lines-valid='4' lines-covered='3'", (None, 1)),
        ("lines-valid='5' lines-covered='4'", (None, 1)),
        // Two of different ways of counting are none.
        ("lines-valid='5' lines-covered='3'", (Some(("lines-valid", 5, 3)), 0)),
        // Rates, where nothing else is declared: 3 of 3 lines, 1 of 2 branches; 3 of 4 and 4 of 5 lines.
        ("line-rate='0.9' branch-rate='0.5'", (Some(("line-rate in percent", 90, 100)), 0)),
        ("line-rate='1.0' branch-rate='0.1'", (Some(("branch-rate in percent", 10, 50)), 0)),
        ("line-rate='0.75' branch-rate='0.494'", (None, 0)),
        ("line-rate='0.8' lines-valid='5' lines-covered='4' branch-rate='0.5'", (None, 1)),
        ("line-rate='0.1' lines-valid='3' lines-covered='3'", (None, 0)),
        // Nothing that can be compared.
        ("line-rate='9' branch-rate=''", (None, 0)),
        ("branches-valid='1.0' branches-covered='' lines-valid='-' line-rate='NaN'", (None, 0)),
    ] {
        assert_eq!(worst(totals), expected, "{totals}");
    }
    // Statements of Scala, each a record, the branches among them without a number.
    let scala = read(
        "<coverage lines-valid='3' lines-covered='2' branches-valid='2' branches-covered='1'><package><class filename='a.scala'>\
         <lines><line number='1' hits='1' branch='true'/><line number='1' hits='0' branch='true'/><line number='1' hits='1'/></lines>\
         </class></package></coverage>",
    );
    assert_eq!((scala.disagreements.count, scala.notes.len()), (0, 2));
}
