//! The only place of the project that prints.
//!
//! What is printed quotes documents, names of files, servers and overlays, and those may be anybody's. Three readers obey
//! what they read: a terminal (escape sequences, characters that turn text around), cargo (the lines of a build script,
//! which may set flags of the linker), and GitHub's runner (workflow commands). Only [`Printable`] text can be printed,
//! and however it is made, it holds none of these. clippy refuses to print in any other way.

pub mod cargo;
mod printable;
mod styled;

pub use printable::Printable;
pub use styled::{Style, Styled};

use std::io::{self, Write};

/// Prints a text and a line feed on standard output.
///
/// # Errors
///
/// When it cannot be written: the disk may be full, or the reader gone.
pub fn try_print(text: impl Into<Printable>) -> io::Result<()> {
    write_line(&mut stdout().lock(), &text.into())
}

/// Prints a text and a line feed on standard output, for whoever may read it.
pub fn print(text: impl Into<Printable>) {
    // A reader that is gone wants to read no more.
    let _ = try_print(text);
}

/// Prints a text and a line feed on standard error, for whoever may read it.
pub fn print_error(text: impl Into<Printable>) {
    let _ = write_line(&mut stderr().lock(), &text.into());
}

/// Shows a question on standard error; the response is on the same line.
///
/// # Errors
///
/// When it cannot be written.
pub fn prompt(text: impl Into<Printable>) -> io::Result<()> {
    let mut out = stderr().lock();
    out.write_all(text.into().as_str().as_bytes())?;
    out.flush()
}

/// Shows a line on a terminal's standard error in the place of the one that was shown before; an empty one clears it.
pub fn show_progress(line: impl Into<Printable>) {
    const CLEAR: &str = "\r\x1b[2K";
    let mut out = stderr().lock();
    let _ = out
        .write_all(CLEAR.as_bytes())
        .and_then(|()| out.write_all(line.into().as_str().as_bytes()))
        .and_then(|()| out.flush());
}

#[expect(clippy::disallowed_methods, reason = "the one place that prints")]
fn stdout() -> io::Stdout {
    io::stdout()
}

#[expect(clippy::disallowed_methods, reason = "the one place that prints")]
fn stderr() -> io::Stderr {
    io::stderr()
}

fn write_line(out: &mut impl Write, text: &Printable) -> io::Result<()> {
    out.write_all(text.as_str().as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Whether standard output is a terminal.
pub fn is_terminal() -> bool {
    io::IsTerminal::is_terminal(&stdout())
}

/// Whether standard error is a terminal.
pub fn is_error_terminal() -> bool {
    io::IsTerminal::is_terminal(&stderr())
}

/// Whether to colour what is printed: on a terminal that knows colours, unless `NO_COLOR` is set
/// (<https://no-color.org>) or `CLICOLOR` is 0; and always where `CLICOLOR_FORCE` is set
/// (<https://bixense.com/clicolors/>).
pub fn is_coloured(is_terminal: bool) -> bool {
    if anstyle_query::no_color() {
        return false;
    }
    if anstyle_query::clicolor_force() {
        return true;
    }
    let asked = anstyle_query::clicolor();
    let knows_colours = anstyle_query::term_supports_color() || asked == Some(true);
    is_terminal && asked != Some(false) && knows_colours && obeys_escapes()
}

/// Whether the terminal obeys escape sequences. Consoles of Windows have to be asked to.
fn obeys_escapes() -> bool {
    #[cfg(windows)]
    return anstyle_query::windows::enable_ansi_colors() != Some(false);
    #[cfg(not(windows))]
    true
}
