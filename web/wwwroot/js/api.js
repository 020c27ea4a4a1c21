// Talks to /v1 with the login's cookie. What is refused is thrown as a Refusal with the problem's code.

export class Refusal extends Error {
  constructor(problem, retryAfter) {
    super(problem.detail || problem.title || 'The server gave no reason.');
    this.code = problem.code;
    this.title = problem.title;
    this.detail = problem.detail;
    this.retryAfter = retryAfter;
  }
}

async function send(method, path, body, headers = {}) {
  const request = { method, headers: { 'X-Requested-With': 'page', ...headers } };
  if (body !== undefined) {
    request.headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(body);
  }

  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Refusal({ code: 'offline', title: 'The server cannot be reached. Check your connection and try again.' });
  }

  if (answer.status === 204) return null;
  const content = await answer.json().catch(() => ({ code: 'unreadable', title: 'The server gave an answer that cannot be read.' }));
  if (!answer.ok) throw new Refusal(content, Number(answer.headers.get('Retry-After')) || undefined);
  return content;
}

export const logIn = (account, password) => send('POST', '/v1/sessions', { account, password });
export const logOut = () => send('DELETE', '/v1/sessions/current');
export const profile = () => send('GET', '/v1/sessions/current');
export const merchants = async () => (await send('GET', '/v1/merchants')).merchants;
export const callback = id => send('GET', `/v1/callbacks/${id}`);
export const cancelCallback = id => send('DELETE', `/v1/callbacks/${id}`);
export const placeCallback = (key, merchant, number) =>
  send('POST', '/v1/callbacks', { merchant, number, language: document.documentElement.lang }, { 'Idempotency-Key': key });
export const terminals = () => send('GET', '/v1/terminals');
export const makeTerminal = () => send('POST', '/v1/terminals', {});
export const removeTerminal = account => send('DELETE', `/v1/terminals/${encodeURIComponent(account)}`);
export const chooseRings = rings => send('PUT', '/v1/terminals/rings', { rings });
