use toolwright::prelude::*;

#[tool]
fn add(#[arg] context: Context) -> bool {
    context.principal().is_some()
}

fn main() {}
