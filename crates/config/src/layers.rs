//! Flags beat environment beats file beats defaults, and each value says where it came from.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Values of one layer.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// By key.
    pub values: Map<String, Value>,
    /// By key, where it comes from; keys without an entry have the layer's own origin.
    pub origins: BTreeMap<String, Origin>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The file, at `tollgate.toml:3:1`.
    File(String),
    /// This environment variable.
    Environment(String),
    /// This flag.
    Flag(String),
}

/// A value that applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// It.
    pub value: Value,
    /// Where it comes from.
    pub origin: Origin,
}

/// The values that apply where later `layers` beat earlier ones. Lists are replaced, not joined.
pub fn layered(layers: &[Layer]) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    for layer in layers {
        for (key, value) in &layer.values {
            let origin = layer.origins.get(key).cloned().unwrap_or(Origin::Default);
            settings.insert(key.clone(), Setting { value: value.clone(), origin });
        }
    }
    settings
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(place) => f.write_str(place),
            Self::Environment(name) => f.write_str(name),
            Self::Flag(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn later_layers_win_key_by_key() {
        let layer = |values: Value, origin: Origin| {
            let values = values.as_object().unwrap().clone();
            let origins = values.keys().map(|k| (k.clone(), origin.clone())).collect();
            Layer { values, origins }
        };
        let settings = layered(&[
            layer(json!({"a": 1, "b": [1], "c": 1}), Origin::Default),
            layer(json!({"a": 2, "b": [2]}), Origin::File("tollgate.toml:3:1".to_owned())),
            layer(json!({"a": 3}), Origin::Flag("--a".to_owned())),
        ]);
        let seen: Vec<_> = settings.iter().map(|(k, s)| format!("{k}={} {}", s.value, s.origin)).collect();
        assert_eq!(seen, ["a=3 --a", "b=[2] tollgate.toml:3:1", "c=1 default"]);
    }
}
