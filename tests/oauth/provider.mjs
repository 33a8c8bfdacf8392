// An authorization server that nobody has to click at, with a resource server that wants proofs of possession.
//
//     node provider.mjs MODULES
//
// prints one line of JSON when it listens: where, and the clients that it knows.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.argv[2]}/package.json`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { default: Provider } = await load('oidc-provider');
const jose = await load('jose');

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const signing = generateKeyPairSync('rsa', { modulusLength: 2048 });
const worker = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = (key, id, alg) => ({ ...key.export({ format: 'jwk' }), kid: id, alg, use: 'sig' });

const provider = new Provider(issuer, {
  jwks: { keys: [jwk(signing.privateKey, 'signing', 'RS256')] },
  cookies: { keys: ['only for tests'] },
  scopes: ['openid', 'offline_access'],
  clients: [
    {
      client_id: 'robot', client_secret: 'robot-secret: 100%', token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
    },
    {
      client_id: 'poster', client_secret: 'poster-secret', token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
    },
    {
      client_id: 'signer', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [jwk(worker.publicKey, 'worker', 'ES256')] },
      grant_types: ['client_credentials'], response_types: [], redirect_uris: [],
    },
  ],
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  // Refresh tokens of public clients are rotated; that of a confidential one, too, once it was used.
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    clientCredentials: { enabled: true },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => ({
        scope: 'notes:read notes:write', audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: 3600,
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
});
provider.on('server_error', (_, error) => console.error(error));

/** Signs `ada` in, and lets her agree to everything. */
async function interact(request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
  }
  const { details } = prompt;
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  if (details.missingOIDCScope) grant.addOIDCScope(details.missingOIDCScope.join(' '));
  for (const [resource, scopes] of Object.entries(details.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

const keys = jose.createLocalJWKSet({ keys: [jwk(signing.publicKey, 'signing', 'RS256')] });
const seen = new Set();

/** Serves only who proves that the token is theirs (RFC 9449, "Checking DPoP Proofs"), with a nonce that it demands first. */
async function guarded(request, response) {
  const url = `${issuer}/guarded`;
  const refuse = (error) => {
    const value = `DPoP ${error ? `error="${error}", ` : ''}scope="notes:read", resource_metadata="${issuer}/guarded.json"`;
    response.writeHead(401, { 'WWW-Authenticate': value, 'DPoP-Nonce': 'fresh' }).end();
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
    if (claims.nonce !== 'fresh') return refuse('use_dpop_nonce');
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ subject: payload.sub }));
  } catch (error) {
    console.error(error);
    return refuse('invalid_token');
  }
}

const callback = provider.callback();
server.on('request', (request, response) => {
  const { pathname } = new URL(request.url, issuer);
  const failed = (error) => {
    console.error(error);
    response.writeHead(500).end();
  };
  if (pathname.startsWith('/interaction/')) return interact(request, response).catch(failed);
  if (pathname === '/guarded') return guarded(request, response).catch(failed);
  if (pathname === '/guarded.json') {
    const metadata = { resource: `${issuer}/guarded`, authorization_servers: [issuer] };
    return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(metadata));
  }
  return callback(request, response);
});

console.log(JSON.stringify({
  issuer,
  clients: {
    robot: { secret: 'robot-secret: 100%' },
    poster: { secret: 'poster-secret' },
    signer: { key: worker.privateKey.export({ type: 'pkcs8', format: 'pem' }), id: 'worker' },
  },
}));
// Whoever started it closes its stdin when it is not needed any more.
process.stdin.resume().on('end', () => process.exit(0));
