// The pages on which staff sign in and consent: plain forms that a test fills in.

// staff are the accounts, by what they sign in with.
const staff = { ann: 'Ann Lee', ben: 'Ben Okafor' };

// account is the server's view of a member of staff.
export function account(id) {
  if (!staff[id]) return undefined;
  return {
    accountId: id,
    claims: async () => ({ sub: id, name: staff[id], preferred_username: id, email: `${id}@staff.example` }),
  };
}

// interaction shows a form (GET) or takes it (POST). Its fields are "login" or "scope", what is granted, and "abort", which
// denies when it is not empty.
export async function interaction(provider, req, res) {
  const details = await provider.interactionDetails(req, res);
  if (req.method === 'GET') {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.end(form(details));
    return;
  }
  const answer = new URLSearchParams(await body(req));
  const result = answer.get('abort') ? { error: 'access_denied' } : await settle(provider, details, answer);
  await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
}

async function settle(provider, { prompt, params, session, grantId }, answer) {
  if (prompt.name === 'login') return { login: { accountId: answer.get('login') } };
  const grant = grantId ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  const granted = answer.get('scope').split(' ');
  const denied = params.scope.split(' ').filter((scope) => !granted.includes(scope));
  grant.addOIDCScope(granted.join(' '));
  if (denied.length) grant.rejectOIDCScope(denied.join(' '));
  if (prompt.details.missingOIDCClaims) grant.addOIDCClaims(prompt.details.missingOIDCClaims);
  return { consent: { grantId: await grant.save() } };
}

function form({ prompt, params }) {
  const field = prompt.name === 'login' ? '<input name="login">' : `<input name="scope" value="${escaped(params.scope)}">`;
  return `<!DOCTYPE html><title>${prompt.name}</title><form method="post">${field}<input type="hidden" name="abort"><button>Continue</button></form>`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

async function body(req) {
  let text = '';
  for await (const chunk of req) text += chunk;
  return text;
}
