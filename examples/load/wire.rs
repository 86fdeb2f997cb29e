//! One kept-alive HTTP connection that costs as little as possible: bytes out, bytes in.
//!
//! Client and server share the machine's cores, so what the client spends is missing from the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use ureq::http::Uri;

/// A connection to one host.
pub(super) struct Wire {
    stream: BufReader<TcpStream>,
    /// `Host` and `Authorization`.
    headers: String,
    /// Path of the base URL.
    root: String,
    body: Vec<u8>,
    line: String,
}

impl Wire {
    /// Connects.
    pub(super) fn open(base: &str, key: &str) -> Result<Self, String> {
        let uri: Uri = base.parse().map_err(|e| format!("{base}: {e}"))?;
        let authority = uri.authority().ok_or("a host is missing")?;
        let address = format!(
            "{}:{}",
            authority.host(),
            authority.port_u16().unwrap_or(80)
        );
        let stream = TcpStream::connect(&address).map_err(|e| format!("{address}: {e}"))?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        stream
            .set_read_timeout(Some(Duration::from_mins(1)))
            .map_err(|e| e.to_string())?;
        Ok(Self {
            stream: BufReader::with_capacity(64 << 10, stream),
            headers: format!("Host: {authority}\r\nAuthorization: Bearer {key}\r\n"),
            root: uri.path().trim_end_matches('/').to_owned(),
            body: Vec::new(),
            line: String::new(),
        })
    }

    /// The bytes of a request, made before the clock starts.
    pub(super) fn request(&self, method: &str, path: &str, body: &str) -> String {
        let content = if body.is_empty() {
            String::new()
        } else {
            format!(
                "Content-Type: application/scim+json\r\nContent-Length: {}\r\n",
                body.len()
            )
        };
        format!(
            "{method} {}{path} HTTP/1.1\r\n{}{content}\r\n{body}",
            self.root, self.headers
        )
    }

    /// Sends a request and reads the answer whole: its status and its body.
    pub(super) fn send(&mut self, request: &str) -> Result<(u16, &[u8]), String> {
        self.exchange(request).map_err(|e| e.to_string())?;
        let status = self.line.parse().unwrap_or(0);
        Ok((status, &self.body))
    }

    fn exchange(&mut self, request: &str) -> std::io::Result<()> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let (mut status, mut length, mut chunked) = (String::new(), 0, false);
        loop {
            self.line.clear();
            if self.stream.read_line(&mut self.line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let line = self.line.trim_end();
            if status.is_empty() {
                line.split(' ')
                    .nth(1)
                    .unwrap_or("0")
                    .clone_into(&mut status);
            } else if line.is_empty() {
                break;
            } else if let Some((name, value)) = line.split_once(':') {
                if name.eq_ignore_ascii_case("content-length") {
                    length = value.trim().parse().unwrap_or(0);
                } else if name.eq_ignore_ascii_case("transfer-encoding") {
                    chunked = true;
                }
            }
        }
        self.body.clear();
        if chunked {
            while self.chunk()? {}
        } else {
            self.body.resize(length, 0);
            self.stream.read_exact(&mut self.body)?;
        }
        self.line = status;
        Ok(())
    }

    fn chunk(&mut self) -> std::io::Result<bool> {
        self.line.clear();
        self.stream.read_line(&mut self.line)?;
        let length = usize::from_str_radix(self.line.trim_end(), 16).unwrap_or(0);
        let at = self.body.len();
        self.body.resize(at + length, 0);
        if let Some(part) = self.body.get_mut(at..) {
            self.stream.read_exact(part)?;
        }
        self.line.clear();
        self.stream.read_line(&mut self.line)?;
        Ok(length > 0)
    }
}
