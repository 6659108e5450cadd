use super::*;
use crate::new::SUBCOMMAND;

fn asked(arguments: &[&str], input: &'static str) -> Result<(Template, String), String> {
    let arguments: Vec<String> = arguments.iter().map(|one| (*one).to_owned()).collect();
    let arguments = Arguments::read(&arguments, &SUBCOMMAND)?;
    let mut output = Vec::new();
    let dialog = Dialog {
        input: input.as_bytes(),
        output: &mut output,
        is_terminal: true,
    };
    let template = interview(dialog, &arguments, "acme-corp")?;
    Ok((template, String::from_utf8_lossy(&output).into_owned()))
}

#[test]
fn what_a_grant_needs_is_asked_for() {
    let input = "\nhttps://a.example/token\nauthorization_code,refresh_token,device_code\n\
                 https://a.example/authorize\nhttps://a.example/device\nbasic\nraw\n\ncomma\n24h\nalways\n\n\
                 https://docs.example.com/oauth\n";
    let (template, said) = asked(&[], input).expect("is answered");
    assert_eq!(template.title, "Acme Corp");
    assert_eq!(template.client_auth, ClientAuth::BasicRaw);
    assert_eq!((template.scope_separator, template.lifetime), (',', 86_400));
    assert_eq!(template.rotation, Rotation::Always);
    assert_eq!(
        template.device_url.as_deref(),
        Some("https://a.example/device")
    );
    assert_eq!(
        template.docs.as_deref(),
        Some("https://docs.example.com/oauth")
    );
    // Responses may separate scopes otherwise than requests, and nobody said so.
    let open = [
        Open::Format,
        Open::ResponseScopeSeparator,
        Open::CodeChallenge,
        Open::Errors,
    ];
    assert_eq!(template.open, open);
    assert!(!said.contains("revocation"), "{said}");
    template.document().expect("is a document");
}

#[test]
fn what_does_not_matter_is_not_asked_for() {
    let input = "Acme\nhttps://a.example/token\n\nbody\n\n\n\n\n";
    let (template, said) = asked(&[], input).expect("is answered");
    for word in [
        "authorization endpoint",
        "Basic",
        "replaces the refresh token",
        "RFC 7636",
    ] {
        assert!(!said.contains(word), "{word}: {said}");
    }
    let open = [
        Open::Grants,
        Open::Format,
        Open::ScopeSeparator,
        Open::Lifetime,
        Open::Errors,
    ];
    assert_eq!(template.open, open);
}

#[test]
fn parameters_of_an_unknown_grant_are_asked_for() {
    let input = "\nhttps://a.example/token\nmagic\na: b\nwand, hat?\n\n\n\n\n\n";
    let (template, said) = asked(&[], input).expect("is answered");
    let parameters = template.grants[0].parameters.iter();
    let parameters: Vec<_> = parameters
        .map(|one| (one.name.as_str(), one.is_required))
        .collect();
    assert_eq!(parameters, [("wand", true), ("hat", false)]);
    assert!(said.contains("cannot be a parameter"), "{said}");
}

#[test]
fn parameters_of_every_unknown_grant_are_asked_for() {
    let input = "\nhttps://a.example/token\nmagic,spell\nwand\nword\n\n\n\n\n\n";
    let (template, _) = asked(&[], input).expect("is answered");
    let names = |grant: &Grant| {
        let parameters = grant.parameters.iter();
        parameters.map(|one| one.name.clone()).collect::<Vec<_>>()
    };
    let parameters: Vec<_> = template.grants.iter().map(names).collect();
    assert_eq!(parameters, [["wand"], ["word"]]);
}

#[test]
fn options_answer_beforehand() {
    let all = [
        "--title=Acme",
        "--token-url=https://a.example/token",
        "--grant=authorization_code,refresh_token",
        "--authorization-url=https://a.example/authorize",
        "--revocation-url=https://a.example/revoke",
        "--introspection-url=https://a.example/introspect",
        "--client-auth=basic",
        "--basic-encoding=form",
        "--format=form",
        "--scope-separator=space",
        "--lifetime=1h",
        "--rotation=never",
        "--code-challenge=none",
        "--docs=https://docs.example.com",
    ];
    let (template, said) = asked(&all, "").expect("is answered");
    assert!(said.is_empty(), "{said}");
    // No option says what errors there are.
    assert_eq!(template.open, [Open::Errors]);
    assert!(template.introspection_url.is_some());
    for (option, fault) in [
        ("--title=a\nb", "display name"),
        ("--lifetime=soon", "--lifetime"),
        ("--rotation=twice", "--rotation"),
        ("--scope-separator=xy", "--scope-separator"),
        ("--param=x", "--param"),
    ] {
        let name = option.split('=').next().unwrap_or(option);
        let mut arguments: Vec<&str> = all
            .iter()
            .copied()
            .filter(|one| !one.starts_with(name))
            .collect();
        arguments.push(option);
        let told = asked(&arguments, "").expect_err(option);
        assert!(told.contains(fault), "{option}: {told}");
    }
    for (option, told) in [
        ("--rotation=never", "refresh_token"),
        ("--code-challenge=none", "authorization"),
        ("--basic-encoding=raw", "client-auth"),
    ] {
        let given = [
            "--title=A",
            "--token-url=https://a.example/token",
            "--grant=password",
            "--client-auth=body",
            option,
        ];
        let fault = asked(&given, "\n\n\n\n\n").expect_err(option);
        assert!(fault.contains(told), "{fault}");
    }
}
