//! JUnit XML, dialect by dialect. The reports are shortened from what the tools write.

use super::*;

#[test]
fn dialects_are_read() {
    check(
        "JUnit XML",
        &[
            (
                "Surefire: reruns within a test case",
                r#"<?xml version="1.0" encoding="UTF-8"?>
            <testsuite xsi:noNamespaceSchemaLocation="x" name="a.B" tests="4" errors="1" skipped="1" failures="0">
              <properties><property name="java" value="21"/></properties>
              <testcase name="good" classname="a.B" time="0"/>
              <testcase name="shaky" classname="a.B"><flakyFailure message="m" type="T"><stackTrace>s</stackTrace></flakyFailure></testcase>
              <testcase name="bad" classname="a.B"><error message="no luck" type="T">at x</error><rerunError type="T"/></testcase>
              <testcase name="left" classname="a.B"><skipped message="later"/></testcase>
            </testsuite>"#,
                (3, 1, 1, 1),
                &["a.B > bad: no luck"],
            ),
            (
                "pytest: a try that failed is an empty test case, a failure while tearing down a second one",
                r#"<testsuites name="pytest tests"><testsuite name="pytest" errors="2" failures="1" skipped="2" tests="6">
              <testcase classname="t" name="flaky"/><testcase classname="t" name="flaky"/>
              <testcase classname="t" name="always"/><testcase classname="t" name="always"><failure message="assert 0&#10;where"/></testcase>
              <testcase classname="t" name="always"><error message="failed on teardown"/></testcase>
              <testcase classname="t" name="xfail"><skipped type="pytest.xfail" message=""/></testcase>
              <testcase classname="t" name="skip"><skipped/></testcase>
              <testcase classname="t" name="skip"><error message="teardown of a skipped test"/></testcase>
            </testsuite></testsuites>"#,
                (3, 2, 1, 1),
                &["t > always: assert 0", "t > skip: teardown of"],
            ),
            (
                "pytest: what could not be collected",
                r#"<testsuites><testsuite name="pytest" errors="1" failures="0" skipped="0" tests="1">
              <testcase classname="" name="test_x"><error message="collection failure">E</error></testcase></testsuite></testsuites>"#,
                (1, 1, 0, 0),
                &["test_x: collection failure"],
            ),
            (
                "Gradle with tries written one by one: nothing says that they are tries, so the failure stands",
                r#"<testsuite name="a.B" tests="2" skipped="0" failures="1" errors="0">
              <testcase name="t()" classname="a.B"><failure message="m" type="T">s</failure></testcase>
              <testcase name="t()" classname="a.B"/>
              <system-out><![CDATA[<testcase name="no test"><failure/></testcase>]]></system-out></testsuite>"#,
                (2, 1, 0, 0),
                &["a.B > t(): m", "mergeReruns = true"],
            ),
            (
                "GoogleTest: disabled, skipped, several failures in one test",
                r#"<testsuites tests="4" failures="1" disabled="1" errors="0" name="AllTests">
              <testsuite name="S" tests="4" failures="1" disabled="1" skipped="1" errors="0">
              <testcase name="A" file="a.cc" line="7" status="run" result="completed" classname="S">
                <failure message="a.cc:9&#x0A;Expected" type=""/><failure message="second" type=""/></testcase>
              <testcase name="B" status="notrun" result="suppressed" classname="S"/>
              <testcase name="C" status="run" result="skipped" classname="S"><skipped message="why"/></testcase>
              <testcase name="D" status="run" result="completed" classname="S"/>
            </testsuite></testsuites>"#,
                (2, 1, 2, 0),
                &["S > A (a.cc:7): a.cc:9"],
            ),
            (
                "CTest: what could not be started is no skipped test",
                r#"<testsuite name="(empty)" tests="5" failures="1" disabled="1" skipped="2">
              <testcase name="ok" classname="ok" status="run"/>
              <testcase name="bad" classname="bad" status="fail"><failure message="Timeout"/></testcase>
              <testcase name="gone" classname="gone" status="notrun"><skipped message="Unable to find executable"/></testcase>
              <testcase name="dis" classname="dis" status="disabled"><system-out>Disabled</system-out></testcase>
              <testcase name="sk" classname="sk" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/></testcase>
            </testsuite>"#,
                (3, 2, 2, 0),
                &["bad: Timeout", "gone: was not run: Unable to find executable"],
            ),
            (
                "PHPUnit: suites within suites, each with the totals of all within it",
                r#"<testsuites><testsuite name="" tests="3" failures="1" errors="1" skipped="0">
              <testsuite name="A" file="/s/ATest.php" tests="3" failures="1" errors="1">
                <testcase name="one" classname="A" line="12"/>
                <testsuite name="A::two" tests="2" failures="1" errors="1">
                  <testcase name="two #0" class="A" classname="A" line="20"><failure type="E">A::two #0
Failed asserting</failure></testcase>
                  <testcase name="two #1" classname="A"><error type="TypeError"/></testcase>
            </testsuite></testsuite></testsuite></testsuites>"#,
                (3, 2, 0, 0),
                &["A > two #0 (/s/ATest.php:20): A::two #0", "A > two #1 (/s/ATest.php:0): TypeError"],
            ),
            (
                "nextest: time ran out, flaky",
                r#"<testsuites name="nextest-run" tests="3" skipped="0" failures="1" errors="0"><testsuite name="ex" tests="3" failures="1">
              <testcase name="f" classname="ex"><flakyFailure type="test failure"><system-out>x</system-out></flakyFailure></testcase>
              <testcase name="slow" classname="ex"><failure type="test timeout"/><rerunFailure type="test timeout"/></testcase>
              <testcase name="ok" classname="ex"/></testsuite></testsuites>"#,
                (3, 1, 0, 1),
                &["ex > slow: test timeout"],
            ),
            (
                "Bazel: a test without cases of its own",
                r#"<testsuites><testsuite name="//a:t" tests="1" failures="0" errors="1">
              <testcase name="//a:t" status="run" duration="1"><error message="exited with error code 1"></error></testcase>
              <system-out>log</system-out></testsuite></testsuites>"#,
                (1, 1, 0, 0),
                &["//a:t: exited with error code 1"],
            ),
            (
                "Mocha's xunit and Cypress: the file stands at a suite",
                r#"<testsuites tests="2" failures="1"><testsuite name="Root" tests="0" file="cypress/a.cy.js"/>
              <testsuite name="g" tests="2" failures="1" filepath="b.js"><testcase name="g ok" classname="ok"/>
              <testcase name="g bad" classname="bad"><failure message="" type="Error"><![CDATA[
                Error: no]]></failure></testcase></testsuite></testsuites>"#,
                (2, 1, 0, 0),
                &["bad > g bad (b.js:0): Error: no"],
            ),
            (
                "go-junit-report: a package that was not built",
                r#"<testsuites tests="1" errors="1"><testsuite name="m/c" tests="1" failures="0" errors="1">
              <testcase name="[build failed]" classname="m/c"><error message="Build error"></error></testcase></testsuite></testsuites>"#,
                (1, 1, 0, 0),
                &["m/c > [build failed]: Build error"],
            ),
            (
                ".NET: a namespace, prefixes, a status alone",
                r#"<j:testsuites xmlns:j="urn:x"><j:testsuite name="N"><j:testcase name="a" classname="N" status="Failed"/>
              <j:testcase name="b" classname="N" status="Inconclusive"/><j:testcase name="c" classname="N" status="Passed"/>
              </j:testsuite></j:testsuites>"#,
                (2, 1, 1, 0),
                &["N > a: the report says `failed`"],
            ),
            ("no test at all", "<testsuites/>", (0, 0, 0, 0), &[]),
        ],
    );
}

