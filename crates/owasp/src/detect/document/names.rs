//! What names of properties, parameters and paths tell.

/// The words of a name: `isAdmin`, `is_admin` and `is-admin` are `is`, `admin`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() && before.is_lowercase();
        if !c.is_alphanumeric() || starts {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = words.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_one_of(name: &str, all: &[&str]) -> bool {
    let joined = words(name).join("-");
    all.contains(&joined.as_str())
}

/// Whether a property of this name says what somebody may do, or what they have.
pub(super) fn is_privilege(name: &str) -> bool {
    is_one_of(
        name,
        &[
            "is-admin",
            "admin",
            "is-superuser",
            "superuser",
            "is-staff",
            "is-root",
            "role",
            "roles",
            "role-id",
            "role-ids",
            "permission",
            "permissions",
            "privilege",
            "privileges",
            "scope",
            "scopes",
            "is-verified",
            "email-verified",
            "is-email-verified",
            "verified",
            "balance",
            "credit",
            "credits",
            "available-credit",
            "is-active",
            "account-type",
            "access-level",
            "tenant-id",
            "owner-id",
            "is-owner",
            "is-premium",
        ],
    )
}

/// Whether a property of this name looks like something that nobody may read.
pub(super) fn is_secret(name: &str) -> bool {
    let words = words(name);
    let has = |word: &str| words.iter().any(|of| of == word);
    let asks = [
        "reset",
        "forgot",
        "change",
        "policy",
        "strength",
        "hint",
        "expires",
        "expiry",
        "changed",
        "updated",
        "required",
        "url",
        "length",
        "count",
        "at",
        "type",
        "protected",
        "scanning",
    ];
    let secret = has("password")
        || has("passwd")
        || has("passphrase")
        || has("pwd")
        || has("secret")
        || words.join("-").ends_with("private-key")
        || words.join("-").ends_with("password-hash")
        || has("ssn")
        || has("cvv");
    secret
        && !asks.iter().any(|word| has(word))
        && !words.iter().any(|word| word == "is" || word == "has" || word == "name")
}

/// Whether a parameter of this name is a credential.
pub(super) fn is_credential(name: &str) -> bool {
    let joined = words(name).join("-");
    let exact = [
        "token",
        "access-token",
        "auth-token",
        "api-key",
        "apikey",
        "secret",
        "client-secret",
        "password",
        "passwd",
        "jwt",
        "session-token",
        "id-token",
        "refresh-token",
        "bearer",
        "authorization",
    ];
    exact.contains(&joined.as_str())
}

/// Whether something of this name is an address that a service may be made to ask.
pub(super) fn is_address(name: &str) -> bool {
    let words = words(name);
    let Some(last) = words.last() else { return false };
    matches!(last.as_str(), "url" | "uri" | "callback" | "webhook" | "endpoint")
        || matches!(
            words.join("-").as_str(),
            "callback-url" | "target-host" | "image-src" | "redirect-to" | "return-to"
        )
}

/// Whether a path is for those who run the service.
pub(super) fn is_administrative(path: &str) -> bool {
    path.split('/').any(|part| {
        words(part)
            .iter()
            .any(|word| matches!(word.as_str(), "admin" | "administration" | "backoffice" | "superuser" | "sudo"))
    })
}

/// Whether a parameter of this name says how long a page is.
pub(super) fn is_page_size(name: &str) -> bool {
    is_one_of(
        name,
        &[
            "limit",
            "per-page",
            "page-size",
            "pagesize",
            "size",
            "count",
            "max-results",
            "page-limit",
            "take",
            "top",
            "first",
        ],
    )
}

/// Whether a parameter of this name names one object.
pub(super) fn is_object_id(name: &str) -> bool {
    words(name).last().is_some_and(|word| word == "id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_by_their_words() {
        assert_eq!(words("isAdmin_v2-URL"), ["is", "admin", "v2", "url"]);
        for (test, yes, no) in [
            (
                is_privilege as fn(&str) -> bool,
                ["isAdmin", "is_superuser", "roles"],
                ["administrator_note", "role_name", "name"],
            ),
            (
                is_secret,
                ["password", "clientSecret", "private_key"],
                ["passwordChangedAt", "has_secret", "secret_scanning"],
            ),
            (is_credential, ["access_token", "apiKey", "password"], ["tokenType", "page_token", "key"]),
            (is_address, ["callbackUrl", "webhook", "image_uri"], ["urlCount", "curl", "name"]),
            (is_page_size, ["limit", "perPage", "page_size"], ["limits", "page", "discount"]),
        ] {
            assert!(yes.iter().all(|name| test(name)), "{yes:?}");
            assert!(no.iter().all(|name| !test(name)), "{no:?}");
        }
        assert!(is_administrative("/api/admin/users") && !is_administrative("/api/administer"));
        assert!(is_object_id("wellId") && !is_object_id("paid"));
    }
}
