use super::*;

#[test]
fn evidence_stands_once_and_the_surest_first() {
    let finding = Finding::new(Question::Grants, "a")
        .by(EvidenceKind::Name, "/b")
        .by(EvidenceKind::Enum, "/c")
        .by(EvidenceKind::Name, "/a")
        .by(EvidenceKind::Name, "/b")
        .by(EvidenceKind::Enum, "/c");
    let places = finding.evidence.iter();
    let places: Vec<&str> = places.map(|one| one.pointer.as_str()).collect();
    assert_eq!(places, ["/c", "/b", "/a"]);
}

#[test]
fn evidence_for_one_answer_is_bounded() {
    let finding = Finding::new(Question::Grants, "a");
    let finding = (0..1000).fold(finding, |finding, index| {
        finding.by(EvidenceKind::Enum, format!("/{index}"))
    });
    assert_eq!(finding.evidence.len(), 200);
}
