//! Values that stand where a credential will be: `<your-key>`, `${TOKEN}`, `xxxx`, `changeme`.

/// Words that people write instead of a credential. Each is long enough not to come up in a random one.
const WORDS: &[&str] = &[
    "example",
    "sample",
    "dummy",
    "placeholder",
    "redacted",
    "changeme",
    "change-me",
    "change_me",
    "changethis",
    "change-this",
    "change_this",
    "replace",
    "insert",
    "your-",
    "your_",
    "yourkey",
    "yourtoken",
    "yoursecret",
    "yourpassword",
    "yourapi",
    "fake",
    "mocked",
    "foobar",
    "lorem",
    "ipsum",
    "todo",
    "fixme",
    "notreal",
    "not-real",
    "not_real",
    "not-a-real",
    "notasecret",
    "not-a-secret",
    "not_a_secret",
    "invalid",
    "undefined",
    "xxxx",
    "****",
    "....",
    "••",
    "some-",
    "some_",
    "supersecret",
    "super-secret",
    "super_secret",
    "mysecret",
    "my-secret",
    "my_secret",
    "mypassword",
    "my-password",
    "my_password",
    "mytoken",
    "my-token",
    "my_token",
    "thisisa",
    "this-is-a",
    "this_is_a",
    "development",
    "testing",
    "test-key",
    "test_key",
    "testkey",
    "test-token",
    "test_token",
    "test-secret",
    "test_secret",
    "testsecret",
    "testpass",
    "unused",
    "ignored",
    "asdf",
    "qwerty",
    "letmein",
    "hunter2",
    "deadbeef",
    "cafebabe",
    "secret-here",
    "key-here",
    "token-here",
    "goes-here",
    "goes_here",
    "goeshere",
];

/// Those of them that show even in a token of fixed form, whose random part could hold a short word by chance.
const STRONG: &[&str] = &[
    "example",
    "placeholder",
    "redacted",
    "changeme",
    "your_",
    "your-",
    "yourkey",
    "yourtoken",
    "xxxxx",
    "*****",
    ".....",
    "deadbeefdeadbeef",
    "foobarfoobar",
    "notreal",
    "replace",
    "insert",
];

/// Whole values that are no secret.
const WHOLE: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "apikey",
    "api-key",
    "api_key",
    "admin",
    "root",
    "user",
    "username",
    "test",
    "test123",
    "none",
    "null",
    "true",
    "false",
    "string",
    "value",
    "default",
    "empty",
    "optional",
    "required",
    "hidden",
    "private",
    "public",
    "guest",
    "postgres",
    "mysql",
    "redis",
    "mongo",
    "mongodb",
    "rabbitmq",
    "sa",
    "dev",
    "prod",
    "local",
    "localhost",
    "demo",
    "foo",
    "bar",
    "baz",
    "abc",
    "abc123",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "password1",
    "password123",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "pa$$word",
    "pass123",
    "admin123",
    "root123",
    "secret123",
    "test1234",
    "testtest",
    "temp",
    "tmp",
    "changeit",
];

/// Whether `value` cannot be the credential itself, whatever its form: it refers to one, or says where one belongs.
pub(crate) fn refers(value: &[u8]) -> bool {
    let has = |piece: &[u8]| memchr::memmem::find(value, piece).is_some();
    let first = value.first().copied().unwrap_or_default();
    let last = value.last().copied().unwrap_or_default();
    is_bracketed(value)
        || value.ends_with(b"...")
        || value.starts_with(b"...")
        || matches!(
            (first, last),
            (b'<', b'>') | (b'[', b']') | (b'{', b'}') | (b'%', b'%') | (b'(', b')') | (b'_', b'_') | (b'#', b'#')
        )
        || first == b'$'
            && value.get(1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'{' | b'(' | b'_'))
        || [
            &b"${"[..],
            b"{{",
            b"}}",
            b"$(",
            b"<%",
            b"%(",
            b"#{",
            b"%{",
            b"process.env",
            b"os.environ",
            b"getenv",
            b"ENV[",
            b"secrets.",
            b"env.",
            b"\xE2\x80\xA6",
        ]
        .iter()
        .any(|piece| has(piece))
}

