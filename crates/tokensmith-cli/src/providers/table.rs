//! Several providers: an aligned line each, with name, title, grants and servers.

use tokensmith_providers::Entry;
use tokensmith_runtime::ServerDescription;

use crate::select::grants;

pub(super) fn table(entries: &[&Entry]) -> String {
    let rows: Vec<[String; 4]> = entries.iter().map(|entry| row(entry)).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let (names, titles, all_grants) = (width(0), width(1), width(2));
    let lines = rows.iter().map(|[name, title, grants, servers]| {
        format!("{name:names$}  {title:titles$}  {grants:all_grants$}  {servers}\n")
    });
    lines.collect()
}

fn row(entry: &Entry) -> [String; 4] {
    let description = entry.description;
    let servers = description.servers().iter();
    let servers: Vec<&str> = servers.map(ServerDescription::name).collect();
    [
        description.name().to_owned(),
        description.title().to_owned(),
        grants(description).join(" "),
        servers.join(" "),
    ]
}
