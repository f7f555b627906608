// How requests of an upload go out: through proxies that let only POST pass, and with answers that tus-js-client would
// take for something else told apart before it sees them.
const OVERRIDE = 'upload-override';
const SIGN_IN = /^\/signin/;

/** Something that is known without the library: `status` as of HTTP, 0 without an answer. */
export class Answer extends Error {
  constructor(status, detail = '') {
    super(`${status} ${detail}`);
    this.status = status;
    this.detail = detail;
  }
}

let override = sessionStorage.getItem(OVERRIDE) === 'on';
/** From now on every PATCH, HEAD and DELETE is a POST that says what it means. */
export function useOverride() {
  const was = override;
  override = true;
  sessionStorage.setItem(OVERRIDE, 'on');
  return !was;
}

/** An HttpStack of tus-js-client around its own. */
export function stack(tus) {
  const under = new tus.DefaultHttpStack({});
  return {
    getName: () => 'MantouStack',
    createRequest: (method, url) => wrap(under, method, url),
  };
}

function wrap(under, method, url) {
  const hidden = override && method !== 'POST' && method !== 'GET';
  const request = under.createRequest(hidden ? 'POST' : method, url);
  if (hidden) request.setHeader('X-HTTP-Method-Override', method);
  const send = request.send.bind(request);
  request.getMethod = () => method;
  request.send = async (body) => {
    const answer = await send(body);
    const found = check(method, answer);
    if (found) throw found;
    return answer;
  };
  return request;
}

/** What must not reach the library: it takes a page for a broken answer, and begins anew when HEAD is refused. */
function check(method, answer) {
  const status = answer.getStatus();
  const { responseURL } = answer.getUnderlyingObject();
  if (status === 401 || (responseURL && SIGN_IN.test(new URL(responseURL).pathname))) return new Answer(401);
  const ours = answer.getHeader('Tus-Resumable') !== null;
  if (!ours && [400, 403, 405, 501].includes(status) && method !== 'POST') return new Answer(405);
  if (method === 'HEAD' && status >= 300 && status !== 404 && status !== 410) return new Answer(status, detailOf(answer));
  return null;
}

/** The sentence of a problem (RFC 9457). */
export function detailOf(answer) {
  try {
    return JSON.parse(answer.getBody()).detail ?? '';
  } catch {
    return '';
  }
}
