//! Character references of HTML.

/// The name of the character reference whose ampersand a text follows: `amp`, or `#38`.
pub(super) fn name(text: &str) -> Option<&str> {
    const LONGEST: usize = 40;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = &text[..end];
    let bare = name.strip_prefix('#').unwrap_or(name);
    let is_name = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then_some(name)
}
