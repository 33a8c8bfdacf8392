use std::collections::BTreeMap;

use insta::assert_snapshot;
use schemars::JsonSchema;
use serde::Serialize;
use toolwright_server::respond::IntoToolResult;

#[derive(Serialize, JsonSchema)]
struct Forecast {
    city: Option<String>,
    days: Vec<Day>,
    extremes: BTreeMap<String, (f32, f32)>,
    wind: Wind,
}

#[derive(Serialize, JsonSchema)]
struct Day {
    temperature: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
enum Wind {
    Calm,
    Steady(f64),
    Gusts { from: f64, to: f64 },
    Both(f64, f64),
}

fn forecast() -> Forecast {
    let days = vec![Day { temperature: Some(20.5) }, Day { temperature: None }];
    Forecast { city: None, days, extremes: BTreeMap::new(), wind: Wind::Calm }
}

fn error<M>(value: impl IntoToolResult<M>) -> String {
    value.into_result().unwrap_err().to_string()
}

#[test]
fn absent_values_are_null_and_no_error() {
    let result = forecast().into_result().unwrap();
    assert_snapshot!(result.structured_content.unwrap().as_str(), @r#"{"city":null,"days":[{"temperature":20.5},{"temperature":null}],"extremes":{},"wind":"Calm"}"#);
    assert!(["null"].into_result().is_ok());
}

#[test]
fn a_number_that_json_cannot_express_is_named_by_its_path() {
    assert_snapshot!(error(f64::NAN), @"the result holds a number that JSON cannot express: $ is NaN");
    assert_snapshot!(error(vec![1.0, f32::INFINITY]), @"the result holds a number that JSON cannot express: $[1] is infinite");
    assert_snapshot!(error(Some((1, f64::NEG_INFINITY))), @"the result holds a number that JSON cannot express: $[1] is infinite");

    let mut day = forecast();
    day.days[0].temperature = Some(f64::NAN);
    assert_snapshot!(error(day), @"the result holds a number that JSON cannot express: $.days[0].temperature is NaN");

    let mut place = forecast();
    place.extremes.insert("New York".to_owned(), (0.0, f32::NAN));
    assert_snapshot!(error(place), @r#"the result holds a number that JSON cannot express: $.extremes["New York"][1] is NaN"#);

    for (wind, path) in [
        (Wind::Steady(f64::NAN), "$.wind.Steady"),
        (Wind::Gusts { from: 0.0, to: f64::NAN }, "$.wind.Gusts.to"),
        (Wind::Both(0.0, f64::NAN), "$.wind.Both[1]"),
    ] {
        let text = error(Forecast { wind, ..forecast() });
        assert!(text.contains(&format!(": {path} is NaN")), "{text}");
    }
    assert_snapshot!(error(BTreeMap::from([(7, f64::NAN)])), @"the result holds a number that JSON cannot express: $.7 is NaN");
}
