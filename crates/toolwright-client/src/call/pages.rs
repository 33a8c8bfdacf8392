use std::collections::HashSet;

use crate::ClientError;

/// Most pages that a list is followed for.
pub(crate) const PAGES: usize = 1000;

/// All items of a list. The end is a page without a cursor; an empty cursor is one ("Pagination").
///
/// `next` fetches the page of a cursor, and is told whether it must ask the server. A cursor that the server knows no more makes
/// the list begin anew, once: pages that were kept may be those of another list ("Caching").
///
/// A plain closure that returns futures, since those of `AsyncFnMut` are not known to be `Send` where they borrow.
pub(super) async fn pages<T, F>(
    mut next: impl FnMut(Option<String>, bool) -> F,
) -> Result<Vec<T>, ClientError>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), ClientError>>,
{
    match follow(&mut next, false).await {
        Err((error, true)) if error.is_invalid_params() => follow(&mut next, true).await,
        outcome => outcome,
    }
    .map_err(|(error, _)| error)
}

/// With the error comes whether it was that of a page after the first.
async fn follow<T, F>(
    next: &mut impl FnMut(Option<String>, bool) -> F,
    fresh: bool,
) -> Result<Vec<T>, (ClientError, bool)>
where
    F: Future<Output = Result<(Vec<T>, Option<String>), ClientError>>,
{
    let (mut items, mut cursor) = next(None, fresh).await.map_err(|error| (error, false))?;
    let mut seen = HashSet::new();
    while let Some(current) = cursor {
        if !seen.insert(current.clone()) {
            return Err((ClientError::protocol("the pages of a list go round in a circle"), true));
        }
        if seen.len() == PAGES {
            return Err((ClientError::protocol(format!("a list has more than {PAGES} pages")), true));
        }
        let (more, following) = next(Some(current), fresh).await.map_err(|error| (error, true))?;
        items.extend(more);
        cursor = following;
    }
    Ok(items)
}
