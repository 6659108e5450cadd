//! A request cannot be made without what it must have.

fn main() {
    let _ = tokensmith_moov::RefreshToken::new();
}
