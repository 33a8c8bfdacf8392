use std::{
    any::{TypeId, type_name},
    collections::HashMap,
    time::Duration,
};

use toolwright_core::joint::Principal;
use toolwright_store::{KeyValue, MemoryKeyValue, SharedKeyValue};

use super::{RandomId, slot::Slot};
use crate::Context;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Knows where the state of callers is kept, and under which keys.
///
/// A key is made of parts with slashes between them: the server's name, whose state it is, the type. So servers, callers and types
/// may share one store and never meet.
#[derive(Debug)]
pub(crate) struct Keeper {
    pub(crate) store: SharedKeyValue,
    pub(crate) session_ttl: Duration,
    pub(crate) handle_ttl: Duration,
    names: HashMap<TypeId, String>,
}

impl Default for Keeper {
    fn default() -> Self {
        Self {
            store: SharedKeyValue::new(MemoryKeyValue::new()),
            session_ttl: DAY,
            handle_ttl: DAY,
            names: HashMap::new(),
        }
    }
}

impl Keeper {
    pub(crate) fn keep_in(&mut self, store: impl KeyValue) {
        self.store = SharedKeyValue::new(store);
    }

    /// Gives a type its name in keys, or says why not.
    pub(crate) fn name<T: 'static>(&mut self, name: String) -> Result<(), String> {
        let known = type_name::<T>();
        if self.names.values().any(|other| *other == name) {
            return Err(format!(
                "`.stored_as(..)` has the name `{name}` for two types; give `{known}` another"
            ));
        }
        match self.names.insert(TypeId::of::<T>(), name) {
            None => Ok(()),
            Some(_) => Err(format!("`.stored_as(..)` names the type `{known}` twice")),
        }
    }

    fn name_of<T: 'static>(&self) -> &str {
        match self.names.get(&TypeId::of::<T>()) {
            Some(name) => name,
            None => type_name::<T>(),
        }
    }

    /// Where the state of this caller is: of its session, or else of its principal. Nowhere for a caller that has neither.
    pub(super) fn session<T: 'static>(&self, context: &Context) -> Option<Slot> {
        let mut key = Key::new(&context.engine().info.name);
        match (context.agreed().and_then(|agreed| agreed.session), context.principal()) {
            // With the principal, so that a session in other hands shows nothing ("Security Best Practices", "Session Hijacking").
            (Some(session), principal) => key.part("session").part(&session.to_string()).caller(principal),
            (None, Some(principal)) => key.caller(Some(principal)),
            (None, None) => return None,
        };
        key.part(self.name_of::<T>());
        Some(Slot { store: self.store.clone(), key: key.0, ttl: self.session_ttl })
    }

    /// Where the state under a handle of this caller is.
    pub(super) fn handle<T: 'static>(&self, context: &Context, id: RandomId) -> Slot {
        let mut key = Key::new(&context.engine().info.name);
        key.part("handle").caller(context.principal()).part(self.name_of::<T>()).part(&id.to_string());
        Slot { store: self.store.clone(), key: key.0, ttl: self.handle_ttl }
    }
}

/// A key in the making.
pub(crate) struct Key(String);

impl Key {
    pub(crate) fn new(server: &str) -> Self {
        let mut key = Self("toolwright".to_owned());
        key.part(server);
        key
    }

    /// Appends a part. No part can pass for two.
    pub(crate) fn part(&mut self, part: &str) -> &mut Self {
        self.0.push('/');
        for letter in part.chars() {
            match letter {
                '/' => self.0.push_str("%2F"),
                '%' => self.0.push_str("%25"),
                other => self.0.push(other),
            }
        }
        self
    }

    /// Appends whose state it is: nobody in particular is somebody as well.
    pub(crate) fn caller(&mut self, principal: Option<&Principal>) -> &mut Self {
        match principal {
            // An issuer with an empty name is another one than none.
            Some(principal) => match principal.issued_by() {
                Some(issuer) => self.part("issuer").part(issuer).part(principal.subject()),
                None => self.part("principal").part(principal.subject()),
            },
            None => self.part("anonymous"),
        }
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(server: &str, caller: Option<&Principal>, rest: &str) -> String {
        let mut key = Key::new(server);
        key.caller(caller).part(rest);
        key.0
    }

    #[test]
    fn no_two_callers_share_a_key() {
        let bob = Principal::new("bob");
        let keys = [
            key("demo", None, "cart"),
            key("demo", Some(&bob), "cart"),
            key("demo", Some(&bob.clone().issuer("")), "cart"),
            key("demo", Some(&bob.clone().issuer("https://a.example")), "cart"),
            key("demo", Some(&Principal::new("bob/cart")), ""),
            key("demo", Some(&Principal::new("bob%2Fcart")), ""),
            key("demo/principal/bob", None, "cart"),
        ];
        for (index, one) in keys.iter().enumerate() {
            assert!(keys[..index].iter().all(|other| other != one), "{one}");
        }
        assert_eq!(keys[3], "toolwright/demo/issuer/https:%2F%2Fa.example/bob/cart");
    }

    #[test]
    fn a_name_belongs_to_one_type() {
        let mut keeper = Keeper::default();
        assert_eq!(keeper.name_of::<u8>(), "u8");
        keeper.name::<u8>("count".into()).unwrap();
        assert_eq!(keeper.name_of::<u8>(), "count");
        let error = keeper.name::<u16>("count".into()).unwrap_err();
        assert_eq!(error, "`.stored_as(..)` has the name `count` for two types; give `u16` another");
        let error = keeper.name::<u8>("number".into()).unwrap_err();
        assert_eq!(error, "`.stored_as(..)` names the type `u8` twice");
    }
}
