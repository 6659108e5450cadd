//! The PostgreSQL that tests start.

use std::net::TcpStream;

use tokensmith_tests::postgres::Postgres;

#[test]
fn a_killed_server_keeps_what_was_committed_and_a_dropped_one_is_gone() {
    let mut postgres = Postgres::start();
    let url = postgres.database();
    let database = url.rsplit('/').next().expect("a name");
    postgres.execute(database, "CREATE TABLE one AS SELECT 1 AS number");
    postgres.kill();
    let address = ("127.0.0.1", postgres.port());
    assert!(TcpStream::connect(address).is_err());
    postgres.restart();
    assert_eq!(postgres.execute(database, "SELECT number FROM one"), "1");
    drop(postgres);
    assert!(TcpStream::connect(address).is_err());
}
