//! Makes the module `globex`.

fn main() -> Result<(), tokensmith_build::Error> {
    tokensmith_build::Config::new()
        // The servers of the tests are on this machine.
        .allow("TS018")
        .generate("specs/globex.yaml")
}
