// An authorization server that nobody has to click at, with a resource server that wants proofs of possession, and those whose
// assertions it takes.
//
//     node provider.mjs MODULES
//
// prints one line of JSON when it listens: where, and the clients that it knows.
import { createServer } from 'node:http';
import { Provider } from './modules.mjs';
import { pair } from './keys.mjs';
import { guarded } from './guarded.mjs';
import { identityProvider, JWT_BEARER, nameWorkloads, platform, takeAssertions } from './assertions.mjs';

// `/clock?ahead=SECONDS` changes what time it is here.
const clock = Date.now;
let ahead = 0;
Date.now = () => clock() + ahead * 1000;

// `/pace?milliseconds=..` makes it slow to issue tokens.
let pace = 0;

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const signing = pair('signing', 'RS256');
const worker = pair('worker', 'ES256');
const elder = pair('elder', 'RS256');
const idp = await identityProvider(issuer);
const workloads = platform(issuer);

// The document that describes a client whose id is a URL. Nobody has to have that name in the network.
const document = 'https://notes.example/client.json';
const application = {
  client_id: document, client_name: 'Notes', application_type: 'native', redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none',
};
const silent = { response_types: [], redirect_uris: [] };
const signer = (key) => ({
  token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: key.alg, jwks: { keys: [key.public] },
  grant_types: ['client_credentials'], ...silent,
});
const resourceServer = (resource) => ({
  scope: 'notes:read notes:write', audience: resource, accessTokenFormat: 'jwt',
  accessTokenTTL: resource.endsWith('/brief') ? 1 : 3600, jwt: { sign: { alg: 'RS256' } },
});

const provider = new Provider(issuer, {
  jwks: { keys: [signing.private] },
  cookies: { keys: ['only for tests'] },
  scopes: ['openid', 'offline_access'],
  clients: [
    {
      client_id: 'robot', client_secret: 'robot-secret: 100%', token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['client_credentials'], ...silent,
    },
    {
      client_id: 'poster', client_secret: 'poster-secret', token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'], ...silent,
    },
    { client_id: 'signer', ...signer(worker) },
    { client_id: 'elder', ...signer(elder) },
    { client_id: 'notes', client_secret: 'secret at the server', grant_types: [JWT_BEARER], ...silent },
    { client_id: 'workload', token_endpoint_auth_method: 'none', grant_types: [JWT_BEARER], ...silent },
  ],
  discovery: { authorization_grant_profiles_supported: ['urn:ietf:params:oauth:grant-profile:id-jag'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  // One that was used is not good any more, and who uses it again loses the whole grant.
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  rotateRefreshToken: true,
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  fetch: (url, options) => (String(url) === document ? Response.json(application) : globalThis.fetch(url, options)),
  features: {
    devInteractions: { enabled: false },
    registration: { enabled: true },
    clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
    clientCredentials: { enabled: true },
    revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
    dPoP: { enabled: true, nonceSecret: Buffer.alloc(32, 7), requireNonce: () => true },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => resourceServer(resource),
    },
  },
});
provider.on('server_error', (_, error) => console.error(error));
takeAssertions(provider, idp, workloads, resourceServer);

// What `/counts` tells: tokens by the grant, and what was refused or taken back.
const counts = {};
const count = (what) => { counts[what] = (counts[what] ?? 0) + 1; };
const grants = new Set();
provider.on('grant.success', ({ oidc }) => count(oidc.params.grant_type));
provider.on('grant.error', (_, error) => count(error.error));
provider.on('grant.revoked', () => count('revoked'));
provider.on('refresh_token.saved', ({ grantId }) => grants.add(grantId));

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

const resource = guarded(issuer, signing);
const callback = provider.callback();
const tell = (response, value) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));

/** What the tests ask beside the protocol. */
const controls = {
  '/counts': () => counts,
  '/pace': (url) => { pace = Number(url.searchParams.get('milliseconds')); },
  '/clock': (url) => { ahead = Number(url.searchParams.get('ahead')); },
  '/revoke-grants': () => Promise.all([...grants].map((id) => provider.RefreshToken.revokeByGrantId(id))),
  '/revoke-guarded': () => { resource.revoke(); },
  '/id-token': () => idp.idToken(),
  '/workload-token': () => workloads.token(),
};

async function answer(request, response) {
  const url = new URL(request.url, issuer);
  if (controls[url.pathname]) return tell(response, await controls[url.pathname](url) ?? null);
  if (url.pathname.startsWith('/interaction/')) return interact(request, response);
  if (url.pathname === '/guarded') return resource.serve(request, response);
  if (url.pathname === '/guarded.json') return tell(response, resource.metadata);
  if (url.pathname === '/token') {
    await new Promise((done) => setTimeout(done, pace));
    await nameWorkloads(request);
  }
  return callback(request, response);
}

server.on('request', (request, response) => answer(request, response).catch((error) => {
  console.error(error);
  response.writeHead(500).end();
}));

const pem = ({ id, privateKey }) => ({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }), id });
console.log(JSON.stringify({
  issuer,
  identity_provider: idp.issuer,
  document,
  clients: {
    robot: { secret: 'robot-secret: 100%' },
    poster: { secret: 'poster-secret' },
    signer: pem(worker),
    elder: pem(elder),
    notes: { secret: 'secret at the server' },
    [idp.client.client_id]: { secret: idp.client.client_secret },
  },
}));
// Whoever started it closes its stdin when it is not needed any more.
process.stdin.resume().on('end', () => process.exit(0));
