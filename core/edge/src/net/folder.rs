//! A folder of plain files, on a web server or on this device: what an operator's things come from.
//!
//! Blocks and is cancelled as [`super::Http`] says; a file of this device by std's plain reads.

use super::error::NetError;
use super::files::whole;
use super::http::{Http, Request, Timeouts, Verb};
use super::url::GatewayUrl;
use crate::cancel::Cancel;
use reqwest::StatusCode;
use std::time::Duration;

/// Files are longer than answers, and nobody waits for them.
const PATIENT: Timeouts = Timeouts {
    connect: Duration::from_secs(10),
    read: Duration::from_secs(30),
    total: Duration::from_secs(3600),
};

/// A folder that files are asked of by name.
#[derive(Debug)]
pub struct Folder {
    url: GatewayUrl,
    http: Http,
}

impl Folder {
    /// The folder at this address; nothing is sent yet.
    pub fn new(url: GatewayUrl) -> Self {
        Self { url, http: Http::new(PATIENT) }
    }

    /// Where it is.
    pub fn url(&self) -> &GatewayUrl {
        &self.url
    }

    /// A file of at most `limit` bytes. Names have letters, digits, `.`, `-` and `_`, and `/`
    /// between them; a part that begins with a dot is none, so that no name leads out of the folder.
    ///
    /// # Errors
    /// See [`NetError`]; another name is [`NetError::Malformed`].
    pub fn file(&self, name: &str, limit: usize, cancel: &Cancel) -> Result<Vec<u8>, NetError> {
        if !is_inside(name) {
            return Err(NetError::Malformed { what: "name of a file" });
        }
        if cancel.is_cancelled() {
            return Err(NetError::Cancelled);
        }
        if let Some(folder) = self.url.file() {
            return whole(&folder.join(name), limit);
        }
        let address = format!("{}/{name}", self.url.as_str());
        let request = Request { verb: Verb::Get, address: &address, limit, waits_for_block: false };
        match self.http.exchange(request, None, cancel)? {
            (StatusCode::OK, body) => Ok(body),
            (status, body) => {
                let text = super::error::one_line(&body);
                Err(NetError::Status { code: status.as_u16(), text })
            }
        }
    }
}

fn is_inside(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain);
    name.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::super::testserver::{TestServer, reply};
    use super::*;
    use crate::testfolder;

    #[test]
    fn a_web_server_and_a_folder_give_the_same() {
        let files = testfolder::Folder::new();
        std::fs::create_dir_all(files.path("a")).unwrap();
        std::fs::write(files.path("a/one.txt"), b"one").unwrap();
        let server = TestServer::start(|asked| match asked.path() {
            "/x/a/one.txt" => reply("200 OK", b"one"),
            _ => reply("404 Not Found", b"nothing is here"),
        });
        let near = GatewayUrl::of_file(&files.path("")).unwrap();
        let far = GatewayUrl::listed(&format!("{}/x", server.url())).unwrap();
        for folder in [Folder::new(near), Folder::new(far)] {
            let file = |name: &str, limit| folder.file(name, limit, &Cancel::default());
            assert_eq!(file("a/one.txt", 3), Ok(b"one".to_vec()));
            assert_eq!(file("a/one.txt", 2), Err(NetError::TooLarge { limit: 2 }));
            assert!(matches!(file("two", 9), Err(NetError::Status { code: 404, .. })));
            for out in ["../one", "a/../../b", "/etc/passwd", "a//b", "", ".x", "a\\b", "a b?c"] {
                let refused = NetError::Malformed { what: "name of a file" };
                assert_eq!(file(out, 9), Err(refused), "{out}");
            }
        }
    }
}