/// Whether words in square brackets stand for what belongs there: `https://[key]@[org].ingest.sentry.io`.
fn is_bracketed(value: &[u8]) -> bool {
    let Some(open) = memchr::memchr(b'[', value) else { return false };
    let inside = &value[open + 1..];
    let word = inside.iter().take_while(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_')).count();
    word >= 3 && inside.get(word) == Some(&b']')
}

/// Whether a token of fixed form is not meant to be real.
pub(crate) fn is_strong(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    refers(value)
        || STRONG.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
        || is_patterned(&lower)
}

/// Whether a value of no particular form is not meant to be real.
pub(crate) fn is_weak(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    is_strong(value)
        || WHOLE.iter().any(|word| lower == word.as_bytes())
        || WORDS.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
        || distinct(&lower) <= 3
}

/// Whether a hand wrote it: one character again and again, or characters in their order, through a good part of it.
fn is_patterned(lower: &[u8]) -> bool {
    let body: Vec<u8> = lower.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
    let (mut same, mut rising, mut falling) = (1usize, 1usize, 1usize);
    let mut ordered = 0;
    for pair in body.windows(2) {
        let next = |a: u8, b: u8| {
            a.wrapping_add(1) == b
                || (a, b) == (b'9', b'0')
                || (a, b) == (b'9', b'a')
                || (a, b) == (b'z', b'0')
                || (a, b) == (b'f', b'0')
        };
        same = if pair[0] == pair[1] { same + 1 } else { 1 };
        rising = if next(pair[0], pair[1]) { rising + 1 } else { 1 };
        falling = if next(pair[1], pair[0]) { falling + 1 } else { 1 };
        ordered += usize::from(rising > 2 || falling > 2);
        if same >= 7 || rising >= 7 || falling >= 7 {
            return true;
        }
    }
    // `123abc456def`, and the same piece again and again.
    body.len() >= 8 && (ordered * 2 >= body.len() || is_repeated(&body))
}

/// Whether a piece of at most a third of the text makes up the whole of it.
fn is_repeated(body: &[u8]) -> bool {
    (1..=body.len() / 3).any(|period| body.iter().zip(&body[period..]).all(|(a, b)| a == b))
}

fn distinct(text: &[u8]) -> usize {
    let mut seen = [false; 256];
    text.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    seen.iter().filter(|seen| **seen).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_known() {
        for value in [
            "<your-api-key>",
            "${TOKEN}",
            "{{ .Values.key }}",
            "$TOKEN",
            "xxxxxxxxxxxx",
            "%PASSWORD%",
            "abcdefghijkl",
            "0123456789abcdef",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabc",
            concat!("AKIA", "IOSFODNN7EXAMPLE"),
            "sk_live_...",
            "__TOKEN__",
            "process.env.KEY",
            "123456abcdef123456",
        ] {
            assert!(is_strong(value.as_bytes()), "{value}");
        }
        for value in ["changeme", "password", "mysecretpassword", "hunter2", "test-token-1", "s3cr3t-goes-here", "aab"]
        {
            assert!(is_weak(value.as_bytes()), "{value}");
        }
        for value in ["tq7Xk2mZp9Wv4Rb8Lc5N", "9f2c81d4e07b63a5", "Tr0ub4dor&3", "correct horse battery"] {
            assert!(!is_weak(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn random_tokens_are_hardly_ever_taken_for_placeholders() {
        let mut state = 0x1234_5678_9abc_def1u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as usize
        };
        for alphabet in [
            &b"0123456789abcdef"[..],
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        ] {
            let wrong = (0..5000).filter(|_| {
                let token: Vec<u8> = (0..40).map(|_| alphabet[next() % alphabet.len()]).collect();
                is_strong(&token)
            });
            assert!(wrong.count() <= 5);
        }
    }
}
