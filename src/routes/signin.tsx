import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { partyOf, type Party } from '../core/passkeys/party.ts';
import { hasPasskeys, offerPasskeySignIn, PasskeyAnswer, signInWithPasskey } from '../core/passkeys/sign-in.ts';
import { signOut } from '../core/sessions/own.ts';
import { OneTime } from '../core/sign-in/one-time.ts';
import { Credentials, signIn, signInWithCode, type Pending, type SignedIn } from '../core/sign-in/sign-in.ts';
import { allow, open } from '../http/allow.ts';
import { dropPending, dropSession, readPending, writePending } from '../http/cookies.ts';
import type { Env } from '../http/env.ts';
import { readForm } from '../http/form.ts';
import { answerJson } from '../http/json.ts';
import { go, localPath, page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { letIn, visitorOf } from '../http/visitor.ts';
import { AppError } from '../lib/errors.ts';
import { Fingerprint } from '../views/signin/fingerprint.tsx';
import { CodePage, SignInPage, type PasskeyOffer } from '../views/signin/signin.tsx';

const SignInForm = Credentials.extend({ next: z.string().max(2000).optional() });
const CodeForm = z.object({ code: z.string().max(100) });

/** What is wrong with the form as a whole. */
const formError = (text: string | undefined): Record<string, string> => (text ? { '': text } : {});

/** Sign-in in one or two steps, by passkey, and out again. */
export function signin(app: App) {
  const r = new Hono<Env>();
  const pending = new OneTime<Pending & { next: string }>(app);
  const challenges = new OneTime<string>(app);

  const footer = (c: Context<Env>) => <Fingerprint ui={uiOf(c)} certificate={app.panel.certificate()} />;

  const passkeyOffer = (c: Context<Env>): PasskeyOffer => {
    if (!hasPasskeys(app)) return { kind: 'none' };
    const { party, elsewhere } = partyOf(c.get('origin'));
    return party ? { kind: 'here' } : { kind: 'address', elsewhere };
  };

  const show = (c: Context<Env>, next: string, values: Record<string, string> = {}, error?: string, status: 200 | 422 | 429 = 200) => {
    const form = { values, errors: formError(error) };
    return page(c, <SignInPage ui={uiOf(c)} form={form} next={next} passkey={passkeyOffer(c)} footer={footer(c)} />, status);
  };

  const enter = (c: Context<Env>, signedIn: SignedIn, next: string) => {
    letIn(c, signedIn);
    return c.redirect(next, 303);
  };

  r.get('/signin', open(), (c) => {
    const next = localPath(c.req.query('next'));
    if (c.get('actor')) return c.redirect(next, 303);
    const { t } = uiOf(c);
    return show(c, next, {}, c.req.query('expired') === undefined ? undefined : t.signIn.expired);
  });

  r.post('/signin', open(), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, SignInForm, t);
    const next = localPath(form.state.values.next);
    const values = { name: form.state.values.name ?? '' };
    if (!form.ok) return show(c, next, values, t.signIn.wrong, 422);
    const answer = await signIn(app, visitorOf(c), form.input);
    if (answer.kind === 'in') return enter(c, answer.signedIn, next);
    if (answer.kind === 'wrong') return show(c, next, values, t.signIn.wrong, 422);
    if (answer.kind === 'held') {
      c.header('retry-after', String(answer.seconds));
      return show(c, next, values, t.signIn.held(answer), 429);
    }
    writePending(c, pending.put(answer.pending.userId, { ...answer.pending, next }));
    return c.redirect('/signin/code', 303);
  });

  const showCode = (c: Context<Env>, name: string, error?: string, status: 200 | 422 | 429 = 200) => {
    const recovery = c.req.query('recovery') !== undefined;
    return page(c, <CodePage ui={uiOf(c)} name={name} recovery={recovery} errors={formError(error)} footer={footer(c)} />, status);
  };

  r.get('/signin/code', open(), (c) => {
    const half = pending.peek(readPending(c));
    return half ? showCode(c, half.name) : c.redirect('/signin', 303);
  });

  r.post('/signin/code', open(), async (c) => {
    const { t } = uiOf(c);
    const token = readPending(c);
    const half = pending.peek(token);
    const form = await readForm(c, CodeForm, t);
    const answer = half ? await signInWithCode(app, visitorOf(c), half, form.ok ? form.input.code : '') : { kind: 'expired' as const };
    if (!half || answer.kind === 'expired') {
      pending.take(token);
      dropPending(c);
      return c.redirect('/signin?expired', 303);
    }
    if (answer.kind === 'held') {
      c.header('retry-after', String(answer.seconds));
      return showCode(c, half.name, t.signIn.held(answer), 429);
    }
    if (answer.kind !== 'in') return showCode(c, half.name, c.req.query('recovery') === undefined ? t.signIn.codeWrong : t.signIn.recoveryWrong, 422);
    pending.take(token);
    return enter(c, answer.signedIn, half.next);
  });

  const party = (c: Context<Env>): Party => {
    const { party } = partyOf(c.get('origin'));
    if (!party) throw new AppError('unsupported', (t) => t.signIn.passkeyAddress);
    return party;
  };

  r.post('/signin/passkey/options', open(), (c) =>
    answerJson(c, z.object({}), () => offerPasskeySignIn(app, visitorOf(c), party(c), challenges)),
  );

  r.post('/signin/passkey', open(), (c) =>
    answerJson(c, PasskeyAnswer.extend({ next: z.string().max(2000).optional() }), async (input) => {
      letIn(c, await signInWithPasskey(app, visitorOf(c), party(c), challenges, input));
      return { to: localPath(input.next) };
    }),
  );

  r.post('/signout', allow('account.write'), (c) => {
    signOut(app, c.get('actor')!);
    dropSession(c);
    return go(c, '/signin');
  });

  return r;
}
