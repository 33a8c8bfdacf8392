use std::any::Any;

/// `value` as a `U` if `T` is that type. Both are known when this is compiled, so nothing of it is left at run time.
pub(super) fn downcast<T: 'static, U: 'static>(value: T) -> Result<U, T> {
    let mut slot = Some(value);
    match (&mut slot as &mut dyn Any).downcast_mut::<Option<U>>().and_then(Option::take) {
        Some(found) => Ok(found),
        None => Err(slot.expect("only a successful downcast takes the value")),
    }
}
