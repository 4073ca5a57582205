//! Paths that are open by their nature: by which one becomes known, or which only say that the service runs.
//!
//! Words that mean this alone are enough. Others mean it only where nothing else stands in the path than what speaks of accounts: `/auth/verify` is one,
//! `/orders/{id}/confirm` is not.

/// Words that mean it wherever they stand.
const PLAIN: &[&str] = &[
    "login",
    "signin",
    "sign-in",
    "signup",
    "sign-up",
    "refresh-token",
    "refresh-tokens",
    "forgot-password",
    "forget-password",
    "forgotpassword",
    "reset-password",
    "resetpassword",
    "verify-email",
    "confirm-email",
    "resend-verification",
    "favicon.ico",
    "robots.txt",
];

/// Words that only say whether the service runs.
const HEALTH: &[&str] = &["health", "healthz", "ping", "ready", "readyz", "live", "livez", "liveness", "readiness"];

/// Words that mean it beside what speaks of accounts.
const BESIDE: &[&str] = &[
    "register",
    "refresh",
    "forgot",
    "reset",
    "verify",
    "confirm",
    "token",
    "callback",
    "authenticate",
    "otp",
    "verify-otp",
    "2fa",
];

/// What speaks of accounts, and what is put before any path.
const ACCOUNTS: &[&str] = &[
    "auth",
    "authentication",
    "account",
    "accounts",
    "user",
    "users",
    "password",
    "email",
    "oauth",
    "oauth2",
    "sso",
    "session",
    "sessions",
    "identity",
    "api",
    "rest",
];

/// Those of them that take or reset credentials.
const CREDENTIALS: &[&str] = &[
    "login",
    "signin",
    "sign-in",
    "signup",
    "sign-up",
    "register",
    "forgot",
    "forgot-password",
    "forget-password",
    "forgotpassword",
    "reset",
    "reset-password",
    "resetpassword",
    "resend-verification",
    "otp",
    "verify-otp",
    "2fa",
];

fn parts(path: &str) -> impl Iterator<Item = String> {
    path.split('/').filter(|part| !part.is_empty()).map(str::to_ascii_lowercase)
}

/// `v1`, `v2`.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether everybody may ask by the nature of the thing.
pub(crate) fn is_entry(path: &str) -> bool {
    is_health(path) || parts(path).any(|part| PLAIN.contains(&part.as_str())) || is_beside_accounts(path, BESIDE)
}

/// Whether a path only says whether the service runs.
pub(crate) fn is_health(path: &str) -> bool {
    parts(path).any(|part| HEALTH.contains(&part.as_str()))
}

/// Whether it takes or resets credentials.
pub(crate) fn takes_credentials(path: &str) -> bool {
    is_entry(path) && parts(path).any(|part| CREDENTIALS.contains(&part.as_str()))
}

/// Whether one of these words stands in a path in which all else speaks of accounts.
fn is_beside_accounts(path: &str, words: &[&str]) -> bool {
    let is_word = |part: &str| words.contains(&part);
    let fits = |part: &str| is_word(part) || ACCOUNTS.contains(&part) || is_version(part) || part.starts_with('{');
    parts(path).any(|part| is_word(&part)) && parts(path).all(|part| fits(&part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_mean_something_else_elsewhere_are_no_entries() {
        for path in [
            "/login",
            "/api/v1/auth/verify/{token}",
            "/users/{id}/verify",
            "/register",
            "/auth/refresh",
            "/tanks/healthz",
            "/x/forgot-password",
        ] {
            assert!(is_entry(path), "{path}");
        }
        for path in [
            "/orders/{id}/confirm",
            "/wells/{id}/reset",
            "/devices/register",
            "/payments/verify",
            "/cache/refresh",
            "/logins",
            "/",
        ] {
            assert!(!is_entry(path), "{path}");
        }
        assert!(
            takes_credentials("/auth/login") && takes_credentials("/register") && !takes_credentials("/auth/verify")
        );
        assert!(!takes_credentials("/devices/register") && is_health("/health/db") && !is_health("/wealth"));
    }
}
