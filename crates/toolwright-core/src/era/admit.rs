use super::{Claim, Era, Refusal, Revision, Served};
use crate::model::Method;

/// A message that is served, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Admitted {
    /// By the rules of this era.
    In(Era),
    /// As a handshake that will choose the era.
    Handshake,
}

/// Chooses the era of one request or notification, by what its body claims first and by what is known of its connection second
/// ("Versioning", "Era detection"; for both eras on one endpoint).
///
/// `negotiated` is the revision of the session it came in. `assumed` is what a message without claim and session is taken for,
/// where a transport allows such.
///
/// # Errors
/// A [`Refusal`] when the version is not served or the claim cannot be read.
///
/// # Example
/// ```
/// use toolwright_core::{era::{Admitted, Claim, Revision, Served, admit}, model::Method};
///
/// let served = Served::default();
/// let modern = admit(&Claim::Version("2026-07-28".into()), &Method::CallTool, None, None, served);
/// assert_eq!(modern, Ok(Admitted::In(Revision::V2026_07_28.era())));
///
/// let unknown = admit(&Claim::Version("2031-01-01".into()), &Method::CallTool, None, None, served);
/// assert_eq!(unknown.unwrap_err().error.code, -32022);
/// ```
pub fn admit(
    claim: &Claim<'_>,
    method: &Method,
    negotiated: Option<Revision>,
    assumed: Option<Revision>,
    served: Served,
) -> Result<Admitted, Refusal> {
    let modern = served.latest_stateless().unwrap_or(Revision::V2026_07_28).era();
    match claim {
        Claim::Version(version) => match version.parse::<Revision>() {
            Ok(revision) if revision.era().is_stateless() && served.has(revision) => {
                Ok(Admitted::In(revision.era()))
            }
            Ok(revision) if !revision.era().is_stateless() && *method == Method::Initialize => {
                handshake(served, version)
            }
            _ => Err(Refusal::unsupported(modern, served, version)),
        },
        Claim::Malformed => Err(Refusal::invalid_params(
            modern,
            "`params._meta[\"io.modelcontextprotocol/protocolVersion\"]` is not a string; send a version such as \"2026-07-28\"",
        )),
        Claim::None if *method == Method::Initialize => handshake(served, ""),
        Claim::None => match negotiated.or(assumed) {
            Some(revision) if served.has(revision) => Ok(Admitted::In(revision.era())),
            Some(revision) => Err(Refusal::unsupported(modern, served, revision.as_str())),
            // Either side may ping before the handshake is over (2025-11-25, "Lifecycle", "Initialization").
            None if *method == Method::Ping && served.latest_session().is_some() => {
                Ok(Admitted::In(served.latest_session().unwrap_or(Revision::V2025_11_25).era()))
            }
            None if served.latest_session().is_none() => Err(Refusal::invalid_params(
                modern,
                "the request names no protocol version: send `params._meta[\"io.modelcontextprotocol/protocolVersion\"]` \
                 with every request",
            )),
            None => Err(Refusal::invalid_params(
                modern,
                "the request names no protocol version: send `params._meta[\"io.modelcontextprotocol/protocolVersion\"]` \
                 with every request, or `initialize` first",
            )),
        },
    }
}

fn handshake(served: Served, requested: &str) -> Result<Admitted, Refusal> {
    match served.latest_session() {
        Some(_) => Ok(Admitted::Handshake),
        None => Err(Refusal::unsupported(
            served.latest_stateless().unwrap_or(Revision::V2026_07_28).era(),
            served,
            requested,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(
        claim: Claim<'_>,
        method: Method,
        negotiated: Option<Revision>,
        served: Served,
    ) -> Result<Admitted, i64> {
        admit(&claim, &method, negotiated, None, served).map_err(|refusal| refusal.error.code.0)
    }

    #[test]
    fn the_claim_in_the_body_decides_before_the_session() {
        let modern = Admitted::In(Revision::V2026_07_28.era());
        let all = Served::default();
        let claim = || Claim::Version("2026-07-28".into());
        assert_eq!(verdict(claim(), Method::ListTools, Some(Revision::V2025_06_18), all), Ok(modern));
        assert_eq!(
            verdict(claim(), Method::Initialize, None, all),
            Ok(modern),
            "the modern rules then refuse the method"
        );
        assert_eq!(
            verdict(Claim::None, Method::ListTools, Some(Revision::V2025_06_18), all),
            Ok(Admitted::In(Revision::V2025_06_18.era()))
        );
    }

    #[test]
    fn a_claim_of_a_legacy_revision_is_only_good_for_the_handshake() {
        let all = Served::default();
        let claim = || Claim::Version("2025-11-25".into());
        assert_eq!(verdict(claim(), Method::Initialize, None, all), Ok(Admitted::Handshake));
        assert_eq!(verdict(claim(), Method::ListTools, None, all), Err(-32022));
    }

    #[test]
    fn a_message_without_any_version_is_told_both_ways_in() {
        let all = Served::default();
        assert_eq!(verdict(Claim::None, Method::ListTools, None, all), Err(-32602));
        assert_eq!(verdict(Claim::Malformed, Method::ListTools, None, all), Err(-32602));
        assert!(verdict(Claim::None, Method::Ping, None, all).is_ok());
    }

    #[test]
    fn what_is_not_served_is_named() {
        let modern_only = Served::only([Revision::V2026_07_28]);
        let refusal = admit(&Claim::None, &Method::Initialize, None, None, modern_only).unwrap_err();
        assert_eq!(refusal.error.code, -32022);
        assert!(format!("{:?}", refusal.error.data).contains("2026-07-28"));
    }
}
