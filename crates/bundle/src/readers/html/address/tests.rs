use super::*;

fn top(path: &str) -> Option<Address> {
    Some(Address::FromTop(path.to_owned()))
}

fn within(path: &str) -> Option<Address> {
    Some(Address::Within(path.to_owned()))
}

#[test]
fn references_lead_where_a_browser_goes() {
    let elsewhere = Some(Address::Elsewhere);
    for (reference, expected) in [
        ("a.js", within("docs/a.js")),
        ("./a.js", within("docs/a.js")),
        ("../a.js", within("a.js")),
        ("../../a.js", elsewhere.clone()),
        ("x/../../b/./a.js", within("b/a.js")),
        ("/a.js", top("a.js")),
        ("/x/../../a.js", top("a.js")),
        ("//cdn.test/a.js", elsewhere.clone()),
        ("/\\cdn.test/a.js", elsewhere.clone()),
        ("\\a.js", top("a.js")),
        ("https://cdn.test/a.js", elsewhere.clone()),
        ("HTTP:a.js", elsewhere.clone()),
        ("data:text/javascript,1", None),
        ("blob:x", None),
        ("JavaScript:void", None),
        ("./a:b.js", within("docs/a:b.js")),
        ("a/b:c.js", within("docs/a/b:c.js")),
        ("1:a.js", within("docs/1:a.js")),
        ("a.js?v=1", within("docs/a.js")),
        ("a.js#x?y", within("docs/a.js")),
        ("  a.js\n", within("docs/a.js")),
        ("a\n.j\ts", within("docs/a.js")),
        ("a%20b%2Ejs", within("docs/a b.js")),
        ("%2e%2E/a.js", within("a.js")),
        ("a%2.js", within("docs/a%2.js")),
        ("a%zz%4", within("docs/a%zz%4")),
        ("k%C3%A4se.js", within("docs/käse.js")),
        ("k%FFse.js", within("docs/k\u{FFFD}se.js")),
        ("a//b.js", within("docs/a/b.js")),
        ("", None),
        ("?x", None),
        ("#x", None),
        (".", None),
        ("..", None),
        ("/", None),
        ("a/", None),
        ("a/.", None),
    ] {
        assert_eq!(Base::of_page("docs/page.html").resolve(reference), expected, "{reference:?}");
    }
}

#[test]
fn a_base_changes_what_is_relative() {
    for (base, reference, expected) in [
        ("/app/", "a.js", top("app/a.js")),
        ("/app", "a.js", top("a.js")),
        ("/app/x.html", "../../a.js", top("a.js")),
        ("/app/", "/a.js", top("a.js")),
        ("/", "a.js", top("a.js")),
        ("./", "a.js", within("docs/a.js")),
        ("..", "a.js", within("a.js")),
        ("../", "a.js", within("a.js")),
        ("x/", "a.js", within("docs/x/a.js")),
        ("../..", "a.js", Some(Address::Elsewhere)),
        ("https://cdn.test/x/", "a.js", Some(Address::Elsewhere)),
        ("https://cdn.test/x/", "/a.js", Some(Address::Elsewhere)),
        ("//cdn.test/", "/a.js", Some(Address::Elsewhere)),
        ("https://cdn.test/x/", "data:,x", None),
        ("", "a.js", within("docs/a.js")),
        ("?x", "a.js", within("docs/a.js")),
        ("data:x", "a.js", within("docs/a.js")),
    ] {
        assert_eq!(Base::of_page("docs/page.html").with(base).resolve(reference), expected, "{base:?} {reference:?}");
    }
}
