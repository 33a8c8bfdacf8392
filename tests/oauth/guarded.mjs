// A resource server that wants proofs of possession.
import { jose } from './modules.mjs';

/**
 * Answers a request only to who proves that the token is theirs (RFC 9449, "Checking DPoP Proofs"), and with a nonce that is good
 * for two requests. Some of its answers bring the next one, others do not.
 */
export function guarded(issuer, signing) {
  const url = `${issuer}/guarded`;
  const keys = jose.createLocalJWKSet({ keys: [signing.public] });
  const seen = new Set();
  const refused = new Set();
  let last;
  let served = 0;

  const nonce = () => `nonce-${Math.floor(served / 2)}`;

  async function serve(request, response) {
    const refuse = (error) => {
      const value = `DPoP ${error ? `error="${error}", ` : ''}scope="notes:read", resource_metadata="${issuer}/guarded.json"`;
      response.writeHead(401, { 'WWW-Authenticate': value, 'DPoP-Nonce': nonce() }).end();
    };
    const token = /^DPoP (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token) return refuse();
    try {
      const { payload } = await jose.jwtVerify(token, keys, { issuer, audience: url, typ: 'at+jwt' });
      const proof = request.headers.dpop;
      const { payload: claims, protectedHeader } = await jose.jwtVerify(proof, jose.EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] });
      const hash = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(token))).toString('base64url');
      const good = claims.htm === request.method && claims.htu === url && claims.ath === hash && !seen.has(claims.jti)
        && Math.abs(Date.now() / 1000 - claims.iat) < 300
        && payload.cnf?.jkt === await jose.calculateJwkThumbprint(protectedHeader.jwk);
      if (!good) return refuse('invalid_dpop_proof');
      seen.add(claims.jti);
      if (claims.nonce !== nonce()) return refuse('use_dpop_nonce');
      if (refused.has(payload.jti)) return refuse('invalid_token');
      last = payload.jti;
      served += 1;
      const next = served % 4 === 0 ? { 'DPoP-Nonce': nonce() } : {};
      return response.writeHead(200, { 'Content-Type': 'application/json', ...next }).end(JSON.stringify({ subject: payload.sub }));
    } catch (error) {
      console.error(error);
      return refuse('invalid_token');
    }
  }

  return { metadata: { resource: url, authorization_servers: [issuer] }, serve, revoke: () => refused.add(last) };
}
