//! The socket.

use super::*;
use prost::Message;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use tendermint_proto::v0_38::abci::request::Value as Ask;
use tendermint_proto::v0_38::abci::response::Value as Say;
use tendermint_proto::v0_38::abci::{
    Request, RequestCommit, RequestEcho, RequestFlush, RequestInfo, RequestVerifyVoteExtension,
    Response,
};

fn dial(app: &App) -> (TcpStream, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (told, halted) = channel();
    let halt: Halt = Arc::new(move |error| told.send(error.to_string()).unwrap());
    let app = app.clone();
    std::thread::spawn(move || serve(&Socket::Tcp(listener), &app, &halt));
    (stream, halted)
}

fn framed(asks: Vec<Ask>) -> Vec<u8> {
    asks.into_iter()
        .flat_map(|ask| Request { value: Some(ask) }.encode_length_delimited_to_vec())
        .collect()
}

fn says(stream: &mut TcpStream, count: usize) -> Vec<Say> {
    let mut bytes = Vec::new();
    let mut out = Vec::new();
    let mut byte = [0];
    while out.len() < count {
        stream.read_exact(&mut byte).unwrap();
        bytes.push(byte[0]);
        if let Ok(response) = Response::decode_length_delimited(&bytes[..]) {
            out.push(response.value.unwrap());
            bytes.clear();
        }
    }
    out
}

#[test]
fn requests_are_answered_in_their_order() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let (mut stream, _halted) = dial(&app);
    let echo = |text: &str| Ask::Echo(RequestEcho { message: text.into() });
    let asks = vec![
        echo("one"),
        Ask::Info(RequestInfo::default()),
        Ask::Flush(RequestFlush {}),
        echo(&"long ".repeat(100_000)),
        Ask::Flush(RequestFlush {}),
    ];
    let bytes = framed(asks);
    // In pieces that tear lengths and messages apart.
    for piece in bytes.chunks(70_001) {
        stream.write_all(piece).unwrap();
    }
    let said = says(&mut stream, 5);
    assert!(matches!(&said[0], Say::Echo(echo) if echo.message == "one"));
    assert!(matches!(&said[1], Say::Info(info) if info.last_block_height == 0));
    assert!(matches!(&said[2], Say::Flush(_)));
    assert!(matches!(&said[3], Say::Echo(echo) if echo.message.len() == 500_000));
    assert!(matches!(&said[4], Say::Flush(_)));
}

#[test]
fn what_cannot_be_gone_on_with_is_told_to_the_engine_and_halts() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let (mut stream, halted) = dial(&app);
    stream.write_all(&framed(vec![Ask::Commit(RequestCommit {})])).unwrap();
    let said = says(&mut stream, 1);
    assert!(matches!(&said[0], Say::Exception(e) if e.error.contains("commit without a block")));
    assert!(halted.recv().unwrap().contains("commit without a block"));
}

#[test]
fn vote_extensions_that_nobody_asked_for_are_refused() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let (mut stream, _halted) = dial(&app);
    for (extension, status) in [(vec![], 1), (vec![1], 2)] {
        let ask =
            RequestVerifyVoteExtension { vote_extension: extension.into(), ..Default::default() };
        stream.write_all(&framed(vec![Ask::VerifyVoteExtension(ask)])).unwrap();
        let said = says(&mut stream, 1);
        assert!(matches!(&said[0], Say::VerifyVoteExtension(answer) if answer.status == status));
    }
}

#[test]
fn garbage_ends_the_connection_and_nothing_else() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    for garbage in [&[0xff; 32][..], &[3, 0xff, 0xff, 0xff], &[0], &[0xff, 0xff, 0xff, 0xff, 0x7f]]
    {
        let (mut stream, halted) = dial(&app);
        stream.write_all(garbage).unwrap();
        _ = stream.shutdown(std::net::Shutdown::Write);
        let mut rest = Vec::new();
        _ = stream.read_to_end(&mut rest);
        assert!(rest.is_empty() && halted.try_recv().is_err());
    }
    assert_eq!(app.tip().height, 0);
}

/// Where answers go, counted.
#[derive(Clone, Default)]
struct Counted(Arc<std::sync::Mutex<Vec<usize>>>);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().push(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_answer_and_its_flush_leave_in_one_write() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let asks = vec![Ask::Info(RequestInfo::default()), Ask::Flush(RequestFlush {})];
    let bytes = framed(asks);
    let writes = Counted::default();
    let halt: Halt = Arc::new(|_| {});
    crate::abci::wire::talk(&bytes[..], writes.clone(), &app, &halt);
    // Two small ones would wait 40 ms for each other's acknowledgement.
    assert_eq!(writes.0.lock().unwrap().len(), 1);
}
