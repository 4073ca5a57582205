//! What is listed, by example, in both directions.

mod plan;
mod properties;

use super::*;
