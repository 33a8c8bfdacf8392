use std::{fmt::Write as _, net::SocketAddr, ops::Range};

use toolwright_benches::{message::Speech, post::post};

use super::{
    digits::{Digits, find},
    workload::Workload,
};

/// A request as it goes over the wire, the same each time but for its numbers.
#[derive(Debug)]
pub(super) struct Request {
    bytes: Vec<u8>,
    id: Range<usize>,
    summand: Option<Range<usize>>,
}

impl Request {
    pub(super) fn new(workload: &Workload, address: SocketAddr, session: Option<&str>) -> Self {
        let first = Digits::of(0);
        let mut mirrored = String::new();
        if workload.speech == Speech::Modern {
            let _ = write!(mirrored, "Mcp-Method: {}\r\n", workload.method());
            if let Some(target) = workload.target() {
                let _ = write!(mirrored, "Mcp-Name: {target}\r\n");
            }
        }
        let bytes = post(address, workload.speech, session, &mirrored, &workload.body());
        let place = |digits: &[u8]| find(&bytes, digits, 0).map(|at| at..at + digits.len());
        let id = place(&first.id).expect("each request has an id");
        let summand = place(&first.summand);
        Self { bytes, id, summand }
    }

    /// The bytes of the one with these numbers.
    pub(super) fn with(&mut self, digits: &Digits) -> &[u8] {
        self.bytes[self.id.clone()].copy_from_slice(&digits.id);
        if let Some(summand) = self.summand.clone() {
            self.bytes[summand].copy_from_slice(&digits.summand);
        }
        &self.bytes
    }
}
