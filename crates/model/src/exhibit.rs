//! Plain bounded data that a checker wants shown. Every renderer draws every kind; none knows a checker's name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Unit;

/// Something to show beside a verdict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exhibit {
    /// Stable name within the report, kebab-case.
    pub id: String,
    /// Heading.
    pub title: String,
    /// What it shows.
    #[serde(flatten)]
    pub data: ExhibitData,
}

/// The kinds of exhibits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", content = "data", rename_all = "kebab-case")]
pub enum ExhibitData {
    /// Rows and columns, worst first.
    Table {
        /// Headings, one per cell of a row.
        columns: Vec<Column>,
        /// Rows; each has as many cells as there are columns.
        rows: Vec<Vec<Cell>>,
        /// How many rows were left out.
        #[serde(default)]
        omitted: u64,
    },
    /// Parts within parts, each with a size.
    Tree {
        /// What the sizes count.
        unit: Unit,
        /// The whole.
        root: Node,
    },
    /// How often values fall where.
    Distribution {
        /// What the values count.
        unit: Unit,
        /// Adjacent half-open ranges, ascending.
        buckets: Vec<Bucket>,
    },
    /// Values in order.
    Series {
        /// What the values count.
        unit: Unit,
        /// In order of time or of whatever the title says.
        points: Vec<Point>,
    },
}

/// A heading of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The heading.
    pub title: String,
    /// Whether it holds numbers and is set to the right.
    #[serde(default)]
    pub numeric: bool,
}

impl Column {
    /// A column of words.
    pub fn text(title: impl Into<String>) -> Self {
        Self { title: title.into(), numeric: false }
    }

    /// A column of numbers.
    pub fn number(title: impl Into<String>) -> Self {
        Self { title: title.into(), numeric: true }
    }
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// Nothing to say.
    Empty,
    /// Words. Foreign text is allowed; renderers escape it.
    Text(String),
    /// A number of things.
    Count(u64),
    /// A size.
    Bytes(u64),
    /// A difference of sizes.
    BytesChange(i64),
    /// A duration in milliseconds.
    Milliseconds(f64),
    /// An exact ratio, shown as a percentage.
    Ratio(u64, u64),
    /// How much of a whole, drawn as a bar.
    Share(u64, u64),
}

/// A part of a tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// What it is.
    pub label: String,
    /// Its size, children included.
    pub value: f64,
    /// Its parts, largest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Self>,
}

/// One range of a distribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Lowest value in it.
    pub from: f64,
    /// The value after the highest.
    pub to: f64,
    /// How many values fell into it.
    pub count: u64,
}

/// One value of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// What or when.
    pub label: String,
    /// How much.
    pub value: f64,
}
