//! Makes the module `acme`.

fn main() -> Result<(), tokensmith_build::Error> {
    tokensmith_build::generate("specs/acme.yaml")
}
