//! Options of a command line: `--name value`, and what stands alone.

use crate::command::Subcommand;

/// What stands on a command line.
pub(crate) struct Arguments {
    values: Vec<(String, String)>,
    flags: Vec<String>,
    /// What stands on the line besides options.
    pub(crate) plain: Vec<String>,
}

impl Arguments {
    /// Takes the command line of a command apart.
    pub(crate) fn read(arguments: &[String], command: &Subcommand) -> Result<Self, String> {
        let names = |has_value: bool| {
            let options = command.options.iter();
            let options = options.filter(move |option| option.value.is_empty() != has_value);
            options.map(|option| option.name).collect::<Vec<_>>()
        };
        let (options, flags) = (names(true), names(false));
        let mut read = Self {
            values: Vec::new(),
            flags: Vec::new(),
            plain: Vec::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let (name, given) = match argument.split_once('=') {
                Some((name, value)) if name.starts_with("--") => (name, Some(value.to_owned())),
                _ => (argument.as_str(), None),
            };
            if flags.contains(&name) {
                if given.is_some() {
                    return Err(format!("{name} takes no value: write `{name}` alone"));
                }
                read.flags.push(name.to_owned());
            } else if options.contains(&name) {
                let is_option = |next: &&String| {
                    options.contains(&next.as_str()) || flags.contains(&next.as_str())
                };
                let next = arguments.clone().next().filter(|next| !is_option(next));
                let value = given.or_else(|| next.and_then(|_| arguments.next().cloned()));
                let value = value.ok_or_else(|| format!("{name} needs a value"))?;
                read.values.push((name.to_owned(), value));
            } else if argument.starts_with('-') {
                let known: Vec<&str> = command.options.iter().map(|option| option.name).collect();
                return Err(format!(
                    "there is no option `{argument}`: there are {}; `cargo xtask {} --help` says more",
                    known.join(", "),
                    command.name
                ));
            } else {
                read.plain.push(argument.clone());
            }
        }
        Ok(read)
    }

    /// Every value of an option.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let values = self.values.iter().filter(|(other, _)| other == name);
        values.map(|(_, value)| value.clone()).collect()
    }

    /// The value of an option that is given once at most.
    pub(crate) fn one(&self, name: &str) -> Result<Option<String>, String> {
        let mut values = self.all(name);
        match values.len() {
            0 | 1 => Ok(values.pop()),
            _ => Err(format!("{name} is given more than once")),
        }
    }

    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|other| other == flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{flag, option};

    static SUBCOMMAND: Subcommand = Subcommand {
        name: "test",
        usage: "",
        about: "",
        details: "",
        options: &[option("--name", "NAME", ""), flag("--force", "")],
        examples: &[],
        run: |_, _| Err(String::new()),
    };

    fn read(arguments: &[&str]) -> Result<Arguments, String> {
        let arguments: Vec<String> = arguments
            .iter()
            .map(|argument| (*argument).to_owned())
            .collect();
        Arguments::read(&arguments, &SUBCOMMAND)
    }

    #[test]
    fn options_may_stand_anywhere() {
        let arguments = read(&["a", "--name", "x", "--force", "b", "--name=y"]).expect("is right");
        assert_eq!(arguments.plain, ["a", "b"]);
        assert_eq!(arguments.all("--name"), ["x", "y"]);
        assert!(arguments.has("--force") && arguments.one("--name").is_err());
    }

    #[test]
    fn what_is_wrong_is_told() {
        assert!(
            read(&["--nam", "x"])
                .is_err_and(|message| message.contains("there are --name, --force"))
        );
        let needed = |arguments: &[&str]| read(arguments).err();
        let needs = Some("--name needs a value".to_owned());
        assert_eq!(needed(&["--name"]), needs);
        assert_eq!(needed(&["--name", "--force"]), needs);
        let told = Some("--force takes no value: write `--force` alone".to_owned());
        assert_eq!(needed(&["--force=1"]), told);
    }
}
