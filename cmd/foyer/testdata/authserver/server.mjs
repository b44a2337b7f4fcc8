// An OAuth server that is not ours, oidc-provider, set up as a tenant of the Identity Pools would be: the issuer is
// https://HOST:PORT/acme/system, and the endpoints for mutual TLS are at a port of their own.
//
// The first line on stdin is the configuration: {host, path, key, cert, ca, jwks}; the keys and certificates are PEM, ca is what
// client certificates are verified with, and jwks has the keys that the server signs with. The first line on stdout is then
// {"issuer", "mtls"}. Every further line on stdin is an order, {id, do, ...}, answered by a line {id, result} or {id, error}.
// The server ends when stdin does.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';
import { account, interaction } from './pages.mjs';
import { Store } from './store.mjs';

console.info = console.warn; // stdout is for the test

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const setup = JSON.parse((await lines.next()).value);
const store = new Store();
const knobs = new Map(); // by client id, what a test asks of the server for this client: {ttl: {Kind: seconds}, nonce}
const seen = new Map(); // by client id, what no one but the two sides may ever see

// listen opens a port; what it serves is set once the issuer is known.
function listen(tls) {
  const port = { handle: (_, res) => { res.statusCode = 503; res.end(); } };
  const server = createServer({ key: setup.key, cert: setup.cert, ...tls }, (req, res) => port.handle(req, res));
  return new Promise((resolve) => {
    server.listen(0, setup.host, () => {
      port.url = `https://${setup.host}:${server.address().port}`;
      resolve(port);
    });
  });
}

// handle serves what is under the issuer's path.
function handle(req, res) {
  if (!req.url.startsWith(`${setup.path}/`)) {
    res.statusCode = 404;
    res.end();
    return;
  }
  if (req.url.startsWith(`${setup.path}/interaction/`)) {
    interaction(provider, req, res).catch((err) => {
      res.statusCode = 400;
      res.end(String(err));
    });
    return;
  }
  req.originalUrl = req.url;
  req.url = req.url.slice(setup.path.length);
  serve(req, res);
}

function configuration() {
  return {
    jwks: setup.jwks,
    adapter: (kind) => store.adapter(kind),
    findAccount: (_, id) => account(id),
    scopes: ['openid', 'profile', 'offline_access', 'identity', 'identity_self_registration', 'transient_otp'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    clientAuthMethods: [
      'client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt',
      'tls_client_auth', 'self_signed_tls_client_auth', 'none',
    ],
    enabledJWA: {
      clientAuthSigningAlgValues: ['HS256', 'RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
      dPoPSigningAlgValues: ['ES256'],
    },
    features: features(),
    discovery: { mtls_endpoint_aliases: aliases() },
    routes: {
      authorization: '/oauth2/authorize', token: '/oauth2/token', introspection: '/oauth2/introspect',
      revocation: '/oauth2/revoke', device_authorization: '/device/authorization', code_verification: '/device',
      userinfo: '/userinfo', jwks: '/.well-known/jwks.json',
    },
    interactions: { url: (_, { uid }) => `${setup.path}/interaction/${uid}` },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    rotateRefreshToken: true,
    clockTolerance: 0,
    ttl: Object.fromEntries(Object.entries({
      AccessToken: 3600, ClientCredentials: 3600, RefreshToken: 86400, DeviceCode: 600, AuthorizationCode: 60, IdToken: 3600,
      Interaction: 3600, Session: 86400, Grant: 86400,
    }).map(([kind, usual]) => [kind, (_, __, client) => knobs.get(client?.clientId)?.ttl?.[kind] ?? usual])),
    renderError: (ctx, out) => { ctx.body = out; },
  };
}

function features() {
  return {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: false },
    dPoP: {
      enabled: true,
      nonceSecret: randomBytes(32),
      requireNonce: (ctx) => knobs.get(ctx.oidc.client?.clientId)?.nonce ?? true,
    },
    introspection: { enabled: true, allowedPolicy: () => true },
    mTLS: {
      enabled: true,
      certificateBoundAccessTokens: true,
      selfSignedTlsClientAuth: true,
      tlsClientAuth: true,
      getCertificate: (ctx) => ctx.socket.getPeerX509Certificate?.(),
      certificateAuthorized: (ctx) => ctx.socket.authorized,
      certificateSubjectMatches: (ctx, property, expected) => property === 'tls_client_auth_subject_dn'
        && distinguishedName(ctx.socket.getPeerX509Certificate()) === expected,
    },
    resourceIndicators: { enabled: false },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: true },
  };
}

