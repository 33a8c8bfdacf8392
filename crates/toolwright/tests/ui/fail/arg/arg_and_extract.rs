use toolwright::prelude::*;

#[tool]
fn add(#[arg] #[extract] context: Context) -> bool {
    context.principal().is_some()
}

fn main() {}
