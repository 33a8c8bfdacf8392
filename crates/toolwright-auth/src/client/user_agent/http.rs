use std::{io, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use super::page::Page;

/// Longest head of a request; codes and states are much shorter.
const MOST: usize = 16 * 1024;
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads the head of a request and gives what is asked for, `/callback?code=c` for example; `None` when it is no GET for `host`
/// (a page of somebody else could reach this port under another name).
pub(super) async fn target(stream: &mut TcpStream, host: &str) -> io::Result<Option<String>> {
    let head = timeout(PATIENCE, head(stream)).await??;
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some("GET"), Some(target), Some("HTTP/1.1" | "HTTP/1.0"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Ok(None);
    };
    let mut hosts = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then_some(value.trim())
    });
    let expected = (hosts.next(), hosts.next()) == (Some(host), None);
    Ok(expected.then(|| target.to_owned()))
}

async fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::with_capacity(1024);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if head.len() > MOST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    String::from_utf8(head).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Answers with a page, and hangs up once the browser has it.
pub(super) async fn answer(mut stream: TcpStream, page: &Page) -> io::Result<()> {
    timeout(PATIENCE, async {
        stream.write_all(page.response().as_bytes()).await?;
        stream.shutdown().await
    })
    .await?
}
