use serde_json::{Value, json};

use super::*;
use crate::infer::response_member::of_value;

fn found(refusal: &Value) -> [Option<String>; 2] {
    let location = of_members(&of_value(refusal)).location;
    [location.code, location.description].map(|list| list.into_iter().next())
}

#[test]
fn members_are_found_by_their_names() {
    for (refusal, code, description) in [
        (json!({"code": "a", "message": "b"}), "/code", "/message"),
        (
            json!({"errorCode": "a", "errorSummary": "b"}),
            "/errorCode",
            "/errorSummary",
        ),
        (
            json!({"errors": [{"code": "a", "detail": "b"}]}),
            "/errors/0/code",
            "/errors/0/detail",
        ),
        (
            json!({"response": {"errors": [{"error_code": 1, "message": "b"}]}}),
            "/response/errors/0/error_code",
            "/response/errors/0/message",
        ),
        (
            json!({"type": "about:blank", "title": "b", "status": 401, "detail": "d"}),
            "",
            "/detail",
        ),
        (
            json!({"error_name": "a", "error_msg": "b"}),
            "/error_name",
            "/error_msg",
        ),
        (
            json!({"detail": "b", "reply": {"error": "invalid_grant", "error_description": "c"}}),
            "/reply/error",
            "/reply/error_description",
        ),
        (
            json!({"result": {"error": "a"}, "message": "b"}),
            "/result/error",
            "/message",
        ),
        (
            json!({"errcode": 40013, "errmsg": "b"}),
            "/errcode",
            "/errmsg",
        ),
        (
            json!({"fault": {"faultstring": "b", "detail": {"errorcode": "a"}}}),
            "/fault/detail/errorcode",
            "/fault/faultstring",
        ),
    ] {
        let expected = [code, description].map(|text| (!text.is_empty()).then(|| text.to_owned()));
        assert_eq!(found(&refusal), expected, "{refusal}");
    }
}

#[test]
fn what_the_runtime_looks_at_is_not_looked_for() {
    for refusal in [
        json!({"error": "a", "error_description": "b", "code": "c", "message": "d"}),
        json!({"error": {"code": "a", "message": "b"}, "message": "c"}),
        json!({"user": {"code": "a", "title": "b"}}),
        json!({"ok": false}),
        json!({"error": {"error": "invalid_grant", "error_description": "a"}}),
        json!({"policy": {"error": "a"}}),
    ] {
        assert_eq!(found(&refusal), [None, None], "{refusal}");
    }
    let sentence = json!({"error": "Invalid credentials"});
    assert_eq!(found(&sentence), [None, Some("/error".to_owned())]);
    let list = json!({"error": "invalid_client, invalid_grant"});
    assert_eq!(found(&list), [None, None], "the example lists codes");
    let only_code = json!({"error": "a", "message": "b"});
    assert_eq!(found(&only_code), [None, Some("/message".to_owned())]);
}

#[test]
fn an_example_that_is_a_code_says_what_a_member_is() {
    let place = |text: &str| Some(text.to_owned());
    let coded = found(&json!({"message": "invalid_client", "detail": "No such client."}));
    assert_eq!(coded, [place("/message"), place("/detail")]);
    let alone = found(&json!({"message": "invalid_client"}));
    assert_eq!(alone, [place("/message"), None]);
    let sentence = found(&json!({"message": "Invalid client."}));
    assert_eq!(sentence, [None, place("/message")]);
}
