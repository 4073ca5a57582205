//! Random changes to inputs.

/// No input grows longer, in bytes.
pub(crate) const LONGEST: usize = 64 << 10;

/// Numbers at which code goes wrong.
const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "1",
    "127",
    "128",
    "255",
    "256",
    "32768",
    "65535",
    "65536",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "1e309",
    "-0.0",
    "0.1",
    "00",
];

/// Bytes at which code goes wrong.
const BYTES: &[&[u8]] =
    &[b"\0", b"\n", b"\r\n", b"\xff", b"\xef\xbb\xbf", b"\xc3\x28", b"\xed\xa0\x80", b"\t", b" ", b"\x1b["];

/// SplitMix64: small, fast, the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below `end`; 0 when that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        if end == 0 { 0 } else { (self.next() % end as u64) as usize }
    }

    fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> Option<&'a T> {
        items.get(self.below(items.len())).copied()
    }
}

/// FNV-1a, to name an input.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One of `seeds`, changed in one to eight ways. `tokens` mean something to who reads it.
pub(crate) fn mutate(random: &mut Random, seeds: &[Vec<u8>], tokens: &[&str]) -> Vec<u8> {
    let mut input = seeds.get(random.below(seeds.len())).cloned().unwrap_or_default();
    for _ in 0..=random.below(8) {
        let at = random.below(input.len() + 1);
        match random.below(8) {
            0 => flip(&mut input, random, at),
            1 => input.truncate(at),
            2 => splice(&mut input, random, at, seeds),
            3 => insert(&mut input, at, random.pick(tokens).unwrap_or_default().as_bytes()),
            4 => insert(&mut input, at, random.pick(NUMBERS).unwrap_or_default().as_bytes()),
            5 => insert(&mut input, at, random.pick(BYTES).unwrap_or_default()),
            6 => remove(&mut input, random, at),
            _ => duplicate(&mut input, random, at),
        }
        input.truncate(LONGEST);
    }
    input
}

fn flip(input: &mut [u8], random: &mut Random, at: usize) {
    let bit = 1 << random.below(8);
    if let Some(byte) = input.get_mut(at) {
        *byte ^= bit;
    }
}

/// The start of `input` up to `at`, then the end of another seed.
fn splice(input: &mut Vec<u8>, random: &mut Random, at: usize, seeds: &[Vec<u8>]) {
    if let Some(other) = seeds.get(random.below(seeds.len())) {
        input.truncate(at);
        input.extend_from_slice(&other[random.below(other.len() + 1)..]);
    }
}

fn insert(input: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    input.splice(at..at, bytes.iter().copied());
}

fn remove(input: &mut Vec<u8>, random: &mut Random, at: usize) {
    let end = (at + random.below(32)).min(input.len());
    input.drain(at..end);
}

/// A stretch after `at` once more, or a thousand times: depth and repetition.
fn duplicate(input: &mut Vec<u8>, random: &mut Random, at: usize) {
    let end = (at + 1 + random.below(64)).min(input.len());
    let stretch = input[at..end].to_vec();
    let times = [1, 2, 16, 1000][random.below(4)];
    insert(input, at, &stretch.repeat(times));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(seed: u64, count: usize) -> Vec<Vec<u8>> {
        let mut random = Random::new(seed);
        let seeds = [b"SF:a\nDA:1,1\n".to_vec(), b"end_of_record\n".to_vec(), Vec::new()];
        (0..count).map(|_| mutate(&mut random, &seeds, &["DA:"])).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_inputs() {
        assert_eq!(inputs(7, 200), inputs(7, 200));
        assert_ne!(inputs(7, 200), inputs(8, 200));
    }

    #[test]
    fn inputs_differ_and_stay_bounded() {
        let mut all = inputs(1, 5000);
        assert!(all.iter().all(|input| input.len() <= LONGEST));
        all.sort();
        all.dedup();
        assert!(all.len() > 3000, "{}", all.len());
    }

    #[test]
    fn no_seed_is_no_trouble() {
        let mut random = Random::new(1);
        assert!((0..100).all(|_| mutate(&mut random, &[], &[]).len() <= LONGEST));
    }

    #[test]
    fn hashes_name_inputs() {
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_ne!(hash(b"a"), hash(b"b"));
    }
}
