//! Whole applications in a few lines: what stands before each of their routes.

mod express;
mod nest;
mod next;

use super::*;
use crate::program::tests::with;

/// A line for each route: `GET /a/{id} known by JwtGuard, role @Can…, limit L, body checked, object scoped`.
fn routes(files: &[(&str, &str)]) -> Vec<String> {
    with(files, |program| table(program).routes.iter().map(line).collect())
}

fn line(route: &Route) -> String {
    let mut text = route.name();
    if !route.served {
        text.push_str(" not served");
    }
    match &route.access {
        Access::Known(proof) => text.push_str(&format!(" known by {}", proof.text)),
        Access::Public(proof) => text.push_str(&format!(" public by {}", proof.text)),
        Access::Open => text.push_str(" open"),
        Access::Unclear(because) => text.push_str(&format!(" unclear: {because}")),
    }
    for (name, proof) in [("role", &route.role), ("limit", &route.limit)] {
        if let Some(proof) = proof {
            text.push_str(&format!(", {name} {}", proof.text));
        }
    }
    match &route.body {
        Body::None => {}
        Body::Checked(_) => text.push_str(", body checked"),
        Body::Unchecked(_) => text.push_str(", body unchecked"),
        Body::Unclear(_) => text.push_str(", body unclear"),
    }
    match &route.object {
        Object::None => {}
        Object::Scoped(_) => text.push_str(", object scoped"),
        Object::Unscoped(_) => text.push_str(", object by its name"),
    }
    text
}

#[test]
fn paths_are_joined_with_their_parameters_in_braces() {
    for (parts, expected) in [
        (&["", "/"][..], "/"),
        (&["/api/", "users/:id"], "/api/users/{id}"),
        (&["a", "/:id?", "b"], "/a/{id}/b"),
        (&["/x/:id(\\d+)"], "/x/{id}"),
        (&["files/*"], "/files/*"),
    ] {
        assert_eq!(joined(parts), expected, "{parts:?}");
    }
}
