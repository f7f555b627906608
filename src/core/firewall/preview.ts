import type { z } from 'zod';
import type { ForwardSpec } from '../../platform/firewall.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { previewChange, usable, type Preview } from './change.ts';
import { findForward } from './forwards.ts';
import { previewPublished } from './published.ts';
import type { RuleInput } from './rule.ts';
import { additions, findRule, replacement } from './rules.ts';
import { policyChange, waysIn, type PolicyInput } from './settings.ts';

/** What somebody thinks of doing. */
export type Wish =
  | { verb: 'add'; rule: RuleInput }
  | { verb: 'change'; id: string; rule: RuleInput }
  | { verb: 'remove'; id: string }
  | { verb: 'enable'; letIn: boolean }
  | { verb: 'disable' }
  | { verb: 'policy'; policy: z.output<typeof PolicyInput> }
  | { verb: 'forward'; forward: ForwardSpec }
  | { verb: 'unforward'; id: string }
  | { verb: 'unpublish'; id: string };

/** What would run, and whom it would lock out; nothing is changed. @throws AppError as doing it would */
export async function preview(app: App, actor: Actor, wish: Wish): Promise<Preview> {
  need(actor, 'firewall.write');
  if (wish.verb === 'unpublish') return previewPublished(app, actor, { remove: wish.id });
  if (wish.verb === 'add' && wish.rule.scope === 'containers') return previewPublished(app, actor, { add: wish.rule });
  const state = usable(await app.host.firewall.read());
  switch (wish.verb) {
    case 'add': return previewChange(app, actor, additions(wish.rule, state), state);
    case 'change': return previewChange(app, actor, replacement(findRule(state, wish.id), wish.rule, state).changes, state);
    case 'remove': return previewChange(app, actor, [{ verb: 'remove', rule: findRule(state, wish.id) }], state);
    case 'enable': return previewChange(app, actor, [{ verb: 'enable', allow: wish.letIn ? await waysIn(app, actor, state) : [] }], state);
    case 'disable': return previewChange(app, actor, [{ verb: 'disable' }], state);
    case 'policy': return previewChange(app, actor, [policyChange(wish.policy, state)], state);
    case 'forward': return previewChange(app, actor, [{ verb: 'forward', forward: wish.forward }], state);
    case 'unforward': return previewChange(app, actor, [{ verb: 'unforward', forward: findForward(state.forwards, wish.id) }], state);
  }
}
