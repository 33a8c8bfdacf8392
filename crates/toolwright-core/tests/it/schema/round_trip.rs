use toolwright_core::{era::Revision, model::Method};

use super::{
    document::Document,
    generator::Generator,
    table::{Kind, TABLE},
};

const INSTANCES: usize = 200;
/// How many of them are also checked against the schema, which checks the generator.
const VALIDATED: usize = 8;

fn generated_instances_come_back_equal(revision: Revision) {
    let document = Document::of(revision);
    let mut generator = Generator::new(&document);
    let mut faults = Vec::new();
    for row in TABLE.iter().filter(|row| row.revisions.contains(&revision)) {
        let Kind::Type(codec) = row.kind else { continue };
        let validator = document.validator(row.definition);
        for index in 0..INSTANCES {
            let instance = generator.instance(row.definition, index);
            if index < VALIDATED
                && let Err(error) = validator.validate(&instance)
            {
                faults.push(format!("{}: the generator is wrong: {error}: {instance}", row.definition));
                break;
            }
            if let Some(method) = instance["method"].as_str()
                && row.definition.ends_with("Notification") != Method::from(method).is_notification()
            {
                faults.push(format!(
                    "{}: {method} is taken for a notification, or not for one",
                    row.definition
                ));
            }
            let fault = match codec(&instance) {
                Ok(written) if written == instance => continue,
                Ok(written) => format!("{}: {instance} came back as {written}", row.definition),
                Err(error) => format!("{}: {instance} was refused: {error}", row.definition),
            };
            faults.push(fault);
            break;
        }
    }
    assert!(faults.is_empty(), "{revision}, {} definitions:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn instances_of_2024_11_05_come_back_equal() {
    generated_instances_come_back_equal(Revision::V2024_11_05);
}

#[test]
fn instances_of_2025_03_26_come_back_equal() {
    generated_instances_come_back_equal(Revision::V2025_03_26);
}

#[test]
fn instances_of_2025_06_18_come_back_equal() {
    generated_instances_come_back_equal(Revision::V2025_06_18);
}

#[test]
fn instances_of_2025_11_25_come_back_equal() {
    generated_instances_come_back_equal(Revision::V2025_11_25);
}

#[test]
fn instances_of_2026_07_28_come_back_equal() {
    generated_instances_come_back_equal(Revision::V2026_07_28);
}
