//! Typed arguments, an enum, limits on values, a structured result, and errors that tell a model what to do instead.
use toolwright::prelude::*;

#[model]
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// What was calculated, so that a model can repeat it to the user.
#[model]
#[derive(Debug, PartialEq)]
struct Answer {
    /// The whole calculation, for example `1 / 4 = 0.25`.
    calculation: String,
    value: f64,
}

/// Calculate with two numbers.
#[tool(annotations(read_only, idempotent))]
fn calculate(
    left: f64,
    operation: Operation,
    right: f64,
    /// How many decimal places to round to.
    #[arg(default = 10, range(0..=15))]
    places: u8,
) -> Result<Answer, HandlerError> {
    let (sign, value) = match operation {
        Operation::Add => ('+', left + right),
        Operation::Subtract => ('-', left - right),
        Operation::Multiply => ('*', left * right),
        Operation::Divide if right == 0.0 => {
            return Err(HandlerError::from(format!("{left} cannot be divided by zero"))
                .hint("check where the zero comes from, and do not guess a result"));
        }
        Operation::Divide => ('/', left / right),
    };
    if !value.is_finite() {
        return Err(HandlerError::from("the result is too large").hint("calculate with logarithms"));
    }
    let scale = 10_f64.powi(places.into());
    let rounded = Some((value * scale).round() / scale).filter(|rounded| rounded.is_finite());
    let value = rounded.unwrap_or(value);
    Ok(Answer { calculation: format!("{left} {sign} {right} = {value}"), value })
}

/// The mean of some numbers.
#[tool(annotations(read_only, idempotent))]
fn mean(#[arg(length(1..))] numbers: Vec<f64>) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

fn server() -> toolwright::Result<Server> {
    Ok(Server::builder("calculator").tools(tools![calculate, mean]).build()?)
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server()?.run().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use toolwright::testing::in_every_era;

    #[test]
    fn the_functions_stay_functions() {
        assert_eq!(calculate(1.0, Operation::Divide, 4.0, 2).unwrap().calculation, "1 / 4 = 0.25");
        assert_eq!(mean(vec![1.0, 2.0]), 1.5);
    }

    #[tokio::test]
    async fn it_calculates_and_explains_itself() -> toolwright::Result<()> {
        in_every_era(server()?, async |client| {
            let third = json!({ "left": 1, "operation": "Divide", "right": 3, "places": 3 });
            let answer: Answer = client.call("calculate", third).await?.data()?;
            assert_eq!(answer, Answer { calculation: "1 / 3 = 0.333".into(), value: 0.333 });
            assert_eq!(client.call("mean", json!({ "numbers": [1, 2, 6] })).await?.data::<f64>()?, 3.0);

            for (arguments, expected) in [
                (json!({ "left": 1, "operation": "Divide", "right": 0 }), "cannot be divided by zero (check"),
                (
                    json!({ "left": 1, "operation": "Power", "right": 0 }),
                    r#"$.operation: expected one of "Add""#,
                ),
                (json!({ "left": 1, "operation": "Add", "right": 0, "places": 16 }), "$.places: expected"),
            ] {
                let error = client.call("calculate", arguments).await.unwrap_err().to_string();
                assert!(error.contains(expected), "{error}");
            }
            assert!(client.call("mean", json!({ "numbers": [] })).await.is_err());
            Ok::<_, toolwright::Error>(())
        })
        .await;
        Ok(())
    }
}