// distinguishedName is a certificate's subject as RFC 4514 writes it: the last part first.
function distinguishedName(certificate) {
  return certificate.subject.split('\n').reverse().join(',');
}

// aliases are the endpoints for mutual TLS (RFC 8705, 5).
function aliases() {
  const at = mtls.url + setup.path;
  return {
    token_endpoint: `${at}/oauth2/token`,
    revocation_endpoint: `${at}/oauth2/revoke`,
    introspection_endpoint: `${at}/oauth2/introspect`,
    device_authorization_endpoint: `${at}/device/authorization`,
    userinfo_endpoint: `${at}/userinfo`,
  };
}

// hasten lets devices ask every second (RFC 8628, 3.2), for tests to be short.
async function hasten(ctx, next) {
  await next();
  if (ctx.oidc?.route === 'device_authorization' && ctx.status === 200) ctx.body.interval = 1;
}

// record keeps what a request for a token and its answer held, for the test to search the program's outputs for, and how it
// ended.
function record(ctx, err) {
  const { params = {}, client } = ctx.oidc;
  const id = client?.clientId ?? params.client_id;
  const all = sighting(id);
  const secrets = [
    params.client_secret, params.client_assertion, params.code, params.code_verifier, params.refresh_token, params.device_code,
    ctx.headers.dpop, ctx.headers.authorization?.split(' ')[1],
    ctx.body?.access_token, ctx.body?.refresh_token, ctx.body?.id_token,
  ];
  if (err) all.refusals.push([err.error, err.error_detail].filter(Boolean).join(': '));
  else all.grants.push(params.grant_type);
  all.secrets.push(...secrets.filter(Boolean));
  seen.set(id, all);
}

function sighting(client) {
  return seen.get(client) ?? { grants: [], refusals: [], secrets: [] };
}

// orders are what a test can ask for.
const orders = {
  // client makes a client of the registration metadata (RFC 7591, 2), or replaces it.
  client: async ({ metadata, knobs: asked }) => {
    knobs.set(metadata.client_id, asked ?? {});
    await store.adapter('Client').upsert(metadata.client_id, metadata);
    await provider.Client.find(metadata.client_id); // complains of what cannot be
  },
  // revoke takes away what a client holds, of one kind or of all.
  revoke: ({ client, kind }) => store.revoke(client, kind),
  // holds tells how many entries of one kind a client holds that can still be used.
  holds: ({ client, kind }) => store.count(client, kind),
  // seen tells the grants that a client was given, why it was refused others, and the secrets on the way to them.
  seen: ({ client }) => sighting(client),
};

async function obey({ id, do: what, ...rest }) {
  try {
    say({ id, result: await orders[what](rest) });
  } catch (err) {
    say({ id, error: [err.message, err.error_description].filter(Boolean).join(': ') });
  }
}

function say(object) {
  process.stdout.write(`${JSON.stringify(object)}\n`);
}

const origin = await listen({});
const mtls = await listen({ ca: setup.ca, requestCert: true, rejectUnauthorized: false });
const provider = new Provider(origin.url + setup.path, configuration());
provider.use(hasten);
const serve = provider.callback();
origin.handle = handle;
mtls.handle = handle;
provider.on('grant.success', record);
provider.on('grant.error', record);
provider.on('server_error', (_, err) => console.error(err));
say({ issuer: provider.issuer, mtls: mtls.url });
for (let line = await lines.next(); !line.done; line = await lines.next()) await obey(JSON.parse(line.value));
process.exit(0);
