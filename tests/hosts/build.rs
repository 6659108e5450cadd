//! Makes the module `globex`.

fn main() -> Result<(), tokensmith_build::Error> {
    tokensmith_build::generate("specs/globex.yaml")
}
