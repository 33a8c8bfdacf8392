use std::sync::Arc;

use tokio::time::sleep;

use super::{
    exchange::{Events, deliver, is_passing},
    line::Line,
    retry::Retry,
};

/// Reads the stream that belongs to no request, for as long as the server offers it ("Streamable HTTP", "Listening for Messages
/// from the Server").
pub(super) async fn listen(line: Arc<Line>) {
    let mut retry = Retry::default();
    let mut after: Option<String> = None;
    let mut had_one = false;
    loop {
        let response = line.get(after.as_deref(), None).await;
        line.opened_stream();
        match response {
            Ok(response) if response.is_stream() => {
                had_one = true;
                let mut events = Events::new(response.reply, line.sender.settings.longest);
                while let Ok(Some(event)) = events.next().await {
                    retry.progressed();
                    if event.is_message() && !event.data.is_empty() {
                        deliver(&line, event.data).await;
                    }
                }
                retry.wants(events.retry());
                after = events.last_id().or(after);
            }
            // Not every server has one.
            Ok(response) if !is_passing(response.status) => {
                tracing::debug!(status = %response.status, "the server offers no stream of its own");
                // Some answer so to everyone; only where there was a stream before, it is a sign that the session is gone.
                if line.has_lost_session(response.status) && had_one {
                    line.lose();
                }
                return;
            }
            Ok(response) => {
                tracing::debug!(status = %response.status, "the server's own stream did not open")
            }
            Err(error) => tracing::debug!(%error, "the server's own stream did not open"),
        }
        let Some(wait) = retry.next() else {
            tracing::warn!(
                "the server's own stream is lost; messages that belong to no request do not arrive"
            );
            return;
        };
        sleep(wait).await;
    }
}
