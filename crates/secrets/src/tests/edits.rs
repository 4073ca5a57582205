//! A text scanned as an edit of another gives what it gives on its own.

use proptest::prelude::*;
use tollgate_tree::Copied;

use crate::catalogue;
use crate::engine::scan::Scanner;
use crate::engine::set::Set;

/// Pieces that credentials are made of, whole and cut.
fn piece() -> impl Strategy<Value = String> {
    let token = ["gh", "p_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"].concat();
    let key = format!(
        "-----BEGIN {0}-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END {0}-----\n",
        ["PRIVATE", "KEY"].join(" ")
    );
    let encoded = ["cGFzc3dvcmQgPSAi", "clQ3I2tQejIhbVF4Ig=="].concat();
    prop_oneof![
        4 => "[a-z =:\"'\n]{0,300}",
        1 => Just("x\n".repeat(700)),
        2 => Just(format!("token = \"{token}\"\n")),
        1 => Just(token[..20].to_owned()),
        1 => Just(token[20..].to_owned()),
        1 => Just(format!("{token}x")),
        1 => Just(key.clone()),
        1 => Just(key[..60].to_owned()),
        1 => Just(key[60..].to_owned()),
        1 => Just(format!("data: {encoded}\n")),
        1 => Just(encoded[10..].to_owned()),
        1 => Just(["password = \"rT7#", "kPz2!mQx\"\n"].concat()),
        1 => Just(["://deploy:", "n8Q2vXb7TzL4@git.company.io/"].concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn an_edit_is_scanned_as_the_whole(pieces in prop::collection::vec(piece(), 1..12), edits in prop::collection::vec((0usize..10_000, 0usize..3_000, prop::option::of(piece())), 1..6)) {
        let before = pieces.concat();
        let set = Set::new(catalogue::detectors(&|_, _| false).unwrap());
        let mut scanner = Scanner::new(&set);
        let kept = scanner.scan(before.as_bytes());
        let (mut after, mut copies) = (String::new(), Vec::new());
        for (from, len, new) in edits {
            let from = from.min(before.len());
            let len = len.min(before.len() - from);
            if len > 0 {
                copies.push(Copied { from, to: after.len(), len });
                after.push_str(&before[from..from + len]);
            }
            after.push_str(new.as_deref().unwrap_or_default());
        }
        let whole = scanner.scan(after.as_bytes());
        let edited = scanner.rescan(after.as_bytes(), &kept, &copies);
        prop_assert_eq!(edited.hits, whole.hits);
    }
}
