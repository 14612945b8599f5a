//! The service that runs this program hears that it is alive: `sd_notify(3)` of systemd, which is a
//! datagram to the socket that `NOTIFY_SOCKET` names. Does not block. Without the variable, and on
//! other systems, nothing is said.

#[cfg(unix)]
use std::os::unix::net::UnixDatagram;

/// The service that waits for signs of life, if there is one.
#[cfg(unix)]
pub(crate) struct Service(Option<UnixDatagram>);

#[cfg(unix)]
impl Service {
    /// As the environment says.
    pub(crate) fn of_environment() -> Self {
        Self(std::env::var_os("NOTIFY_SOCKET").and_then(|name| connected(&name).ok()))
    }

    /// The program is alive. The first word of it says that it has started, too.
    pub(crate) fn alive(&self) {
        if let Some(socket) = &self.0 {
            // A service that does not listen will start the program again.
            let _ = socket.send(b"READY=1\nWATCHDOG=1");
        }
    }
}

#[cfg(unix)]
fn connected(name: &std::ffi::OsStr) -> std::io::Result<UnixDatagram> {
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    #[cfg(target_os = "linux")]
    {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::ffi::OsStrExt;
        use std::os::unix::net::SocketAddr;
        // A name in the abstract name space of Linux.
        if let Some(name) = name.as_bytes().strip_prefix(b"@") {
            let address = SocketAddr::from_abstract_name(name)?;
            socket.connect_addr(&address)?;
            return Ok(socket);
        }
    }
    socket.connect(name)?;
    Ok(socket)
}

#[cfg(not(unix))]
pub(crate) struct Service;

#[cfg(not(unix))]
impl Service {
    pub(crate) fn of_environment() -> Self {
        Self
    }

    pub(crate) fn alive(&self) {}
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_listens_hears_that_the_program_is_alive() {
        let path = std::env::temp_dir().join(format!("sealight-notify-{}", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let listens = UnixDatagram::bind(&path).unwrap();
        Service(connected(path.as_os_str()).ok()).alive();
        let mut heard = [0; 64];
        let length = listens.recv(&mut heard).unwrap();
        assert_eq!(&heard[..length], b"READY=1\nWATCHDOG=1");
        std::fs::remove_file(&path).unwrap();
        assert!(connected(path.as_os_str()).is_err());
        Service(None).alive();
    }
}
