//! The compressors, each with the name its numbers go by and the bounds it keeps without being run.
//!
//! gzip is level 9 by zlib-rs; a size is that of a whole file as Node's `zlib.gzipSync` makes it: a header of 10 bytes (no
//! name, no time), the compressed data, a trailer of 8. brotli is quality 11 with a window of 22 bits by Google's library in
//! C, byte for byte what Node's `zlib.brotliCompressSync` gives.

use std::io::{self, Write};

use brotlic::{BrotliEncoderOptions, CompressorWriter, Quality, SetParameterError, WindowSize};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::size::Size;

/// How far gzip sizes were from those of Node's zlib, which other size tools use, in what we compared: all 1,320 files of
/// four npm packages, Node 20 (0.33 % for the worst package, 1.3 % for the worst file of at least 1 KB, 10 bytes for the
/// worst of the others). Observed, not guaranteed.
pub(crate) const GZIP_TOLERANCE: &str = "where compared, Node's zlib differed by at most 1.5 % for a file of 1 KB or \
                                         more, 10 bytes for a smaller one, 0.4 % in total";

/// A way to compress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Engine {
    Gzip,
    Brotli,
}

impl Engine {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Gzip, Self::Brotli];

    /// How it is named beside its numbers: what it is, its level, who made it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Gzip => concat!("gzip level 9, zlib-rs ", env!("TOLLGATE_ZLIB_RS")),
            Self::Brotli => "brotli quality 11, window 22, C library 1.0.9",
        }
    }

    /// One word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "brotli",
        }
    }

    /// The same without blanks.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Gzip => concat!("gzip-9-zlib-rs-", env!("TOLLGATE_ZLIB_RS")),
            Self::Brotli => "brotli-11-22-c-1.0.9",
        }
    }

    /// Between what and what a file of `raw` bytes lies, compressed: at least the shortest stream there is, at most what its
    /// pieces take when they are stored as they are.
    ///
    /// For gzip that is `compressBound` of zlib's manual for streams of any setting, and the 18 bytes around them; for brotli
    /// `BrotliEncoderMaxCompressedSize`.
    pub(crate) fn bounds(self, raw: u64) -> Size {
        match self {
            Self::Gzip => {
                let stored = raw.saturating_add(raw.saturating_add(7) >> 3).saturating_add(raw.saturating_add(63) >> 6);
                Size { low: if raw == 0 { 20 } else { 21 }, high: stored.saturating_add(5 + 18) }
            }
            Self::Brotli => {
                let stored = raw.saturating_add((raw >> 14).saturating_mul(4)).saturating_add(6);
                Size { low: 1, high: stored }
            }
        }
    }

    /// Sends what `fill` gives, block by block until it gives nothing, through the compressor to `sink`. Memory is one block and
    /// one compressor, whatever comes.
    ///
    /// # Errors
    /// What `fill` and `sink` say.
    pub(crate) fn compress<W: Write, E: From<io::Error>>(
        self,
        sink: W,
        block: &mut [u8],
        mut fill: impl FnMut(&mut [u8]) -> Result<usize, E>,
    ) -> Result<W, E> {
        match self {
            Self::Gzip => {
                let mut encoder = GzEncoder::new(sink, Compression::best());
                pump(&mut encoder, block, &mut fill)?;
                Ok(encoder.finish()?)
            }
            Self::Brotli => {
                let encoder = BrotliEncoderOptions::new()
                    .quality(Quality::best())
                    .window_size(window().map_err(|e| io::Error::other(e.to_string()))?)
                    .build()
                    .map_err(|e| io::Error::other(e.to_string()))?;
                let mut writer = CompressorWriter::with_encoder(encoder, sink);
                pump(&mut writer, block, &mut fill)?;
                writer.into_inner().map_err(|e| io::Error::other(e.to_string()).into())
            }
        }
    }
}

fn window() -> Result<WindowSize, SetParameterError> {
    WindowSize::new(22)
}

fn pump<E: From<io::Error>>(
    sink: &mut impl Write,
    block: &mut [u8],
    fill: &mut impl FnMut(&mut [u8]) -> Result<usize, E>,
) -> Result<(), E> {
    loop {
        match fill(block)? {
            0 => return Ok(()),
            n => sink.write_all(&block[..n])?,
        }
    }
}

/// Counts what is written to it.
#[derive(Debug, Default)]
pub(crate) struct Counter(pub(crate) u64);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    fn compressed(engine: Engine, mut bytes: &[u8], block: usize) -> Vec<u8> {
        let fill = |block: &mut [u8]| bytes.read(block);
        engine.compress(Vec::new(), &mut vec![0; block], fill).unwrap()
    }

    /// Numbers without a pattern (the finalizer of splitmix).
    fn noise(count: u32) -> Vec<u8> {
        let mixed = |n: u32| {
            let mut x = u64::from(n).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            x ^ (x >> 31)
        };
        (0..count).flat_map(|n| mixed(n).to_le_bytes()).collect()
    }

    #[test]
    fn a_gzip_file_is_laid_out_as_nodes() {
        let bytes = compressed(Engine::Gzip, b"", 8);
        assert_eq!(bytes, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        // Data that cannot be compressed is stored: 5 bytes for each block of at most 65,535.
        let noise = noise(1000);
        assert_eq!(compressed(Engine::Gzip, &noise, 4096).len(), 10 + 5 + noise.len() + 8);
    }

    /// What `zlib.brotliCompressSync` of Node 20 gives for these texts.
    #[test]
    fn brotli_is_nodes_byte_for_byte() {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        for (text, node) in NODE_BROTLI {
            assert_eq!(hex(&compressed(Engine::Brotli, text.as_bytes(), 7)), *node, "{text}");
        }
    }

    const NODE_BROTLI: &[(&str, &str)] = &[
        ("", "3b"),
        ("a", "0b00806103"),
        ("export const answer = 42;\n", "8b0c806578706f727420636f6e737420616e73776572203d2034323b0a03"),
        (
            "function add(a, b) { return a + b }\nfunction sub(a, b) { return a - b }\nfunction mul(a, b) { return a * b }\n",
            "1b6b00f8c5e646a95ee4ad811b11932339c121373f5ba0210402814452b330832c3709afbaa50254bccf380ee29772978a34670703",
        ),
    ];

    proptest! {
        #[test]
        fn sizes_keep_their_bounds_and_content(
            part in proptest::collection::vec(any::<u8>(), 0..300),
            times in 1_usize..40,
            random in 0_u32..2_000,
            block in 1_usize..70_000,
        ) {
            let bytes = [part.repeat(times), noise(random)].concat();
            for engine in Engine::ALL {
                let packed = compressed(engine, &bytes, block);
                let bounds = engine.bounds(bytes.len() as u64);
                let size = packed.len() as u64;
                prop_assert!(bounds.low <= size && size <= bounds.high, "{engine:?} {size} {bounds:?}");
                let mut unpacked = Vec::new();
                match engine {
                    Engine::Gzip => GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked),
                    Engine::Brotli => brotlic::DecompressorReader::new(packed.as_slice()).read_to_end(&mut unpacked),
                }.unwrap();
                prop_assert!(unpacked == bytes);
            }
        }
    }
}
