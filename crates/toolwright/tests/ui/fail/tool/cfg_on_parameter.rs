use toolwright::prelude::*;

#[tool]
fn size(items: Vec<u8>, #[cfg(unix)] deep: bool) -> usize {
    items.len()
}

fn main() {}
