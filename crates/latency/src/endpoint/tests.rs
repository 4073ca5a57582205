use super::*;

#[test]
fn names_and_passwords_are_no_part_of_a_label() {
    assert_eq!(without_user("https://me:secret@example.org/a@b"), "https://example.org/a@b");
    assert_eq!(without_user("https://example.org/a@b"), "https://example.org/a@b");
    assert_eq!(without_user("/a@b"), "/a@b");
}

#[test]
fn headers_of_the_service_are_for_the_service_alone() {
    assert!(is_below("http://a:1/x", "http://a:1"));
    assert!(is_below("http://a:1", "http://a:1"));
    assert!(!is_below("http://a:10/x", "http://a:1"));
    assert!(!is_below("http://a.evil/x", "http://a"));
    assert!(!is_below("http://a@evil/x", "http://a"));
}
