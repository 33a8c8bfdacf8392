use toolwright::prelude::*;

#[resource("notes://today", scopes("notes:read"), cache(ttl = "60s", scope = "public"))]
fn today() -> String {
    String::new()
}

fn main() {}
