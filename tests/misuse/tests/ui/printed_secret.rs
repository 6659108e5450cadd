//! A secret has no form for people.

fn main() {
    println!("{}", tokensmith_moov::Secret::from("secret"));
}
