//! Python: environments that run a program, and tools that run tasks of `pyproject.toml`.

mod environment;
mod tasks;

pub(super) use self::environment::{module, pipx, poetry, uv, uvx};
pub(super) use self::tasks::{hatch, pdm, pipenv, poe, rye, taskipy};
