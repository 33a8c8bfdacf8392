use crate::ClientError;

/// Most pages that a list is followed for.
const PAGES: usize = 1000;

/// All items of a list. The end is a page without a cursor; an empty cursor is one ("Pagination").
pub(super) async fn pages<T>(
    mut next: impl AsyncFnMut(Option<String>) -> Result<(Vec<T>, Option<String>), ClientError>,
) -> Result<Vec<T>, ClientError> {
    let (mut items, mut cursor) = next(None).await?;
    for _ in 1..PAGES {
        let Some(current) = cursor else { return Ok(items) };
        let (more, following) = next(Some(current.clone())).await?;
        if following.as_ref() == Some(&current) {
            return Err(ClientError::protocol("a page of a list names itself as the next one"));
        }
        items.extend(more);
        cursor = following;
    }
    if cursor.is_none() {
        return Ok(items);
    }
    Err(ClientError::protocol(format!("a list has more than {PAGES} pages")))
}
