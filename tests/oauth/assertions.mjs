// Grants that the provider does not bring: assertions of somebody whom it trusts (RFC 7523), and who makes them.
import { createServer } from 'node:http';
import { errors, jose, Provider } from './modules.mjs';
import { pair } from './keys.mjs';

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const JAG_TYPE = 'oauth-id-jag+jwt';

const sign = (key, typ, claims) => new jose.SignJWT(claims)
  .setProtectedHeader({ alg: key.alg, kid: key.id, typ })
  .setIssuedAt().setExpirationTime('2m').setJti(crypto.randomUUID())
  .sign(key.privateKey);

/** An identity provider, which knows the application as `notes-at-idp`, and lets it into what `authorizationServer` guards. */
export async function identityProvider(authorizationServer) {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const key = pair('idp', 'ES256');
  const client = { client_id: 'notes-at-idp', client_secret: 'secret of the enterprise' };
  const provider = new Provider(issuer, {
    jwks: { keys: [key.private] },
    cookies: { keys: ['only for tests'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clients: [{ ...client, grant_types: [EXCHANGE], response_types: [], redirect_uris: [] }],
    features: { devInteractions: { enabled: false } },
  });
  provider.on('server_error', (_, error) => console.error(error));
  provider.registerGrantType(EXCHANGE, async (ctx) => {
    const { client: asking, params } = ctx.oidc;
    if (params.requested_token_type !== ID_JAG || params.subject_token_type !== ID_TOKEN) {
      throw new errors.InvalidRequest('only ID tokens are exchanged, for ID-JAGs');
    }
    if (params.audience !== authorizationServer || !params.resource) throw new errors.InvalidTarget();
    const { payload } = await jose.jwtVerify(params.subject_token, key.publicKey, { issuer, audience: asking.clientId })
      .catch((cause) => { throw new errors.InvalidGrant('this is no ID token of this client', { cause }); });
    const { audience: aud, resource, scope } = params;
    ctx.body = {
      access_token: await sign(key, JAG_TYPE, { iss: issuer, sub: payload.sub, aud, resource, scope, client_id: 'notes' }),
      issued_token_type: ID_JAG, token_type: 'N_A', expires_in: 120,
    };
  }, ['requested_token_type', 'audience', 'resource', 'scope', 'subject_token', 'subject_token_type']);
  server.on('request', provider.callback());
  // The user has signed in there long before.
  const idToken = () => sign(key, 'JWT', { iss: issuer, sub: 'ada', aud: client.client_id });
  return { issuer, key, client, idToken };
}

/** A platform that vouches for what runs on it. */
export function platform(authorizationServer) {
  const [issuer, key] = ['https://platform.example', pair('platform', 'ES256')];
  return { issuer, key, token: () => sign(key, 'JWT', { iss: issuer, sub: 'spiffe://platform.example/notes', aud: authorizationServer }) };
}

/** Lets the authorization server take assertions of `idp` for clients, and of `workloads` for themselves. */
export function takeAssertions(provider, idp, workloads, resourceServer) {
  const { issuer } = provider;
  provider.registerGrantType(JWT_BEARER, async (ctx) => {
    const { client, params: { assertion, resource, scope } } = ctx.oidc;
    const refuse = (reason, cause) => { throw new errors.InvalidGrant(reason, { cause }); };
    const ofEnterprise = client.clientId === 'notes';
    const [by, typ] = ofEnterprise ? [idp, JAG_TYPE] : [workloads, 'JWT'];
    const rules = { issuer: by.issuer, audience: issuer, typ, algorithms: [by.key.alg], requiredClaims: ['sub', 'iat', 'exp', 'jti'] };
    const { payload } = await jose.jwtVerify(assertion, by.key.publicKey, rules).catch((cause) => refuse('no good assertion', cause));
    if (ofEnterprise && (payload.client_id !== client.clientId || payload.resource !== resource)) refuse('it is for somebody else');
    if (!await provider.ReplayDetection.unique(payload.iss, payload.jti, payload.exp)) refuse('it was used before');
    const target = new provider.ResourceServer(resource, resourceServer(resource));
    const granted = (scope ?? target.scope).split(' ').filter((name) => target.scopes.has(name)).join(' ');
    const grant = new provider.Grant({ accountId: payload.sub, clientId: client.clientId });
    grant.addResourceScope(resource, granted);
    const token = new provider.AccessToken({ accountId: payload.sub, client, grantId: await grant.save(), gty: 'jwt_bearer', scope: granted });
    token.resourceServer = target;
    ctx.body = { access_token: await token.save(), token_type: token.tokenType, expires_in: token.expiration, scope: token.scope };
  }, ['assertion', 'resource', 'scope']);
}

/** The provider knows nobody but clients: whoever shows nothing but an assertion becomes the client `workload`. */
export async function nameWorkloads(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const form = new URLSearchParams(Buffer.concat(parts).toString());
  const named = request.headers.authorization || form.has('client_id') || form.has('client_assertion');
  if (form.get('grant_type') === JWT_BEARER && !named) form.set('client_id', 'workload');
  request.body = Object.fromEntries(form);
}
