//! Against a GitHub on 127.0.0.1.
