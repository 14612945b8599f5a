//! The supervisor's socket: one line in, one line out. `status` gives JSON, `stop` ends the node.
//!
//! Who may open the socket is decided by the folder's permissions.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longest line.
const MAX_LINE: u64 = 64 * 1024;
/// Stopping waits for the engine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is asked of a supervisor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Status,
    Stop,
}

/// The listening end.
pub(super) struct Control {
    listener: UnixListener,
}

impl Control {
    /// Listens in a node's folder, whose lock the caller holds: a socket there is a former one's.
    pub(super) fn listen(home: &Path) -> io::Result<Self> {
        let path = home.join("control.sock");
        clear_socket(&path)?;
        let listener = UnixListener::bind(short(&path)?)?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener })
    }

    /// The order that waits, if one does, and where to answer it.
    pub(super) fn next(&self) -> Option<(Order, UnixStream)> {
        let (stream, _) = self.listener.accept().ok()?;
        stream.set_nonblocking(false).ok()?;
        stream.set_read_timeout(Some(Duration::from_millis(500))).ok()?;
        let mut line = String::new();
        BufReader::new((&stream).take(64)).read_line(&mut line).ok()?;
        let order = match line.trim() {
            "status" => Order::Status,
            "stop" => Order::Stop,
            _ => return None,
        };
        Some((order, stream))
    }
}

/// Answers an order; who no longer waits needs no answer.
pub(super) fn reply(mut stream: UnixStream, text: &str) {
    _ = stream.write_all(format!("{text}\n").as_bytes());
}

/// Asks the supervisor of a node's folder; none where there is none, or none any more.
pub(super) fn order(home: &Path, order: Order) -> io::Result<Option<String>> {
    match asked(home, order) {
        Ok(line) => Ok(Some(line).filter(|line| !line.is_empty())),
        Err(error) if is_gone(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Nobody listens, or who listened ended before it answered.
fn is_gone(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::BrokenPipe
    )
}

fn asked(home: &Path, order: Order) -> io::Result<String> {
    let stream = UnixStream::connect(short(&home.join("control.sock"))?)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let text: &[u8] = match order {
        Order::Status => b"status\n",
        Order::Stop => b"stop\n",
    };
    (&stream).write_all(text)?;
    let mut line = String::new();
    BufReader::new((&stream).take(MAX_LINE)).read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

/// Takes away the socket that a former process left at a path, so that one can listen there.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] where something else stands there, which is nobody's to take
/// away, and the system's.
pub(super) fn clear_socket(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(there) if there.file_type().is_socket() => std::fs::remove_file(path),
        Ok(_) => {
            let why = "it is no socket, so it stays: move it away, or name another place";
            Err(io::Error::new(io::ErrorKind::AlreadyExists, why))
        }
    }
}

/// A path that fits a socket's address (108 bytes with its end): relative to the working folder
/// where the whole one does not.
fn short(path: &Path) -> io::Result<PathBuf> {
    if path.as_os_str().len() < 100 {
        return Ok(path.to_owned());
    }
    let here = std::env::current_dir()?;
    let relative = path.strip_prefix(&here).ok().filter(|path| path.as_os_str().len() < 100);
    relative.map(Path::to_owned).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidInput, "the folder's path is too long for a socket")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    #[test]
    fn what_is_no_socket_stays_where_one_is_to_be() {
        let scratch = Scratch::new();
        let path = scratch.path().join("control.sock");
        std::fs::write(&path, "somebody's letter").unwrap();
        let refused = Control::listen(scratch.path()).err().map(|error| error.kind());
        assert_eq!(refused, Some(io::ErrorKind::AlreadyExists));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "somebody's letter");
        // Nor is a link followed to what it names.
        let link = scratch.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(clear_socket(&link).is_err() && link.symlink_metadata().is_ok());
        std::fs::remove_file(&path).unwrap();
        // A former process's socket goes, and nothing is as good.
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        drop(Control::listen(scratch.path()).unwrap());
        std::fs::remove_file(&path).unwrap();
        assert!(clear_socket(&path).is_ok());
    }

    #[test]
    fn a_supervisor_that_ends_without_an_answer_is_none() {
        let scratch = Scratch::new();
        assert_eq!(order(scratch.path(), Order::Status).unwrap(), None);
        let control = Control::listen(scratch.path()).unwrap();
        let home = scratch.path().to_owned();
        let asks = std::thread::spawn(move || order(&home, Order::Status));
        // Dropped with the question in its queue, as by a process that ends.
        std::thread::sleep(std::time::Duration::from_millis(50));
        drop(control);
        assert_eq!(asks.join().unwrap().unwrap(), None);
        assert_eq!(order(scratch.path(), Order::Stop).unwrap(), None);
    }
}
