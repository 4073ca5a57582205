//! Numbers that look drawn by lot, the same in every run.

/// From the standard normal distribution, for the `n`-th request of a route with this seed (splitmix64; Box and Muller 1958).
pub(crate) fn normal(seed: u64, n: u64) -> f64 {
    let unit = |salt: u64| {
        let mut z = seed.wrapping_add((2 * n + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    };
    (-2.0 * (1.0 - unit(1)).ln()).sqrt() * (2.0 * std::f64::consts::PI * unit(2)).cos()
}
