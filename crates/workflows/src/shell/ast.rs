//! Shell scripts as the checker sees them: what runs, in which order, and what becomes of its exit status.

use std::ops::Range;
use std::rc::Rc;

/// Bytes of the script.
pub(crate) type At = Range<usize>;

/// Statements one after another.
pub(crate) type Block = Rc<Vec<Statement>>;

/// A parsed script.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    /// What runs.
    pub(crate) body: Block,
    /// Where the first thing stands that is no shell, if anything is.
    pub(crate) broken: Option<usize>,
}

/// One statement.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// Where.
    pub(crate) at: At,
    /// What.
    pub(crate) kind: Kind,
}

/// What a statement is.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// A simple command, or assignments alone.
    Command(Command),
    /// `a | b`.
    Pipeline(Vec<Statement>),
    /// `a && b`.
    And(Box<Statement>, Box<Statement>),
    /// `a || b`.
    Or(Box<Statement>, Box<Statement>),
    /// `! a`.
    Not(Box<Statement>),
    /// `{ …; }`.
    Group(Block),
    /// `( … )`.
    Subshell(Block),
    /// `if …; then …; elif …; else …; fi`.
    If {
        /// Conditions and what they lead to.
        arms: Vec<(Block, Block)>,
        /// `else`.
        otherwise: Option<Block>,
    },
    /// `while` and `until`.
    Loop {
        /// Whether it is `until`.
        until: bool,
        /// The condition.
        condition: Block,
        /// The body.
        body: Block,
    },
    /// `for x in …`; of the C-like form there are no words, and how often it turns is not known.
    For {
        /// The variable.
        variable: String,
        /// What it goes through; none of the C-like form.
        words: Option<Vec<Word>>,
        /// The body.
        body: Block,
    },
    /// `case`.
    Case {
        /// What is compared.
        subject: Word,
        /// Patterns and what they lead to.
        arms: Vec<(Vec<Word>, Block)>,
    },
    /// `name() { … }`.
    Function {
        /// Its name.
        name: String,
        /// Its body.
        body: Block,
    },
    /// `[ … ]`, `[[ … ]]`: operands and operators, one word each.
    Test {
        /// Whether it is `[[ … ]]`.
        double: bool,
        /// What stands between the brackets.
        words: Vec<Word>,
    },
    /// `(( … ))`.
    Arithmetic(Word),
    /// Something with its input or output led elsewhere.
    Redirected(Box<Statement>, Vec<Redirect>),
    /// `a &`.
    Background(Box<Statement>),
    /// Something that could not be read as shell.
    Broken,
}

/// A simple command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Command {
    /// `X=1` before the command, or alone.
    pub(crate) assignments: Vec<Assignment>,
    /// The command and its arguments; empty where there are assignments alone.
    pub(crate) words: Vec<Word>,
    /// `local`, `export`, `declare`, `readonly`, `typeset`: the assignments are its arguments, and the status is its own.
    pub(crate) declares: Option<String>,
    /// Where its input and output go.
    pub(crate) redirects: Vec<Redirect>,
}

/// `X=1`, `X+=1`, `X=(a b)`.
#[derive(Clone, Debug)]
pub(crate) struct Assignment {
    /// The variable, without an index.
    pub(crate) name: String,
    /// Whether it is added to what is there.
    pub(crate) append: bool,
    /// Whether it is an element or the whole of a list.
    pub(crate) list: bool,
    /// What is assigned; of a list its elements one after another.
    pub(crate) value: Word,
}

/// A word: pieces that become one text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Word {
    /// Where.
    pub(crate) at: At,
    /// Its parts.
    pub(crate) pieces: Vec<Piece>,
    /// Whether any part of it stands in quotes.
    pub(crate) quoted: bool,
}

/// A part of a word.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// Plain text, escapes undone.
    Text(String),
    /// `$X`, `${X}`, `$1`, `$?`.
    Variable(String),
    /// `${X:-word}` and its kind.
    Expansion {
        /// The variable.
        name: String,
        /// `:-`, `-`, `:=`, `:?`, `#` (length), `%`, `/`, ….
        operator: String,
        /// What follows the operator.
        word: Word,
    },
    /// `$( … )`.
    Output(Block),
    /// `<( … )`.
    Process(Block),
    /// `$(( … ))`.
    Arithmetic(Word),
    /// `${{ … }}`: which of the script's expressions.
    Expression(usize),
}

/// Where input or output is led.
#[derive(Clone, Debug)]
pub(crate) struct Redirect {
    /// The file descriptor, where one is named.
    pub(crate) descriptor: Option<u32>,
    /// How.
    pub(crate) operator: Direction,
    /// Where to, or the text of a here-document.
    pub(crate) target: Word,
}

/// Kinds of redirection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// `<`.
    In,
    /// `>`, `>|`.
    Out,
    /// `>>`.
    Append,
    /// `&>`, `&>>`.
    Both,
    /// `>&`, `<&`.
    Duplicate,
    /// `<<EOF`: expansions take place.
    HereDocument,
    /// `<<'EOF'`: none do.
    QuotedHereDocument,
    /// `<<<`.
    HereString,
}

impl Word {
    /// A word that is only text.
    pub(crate) fn text(at: At, text: impl Into<String>) -> Self {
        Self { at, pieces: vec![Piece::Text(text.into())], quoted: false }
    }

    /// Its text, where nothing is expanded.
    pub(crate) fn literal(&self) -> Option<String> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                _ => return None,
            }
        }
        Some(text)
    }
}
