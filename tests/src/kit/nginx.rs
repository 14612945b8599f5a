//! A real nginx over a folder, on a free loopback port; ended when dropped.

use crate::bench::folder::Folder;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Longest time that it may take to listen.
const START: Duration = Duration::from_secs(10);

/// A plain web server.
pub struct Nginx {
    child: Child,
    port: u16,
    _folder: Folder,
}

/// Where a program is, as a shell with the system's own folders finds it.
#[must_use]
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = std::env::split_paths(&path).collect::<Vec<_>>();
    let system = ["/usr/sbin", "/usr/local/sbin", "/usr/bin"].map(PathBuf::from);
    own.into_iter().chain(system).map(|folder| folder.join(name)).find(|path| path.is_file())
}

impl Nginx {
    /// Serves this folder; none where there is no nginx on this machine.
    ///
    /// # Panics
    /// Where there is one that does not start.
    #[must_use]
    pub fn over(site: &Path) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let program = program("nginx")?;
        let folder = Folder::new(&format!("nginx-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let folder = folder.expect("a folder");
        let port = free_port();
        let here = folder.path().display().to_string();
        let temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {here}/{name};"))
            .join("\n");
        let config = format!(
            "daemon off; worker_processes 1; pid {here}/pid; error_log {here}/error.log;\n\
             events {{ worker_connections 256; }}\n\
             http {{ access_log off; sendfile on; keepalive_requests 1000000;\n{temp}\n\
             server {{ listen 127.0.0.1:{port}; root {}; default_type application/cbor;\n\
             location = /nothing {{ return 204; }} }} }}\n",
            site.display()
        );
        std::fs::write(folder.place("conf"), config).expect("the configuration");
        let mut command = Command::new(program);
        command.args(["-p", &here, "-e", &format!("{here}/error.log"), "-c"]);
        command.arg(folder.place("conf")).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("nginx starts");
        let mut nginx = Self { child, port, _folder: folder };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            let gone = nginx.child.try_wait().is_ok_and(|ended| ended.is_some());
            assert!(!gone && begun.elapsed() < START, "nginx does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(nginx)
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master tells its workers to end when it is told itself.
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        if !told.is_ok_and(|told| told.success()) {
            _ = self.child.kill();
        }
        _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its number").port()
}
