//! Embeds the rules of this checker.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tollgate_rules::embed("latency")
}
