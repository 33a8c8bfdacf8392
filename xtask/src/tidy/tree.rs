use std::{error::Error, path::Path};

use super::{budget::Budget, workspace::cargo};

/// One target for everybody, so that the count is the same on every machine.
const TARGET: &str = "x86_64-unknown-linux-gnu";

pub(super) fn read(root: &Path, budget: &Budget) -> Result<String, Box<dyn Error>> {
    let mut arguments =
        vec!["tree", "--offline", "--prefix", "none", "--edges", "normal,build", "--target", TARGET];
    arguments.extend(["--package", budget.package]);
    arguments.extend(budget.features);
    cargo(root, &arguments)
}
