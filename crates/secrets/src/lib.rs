//! Secrets: credentials in the tree, in what is pushed, and in history.
//!
//! Bytes are searched for pieces of text that some credential cannot do without (`engine`), all kinds at once; where one
//! stands, its expression runs on the bytes around it, and what it finds is judged (`judge`): its checksum or structure, its
//! randomness, whether it is a placeholder. Encoded text is read and searched again (`decode`).
#![expect(dead_code, reason = "wip")]

mod catalogue;
mod decode;
mod engine;
mod judge;
#[cfg(test)]
mod tests;
mod verify;