#[test]
fn what_is_declared_or_stands_beside_the_tests_counts() {
    check(
        "JUnit XML",
        &[
            (
                "an error of a suite",
                r#"<testsuite name="S" tests="1" errors="1"><error message="could not load"/><testcase name="a"/></testsuite>"#,
                (2, 1, 0, 0),
                &["suite `S`: could not load"],
            ),
            (
                "more failures declared than listed count once, however many suites declare them",
                r#"<testsuites tests="3" failures="3"><testsuite name="S" tests="3" failures="2" errors="1">
              <testcase name="a"><failure/></testcase></testsuite></testsuites>"#,
                (3, 3, 0, 0),
                &[
                    "a: ",
                    "suite `S`: declares failures and errors 3, lists 1",
                    "2 unlisted failures counted",
                    "declares tests 3, lists 1",
                    "declares tests 3, lists 1",
                ],
            ),
            (
                "most of the tests are not listed",
                r#"<testsuites tests="7"><testsuite name="S" tests="5"><testcase name="a"/></testsuite>
              <testsuite tests="2"><testcase name="b"/><testcase name="c"/></testsuite></testsuites>"#,
                (3, 0, 0, 0),
                &[
                    "declares 7 tests and lists 3, so how most ended is not known",
                    "suite `S` declares tests 5, lists 1",
                    "declares tests 7, lists 3",
                ],
            ),
            (
                "those that did not run need not be",
                r#"<testsuite tests="5" skipped="2" disabled="2"><testcase name="a"/></testsuite>"#,
                (1, 0, 0, 0),
                &["declares tests 5, lists 1"],
            ),
            (
                "half of them are",
                r#"<testsuite tests="6"><testcase name="a"/><testcase name="b"/><testcase name="c"/></testsuite>"#,
                (3, 0, 0, 0),
                &["declares tests 6, lists 3"],
            ),
            (
                "fewer declared than listed",
                r#"<testsuite tests="1" failures="0"><testcase name="a"><failure/></testcase></testsuite>"#,
                (1, 1, 0, 0),
                &["a: ", "declares no failure, and 1 are listed"],
            ),
            (
                "both declared for one test",
                r#"<testsuite tests="1" failures="1" errors="1"><testcase name="a"><failure/><error/></testcase></testsuite>"#,
                (1, 1, 0, 0),
                &["a: "],
            ),
            (
                "numbers that are none",
                r#"<testsuite tests="NaN" failures="-1" errors="1.5"><testcase/></testsuite>"#,
                (4, 3, 0, 0),
                &["a suite without a name: declares failures and errors 3, lists 0", "3 unlisted failures counted"],
            ),
            (
                "the largest number",
                r#"<testsuites failures="18446744073709551615"><testsuite failures="18446744073709551615" errors="9"><testcase/></testsuite></testsuites>"#,
                (u64::MAX, u64::MAX, 0, 0),
                &["declares failures and errors", "unlisted failures"],
            ),
            (
                "skipped and failed is failed; run again without an end is failed",
                r#"<testsuite><testcase name="a"><skipped/><failure message="f"/></testcase>
              <testcase name="b"><rerunFailure message="r"/></testcase></testsuite>"#,
                (2, 2, 0, 0),
                &["a: f", "b: was run again"],
            ),
            (
                "test cases within others and within elements that are not known",
                r#"<testsuite><x><testcase name="a"><y><failure message="f"/></y><testcase name="b"/></testcase></x></testsuite>"#,
                (2, 1, 0, 0),
                &["a: f"],
            ),
        ],
    );
}

#[test]
fn long_names_are_told_apart() {
    let case =
        |end: &str, inner: &str| format!("<testcase classname='t' name='{}{end}'>{inner}</testcase>", "x".repeat(400));
    let text = case("1", "") + &case("2", "") + &case("3", "<failure/>") + &case("4", "<failure/>");
    let found = results(format!("<testsuite name='pytest'>{text}</testsuite>"));
    assert_eq!(numbers(&found), (4, 2, 0, 0));
}
