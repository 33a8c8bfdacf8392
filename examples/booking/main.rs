//! Seats for a show: the guest chooses them in a form, agrees to the price, and pays once.
//!
//! The tool reads like a conversation. A client with a session hears each question while the call runs. A stateless one gets the
//! questions as a result and calls again with the answers, perhaps at another replica; then the function starts over, and
//! everything up to the next question is answered from its journal. Nothing here knows which of them it is.
//!
//! `cargo run --example booking` serves stdio, `cargo run --example booking -- --http 127.0.0.1:8000` HTTP. Replicas get the same
//! `TOOLWRIGHT_STATE_KEY`.
use std::{collections::BTreeMap, sync::Mutex};

use toolwright::{IdempotencyKey, ServerBuilder, prelude::*};

/// Price of a seat, in cents.
const PRICE: u32 = 25_00;

/// What the guest fills in. A form is flat, so that every client can show it.
#[derive(Elicit)]
struct Seats {
    /// Row, A to Z.
    row: char,
    /// How many seats next to each other.
    #[arg(range(1..=8), default = 2)]
    count: u8,
    /// Whether one of them should be at the aisle.
    #[arg(default = false)]
    aisle: bool,
}

#[model]
#[derive(Debug, PartialEq)]
struct Booking {
    show: String,
    row: char,
    count: u8,
    aisle: bool,
    name: String,
    receipt: String,
}

/// Book seats for a show. The guest is asked which, and pays.
#[tool(annotations(destructive, idempotent = false), requires(elicitation))]
async fn book(ctx: &Context, bank: State<Bank>, show: String) -> Result<Booking, HandlerError> {
    // Whoever declines here ends the call: `accepted()?` makes that a readable error.
    let seats: Seats = ctx.elicit(format!("Which seats for {show}?")).await?.accepted()?;
    let Seats { row, count, aisle } = seats;
    // Progress is told once: it is silent as long as answers from before are replayed.
    ctx.progress(1, 3);

    let cents = PRICE * u32::from(count);
    let price = format!("{}.{:02} euros", cents / 100, cents % 100);
    if !ctx.confirm(format!("Pay {price} for {count} seats in row {row}?")).await? {
        return Err("the guest does not want to pay that; nothing was booked".into());
    }
    ctx.progress(2, 3);

    // Code outside of `once` may run again, so everything that must not be repeated is inside. What it returns is kept in the
    // journal, errors included. The key names this step of this call: the bank recognises a charge by it that it made already.
    let receipt = ctx.once("charge", |key| bank.charge(cents, key)).await?;
    ctx.progress(3, 3);

    // This question may start the function over, and the guest has paid all the same.
    let name = ctx.elicit::<String>("In whose name?").await?.accepted_or("the guest".to_owned());
    Ok(Booking { show, row, count, aisle, name, receipt })
}

/// A bank of play money.
#[derive(Default)]
struct Bank {
    /// The number of each receipt, by the key of its charge.
    receipts: Mutex<BTreeMap<String, usize>>,
    #[cfg(test)]
    effects: toolwright::testing::Effects,
}

impl Bank {
    /// Takes the money, unless it did so before for the same key. Real ones get it in a header, `Idempotency-Key` for example.
    async fn charge(&self, cents: u32, key: IdempotencyKey) -> Result<String, HandlerError> {
        #[cfg(test)]
        self.effects.once_for(&key, "charge");
        let mut receipts = self.receipts.lock().map_err(|_| "the bank is closed")?;
        let next = receipts.len() + 1;
        let number = receipts.entry(key.to_string()).or_insert(next);
        Ok(format!("no. {number} over {cents} cents"))
    }
}

fn server(bank: Bank) -> ServerBuilder {
    Server::builder("theatre").state(bank).tools(tools![book])
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server(Bank::default()).build()?.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::{
        core::model::{ElicitResult, ElicitValue},
        testing::{Effects, Fault, Script, WriteOnce},
    };

    fn seats() -> ElicitResult {
        ElicitResult::accept([("row", ElicitValue::from("C")), ("count", ElicitValue::from(2))])
    }

    fn counting(effects: Effects) -> ServerBuilder {
        server(Bank { effects, ..Bank::default() })
    }

    #[tokio::test]
    async fn seats_are_paid_once_wherever_the_guest_is_and_whatever_goes_wrong() {
        let report = WriteOnce::tool("book", json!({ "show": "Hamlet" }))
            .answers(|| {
                Script::new()
                    .elicit(seats())
                    .elicit(ElicitResult::accept([("value", true)]))
                    .elicit(ElicitResult::accept([("value", "Ada")]))
            })
            .faults(Fault::ALL)
            .check(counting)
            .await;
        let booking = json!({
            "show": "Hamlet", "row": "C", "count": 2, "aisle": false, "name": "Ada", "receipt": "no. 1 over 5000 cents",
        });
        assert_eq!(report.answer()["structuredContent"], booking);
        for run in report.runs() {
            assert_eq!(run.effect("charge"), 1, "{}", run.setting());
            assert_eq!(run.progress(), ["1 of 3", "2 of 3", "3 of 3"], "{}", run.setting());
        }
        for run in report.disturbed() {
            assert_eq!(run.answer(), report.answer());
            assert_eq!(run.effect("charge"), 1, "the bank knows the charge by its key");
        }
    }

    #[tokio::test]
    async fn a_guest_who_declines_pays_nothing() {
        let report = WriteOnce::tool("book", json!({ "show": "Hamlet" }))
            .answers(|| Script::new().elicit(seats()).elicit(ElicitResult::decline()))
            .check(counting)
            .await;
        assert_eq!(report.text(), "the guest does not want to pay that; nothing was booked");
        assert!(report.runs().iter().all(|run| run.effect("charge") == 0));
    }
}
