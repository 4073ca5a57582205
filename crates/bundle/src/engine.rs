//! The compressors, each with the name its numbers go by and the bounds it keeps without being run.
//!
//! gzip is level 9 by zlib-rs; a size is that of a whole file as Node's `zlib.gzipSync` makes it: a header of 10 bytes (no
//! name, no time), the compressed data, a trailer of 8. brotli is quality 11 with a window of 22 bits by Google's library in
//! C, byte for byte what Node's `zlib.brotliCompressSync` gives.

use std::io::{self, Write};

use brotlic::{BrotliEncoderOptions, CompressorWriter, Quality, SetParameterError, WindowSize};
use flate2::{Compress, Compression, FlushCompress, Status};

use crate::size::Size;

/// How far gzip sizes were from those of Node's zlib, which other size tools use, in what was compared with Node 20: 1,320 built
/// files of four npm packages (1.3 % for the worst of at least 1 KB, 0.17 % in total), 2,000 large scripts (0.05 % in total), and
/// 400 files of any kind (4 % more and 9 % less for the worst). Observed, not guaranteed.
pub(crate) const GZIP_TOLERANCE: &str = "Node's zlib gives others, where compared by at most 1.5 % for most built files, \
                                         a few % for some, and 0.2 % for all of many files";

/// Bytes of a gzip file around the compressed data: a header without name and time, checksum and length.
const AROUND: u64 = 18;

/// How much room the compressed data has before it is counted.
const OUT: usize = 1 << 16;

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
                Size { low: if raw == 0 { 20 } else { 21 }, high: stored.saturating_add(5 + AROUND) }
            }
            Self::Brotli => {
                let stored = raw.saturating_add((raw >> 14).saturating_mul(4)).saturating_add(6);
                Size { low: 1, high: stored }
            }
        }
    }
}

/// Both engines and the room they work in, to be used for one content after another.
pub(crate) struct Packer {
    block: Vec<u8>,
    out: Vec<u8>,
    deflate: Compress,
}

impl Packer {
    /// A packer that takes its input in blocks of this many bytes.
    pub(crate) fn new(block: usize) -> Self {
        Self { block: vec![0; block], out: vec![0; OUT], deflate: Compress::new(Compression::best(), false) }
    }

    /// How long what `fill` gives, block by block until it gives nothing, is after `engine`. Memory is one block and one
    /// compressor, whatever comes.
    ///
    /// # Errors
    /// What `fill` and the engine say.
    pub(crate) fn size<E: From<io::Error>>(
        &mut self,
        engine: Engine,
        fill: impl FnMut(&mut [u8]) -> Result<usize, E>,
    ) -> Result<u64, E> {
        let mut counter = Counter(0);
        match engine {
            Engine::Gzip => {
                self.deflate(&mut counter, fill)?;
                Ok(counter.0 + AROUND)
            }
            Engine::Brotli => Ok(self.brotli(counter, fill)?.0),
        }
    }

    fn deflate<E: From<io::Error>>(
        &mut self,
        sink: &mut impl Write,
        mut fill: impl FnMut(&mut [u8]) -> Result<usize, E>,
    ) -> Result<(), E> {
        self.deflate.reset();
        loop {
            let filled = fill(&mut self.block)?;
            let flush = if filled == 0 { FlushCompress::Finish } else { FlushCompress::None };
            let mut input = &self.block[..filled];
            loop {
                let (taken, given) = (self.deflate.total_in(), self.deflate.total_out());
                let status = self.deflate.compress(input, &mut self.out, flush).map_err(io::Error::other)?;
                input = &input[(self.deflate.total_in() - taken) as usize..];
                let given = (self.deflate.total_out() - given) as usize;
                sink.write_all(&self.out[..given])?;
                match status {
                    Status::StreamEnd => return Ok(()),
                    // All was taken, and nothing that is due waits for room.
                    _ if filled > 0 && input.is_empty() && given < self.out.len() => break,
                    _ => {}
                }
            }
        }
    }

    fn brotli<W: Write, E: From<io::Error>>(
        &mut self,
        sink: W,
        mut fill: impl FnMut(&mut [u8]) -> Result<usize, E>,
    ) -> Result<W, E> {
        let refused = |error: SetParameterError| io::Error::other(error.to_string());
        let window = WindowSize::new(22).map_err(refused)?;
        let encoder =
            BrotliEncoderOptions::new().quality(Quality::best()).window_size(window).build().map_err(refused)?;
        let mut writer = CompressorWriter::with_encoder(encoder, sink);
        loop {
            match fill(&mut self.block)? {
                0 => return writer.into_inner().map_err(|error| io::Error::other(error.to_string()).into()),
                n => writer.write_all(&self.block[..n])?,
            }
        }
    }
}

/// Counts what is written to it.
struct Counter(u64);

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

    use flate2::read::DeflateDecoder;
    use proptest::prelude::*;

    use super::*;

    fn compressed(packer: &mut Packer, engine: Engine, mut bytes: &[u8]) -> Vec<u8> {
        let fill = |block: &mut [u8]| bytes.read(block);
        match engine {
            Engine::Gzip => {
                let mut packed = Vec::new();
                packer.deflate(&mut packed, fill).unwrap();
                packed
            }
            Engine::Brotli => packer.brotli(Vec::new(), fill).unwrap(),
        }
    }

    fn size(packer: &mut Packer, engine: Engine, mut bytes: &[u8]) -> u64 {
        packer.size(engine, |block: &mut [u8]| bytes.read(block)).unwrap()
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
    fn a_gzip_file_is_as_long_as_nodes() {
        let mut packer = Packer::new(4096);
        // `zlib.gzipSync("")` of Node 20 has 20 bytes.
        assert_eq!(size(&mut packer, Engine::Gzip, b""), 20);
        // Data that cannot be compressed is stored: 5 bytes for each block of at most 65,535.
        let noise = noise(1000);
        assert_eq!(size(&mut packer, Engine::Gzip, &noise), 10 + 5 + noise.len() as u64 + 8);
    }

    /// What `zlib.brotliCompressSync` of Node 20 gives for these texts.
    #[test]
    fn brotli_is_nodes_byte_for_byte() {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        for (text, node) in NODE_BROTLI {
            assert_eq!(hex(&compressed(&mut Packer::new(7), Engine::Brotli, text.as_bytes())), *node, "{text}");
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
            let mut packer = Packer::new(block);
            for engine in [Engine::Gzip, Engine::Brotli, Engine::Gzip] {
                let packed = compressed(&mut packer, engine, &bytes);
                let size = size(&mut packer, engine, &bytes);
                let around = if engine == Engine::Gzip { AROUND } else { 0 };
                prop_assert_eq!(size, packed.len() as u64 + around);
                let bounds = engine.bounds(bytes.len() as u64);
                prop_assert!(bounds.low <= size && size <= bounds.high, "{engine:?} {size} {bounds:?}");
                let mut unpacked = Vec::new();
                match engine {
                    Engine::Gzip => DeflateDecoder::new(packed.as_slice()).read_to_end(&mut unpacked),
                    Engine::Brotli => brotlic::DecompressorReader::new(packed.as_slice()).read_to_end(&mut unpacked),
                }.unwrap();
                prop_assert!(unpacked == bytes);
            }
        }
    }
}
