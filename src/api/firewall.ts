import { z } from 'zod';
import { SCOPES } from '../core/exposure/port.ts';
import type { Done } from '../core/firewall/change.ts';
import { pageOfRules, readFirewall, RULE_FIELDS, type RuleRow } from '../core/firewall/firewall.ts';
import { addForward, ForwardInput, putForwardBack, removeForward } from '../core/firewall/forwards.ts';
import { InstallInput, installFirewall } from '../core/firewall/install.ts';
import { keptRow } from '../core/firewall/kept.ts';
import { preview } from '../core/firewall/preview.ts';
import { addPublished, PUBLISHED_HINDRANCES, readPublished, removePublished } from '../core/firewall/published.ts';
import { publishedPorts } from '../core/firewall/published-ports.ts';
import { FIREWALL_PROVIDERS, RULE_ACTIONS, RuleInput } from '../core/firewall/rule.ts';
import { addRule, changeRule, putRuleBack, removeRule } from '../core/firewall/rules.ts';
import { disableFirewall, enableFirewall, PolicyInput, setPolicy } from '../core/firewall/settings.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means, Time } from './schemas.ts';

const PortRange = z.object({ from: z.number().int(), to: z.number().int() });
const Policy = z.enum(['allow', 'deny', 'reject']).nullable();
const common = { protocol: z.enum(['tcp', 'udp', 'any']), ports: means(z.array(PortRange), 'firewallPorts'), source: means(z.string().nullable(), 'firewallSource'), interface: z.string().nullable(), family: z.enum(['v4', 'v6', 'both']) };
const Spec = z.object({
  action: z.enum(RULE_ACTIONS), direction: z.enum(['in', 'out']), ...common, service: z.string().nullable(), destination: z.string().nullable(), zone: z.string().nullable(),
  program: z.string().nullable(), profile: z.string().nullable(), enabled: z.boolean(),
});
const Rule = z
  .object({
    id: z.string(), origin: means(z.enum(['ours', 'outside']), 'firewallOrigin'), place: z.number().int(), comment: z.string(),
    text: means(z.string(), 'firewallText'), rule: means(Spec.nullable(), 'firewallRule'), extra: means(z.string().nullable(), 'firewallExtra'),
  })
  .meta({ id: 'FirewallRule' });
const Forwarding = z.object({ protocol: z.enum(['tcp', 'udp']), port: z.number().int(), toAddress: means(z.string().nullable(), 'firewallToAddress'), toPort: z.number().int() });

const Firewall = z
  .object({
    provider: means(z.enum(FIREWALL_PROVIDERS).nullable(), 'firewallProvider'), others: z.array(z.enum(FIREWALL_PROVIDERS)), alsoActive: z.array(z.enum(FIREWALL_PROVIDERS)),
    active: z.boolean(), boot: means(z.boolean(), 'firewallBoot'), hindrance: means(z.enum(['root', 'system']).nullable(), 'firewallHindrance'),
    policies: means(z.object({ in: Policy, out: Policy, forward: Policy }), 'firewallPolicies'), logging: z.string().nullable(),
    zones: z.array(z.object({ name: z.string(), interfaces: z.array(z.string()), sources: z.array(z.string()), policy: Policy })),
    profiles: z.array(z.object({ name: z.enum(['domain', 'private', 'public']), current: z.boolean(), enabled: z.boolean(), policies: z.object({ in: z.enum(['allow', 'deny', 'reject']), out: z.enum(['allow', 'deny', 'reject']) }), shielded: z.boolean() })),
    rules: means(z.number().int(), 'firewallRules'), forwards: z.array(Forwarding.extend({ id: z.string(), text: z.string(), origin: z.enum(['ours', 'outside']) })),
    gone: means(z.array(z.object({ id: z.string(), kind: z.enum(['rule', 'forward']), comment: z.string(), createdAt: Time, createdBy: z.string(), rule: Spec.nullable(), forward: Forwarding.nullable() })), 'firewallGone'),
  })
  .meta({ id: 'Firewall' });

const armed = means(z.boolean().default(false), 'firewallArmed');
const Result = z.object({ commands: z.array(z.string()), armed: means(z.object({ id: z.string(), until: Time }).nullable(), 'firewallArmedId') }).meta({ id: 'FirewallResult' });
const result = ({ armed: change, commands }: Done) => ({ commands, armed: change && { id: change.id, until: change.until } });

const bare = <S extends object>({ comment: _, ...spec }: S & { comment: string }) => spec;
const ruleOf = ({ id, origin, place, comment, text, spec, extra }: RuleRow) => ({ id, origin, place, comment, text, rule: spec && bare(spec), extra });

const Params = z.strictObject({ id: z.string().regex(/^[0-9a-f-]{16,36}$/) });
const Body = RuleInput.safeExtend({
  ports: means(RuleInput.shape.ports, 'firewallPortsText'), source: means(RuleInput.shape.source, 'firewallSource'), destination: means(RuleInput.shape.destination, 'firewallSource'), scope: means(RuleInput.shape.scope, 'firewallScope'), armed,
});
const ruleBody = ({ armed: _, ...rule }: z.output<typeof Body>): RuleInput => rule;
const ArmedQuery = z.strictObject({ armed: means(z.enum(['true', 'false']).default('false'), 'firewallArmed') });
const refusals = ['conflict', 'unsupported', 'unavailable'] as const;

export const firewall = [
  endpoint({
    id: 'firewall.get', method: 'get', path: '/firewall', permission: 'firewall.read', status: 200, response: Firewall, refusals: ['unavailable'],
    async run(app, actor) {
      const { provider, others, alsoActive, active, boot, hindrance, policies, logging, zones, profiles, rules, forwards, gone } = await readFirewall(app, actor);
      return {
        provider, others, alsoActive, active, boot, hindrance, policies, logging, zones, profiles, rules: rules.length,
        forwards: forwards.map(({ id, text, origin, protocol, port, toAddress, toPort }) => ({ id, text, origin, protocol, port, toAddress, toPort })),
        gone: gone.map(({ spec, ...one }) => ({ ...one, rule: spec && bare(spec) })),
      };
    },
  }),
  endpoint({
    id: 'firewall.rules', method: 'get', path: '/firewall/rules', permission: 'firewall.read', status: 200,
    query: z.strictObject({ ...listFields(RULE_FIELDS, 'place'), q: means(z.string().max(200).optional(), 'firewallFilter'), origin: z.enum(['ours', 'outside']).optional() }),
    response: collection(Rule), refusals: ['unavailable'], example: { query: 'q=443' },
    async run(app, actor, { query }) {
      const found = pageOfRules(await readFirewall(app, actor), { ...pageQuery(query), q: query.q, origin: query.origin });
      return answer({ ...found, items: found.items.map(ruleOf) }, query.sort);
    },
  }),
  endpoint({
    id: 'firewall.add', method: 'post', path: '/firewall/rules', permission: 'firewall.write', status: 200, body: Body, response: Result, refusals,
    example: { body: { action: 'allow', protocol: 'tcp', ports: '443', source: '10.0.0.0/8', comment: 'Office' } },
    run: async (app, actor, { body }) => result(await (body.scope === 'containers' ? addPublished(app, actor, ruleBody(body)) : addRule(app, actor, ruleBody(body), body))),
  }),
  endpoint({
    id: 'firewall.preview', method: 'post', path: '/firewall/preview', permission: 'firewall.write', status: 200, body: Body,
    response: z.object({ commands: z.array(z.string()), cuts: means(z.array(z.object({ what: z.enum(['panel', 'ssh', 'rdp']), port: z.number().int() })), 'firewallCuts'), risky: means(z.boolean(), 'firewallRisky') }), refusals,
    example: { body: { action: 'deny', protocol: 'tcp', ports: '22' } },
    async run(app, actor, { body }) {
      const { commands, lockOut } = await preview(app, actor, { verb: 'add', rule: ruleBody(body) });
      return { commands, ...lockOut };
    },
  }),
  endpoint({
    id: 'firewall.change', method: 'put', path: '/firewall/rules/{id}', permission: 'firewall.write', status: 200, params: Params, body: Body, response: Result, refusals,
    example: { body: { action: 'limit', protocol: 'tcp', ports: '22' } },
    run: async (app, actor, { params, body }) => result(await changeRule(app, actor, params.id, ruleBody(body), body)),
  }),
  endpoint({
    id: 'firewall.remove', method: 'delete', path: '/firewall/rules/{id}', permission: 'firewall.write', status: 200, params: Params, query: ArmedQuery, response: Result, refusals,
    run: async (app, actor, { params, query }) => result(await removeRule(app, actor, params.id, { armed: query.armed === 'true' })),
  }),
  endpoint({
    id: 'firewall.enable', method: 'post', path: '/firewall/enable', permission: 'firewall.write', status: 200, body: z.strictObject({ letIn: means(z.boolean().default(true), 'firewallLetIn'), armed }), response: Result, refusals,
    run: async (app, actor, { body }) => result(await enableFirewall(app, actor, body)),
  }),
  endpoint({
    id: 'firewall.disable', method: 'post', path: '/firewall/disable', permission: 'firewall.write', status: 200, response: Result, refusals,
    run: async (app, actor) => result(await disableFirewall(app, actor)),
  }),
  endpoint({
    id: 'firewall.policy', method: 'post', path: '/firewall/policy', permission: 'firewall.write', status: 200, body: PolicyInput.extend({ armed }), response: Result, refusals,
    example: { body: { direction: 'in', policy: 'deny' } },
    run: async (app, actor, { body }) => result(await setPolicy(app, actor, body, body)),
  }),
  endpoint({
    id: 'firewall.forward', method: 'post', path: '/firewall/forwards', permission: 'firewall.write', status: 200, body: ForwardInput.safeExtend({ toAddress: means(ForwardInput.shape.toAddress, 'firewallToAddress'), armed }), response: Result, refusals,
    example: { body: { protocol: 'tcp', port: 8080, toAddress: '10.0.0.5', toPort: 80 } },
    run: async (app, actor, { body: { armed: wanted, ...spec } }) => result(await addForward(app, actor, spec, { armed: wanted })),
  }),
  endpoint({
    id: 'firewall.unforward', method: 'delete', path: '/firewall/forwards/{id}', permission: 'firewall.write', status: 200, params: Params, response: Result, refusals,
    run: async (app, actor, { params }) => result(await removeForward(app, actor, params.id)),
  }),
  endpoint({
    id: 'firewall.putBack', method: 'post', path: '/firewall/gone/{id}/put-back', permission: 'firewall.write', status: 200, params: Params, body: z.strictObject({ armed }), response: Result, refusals,
    run: async (app, actor, { params, body }) => result(await (keptRow(app, params.id)?.kind === 'forward' ? putForwardBack : putRuleBack)(app, actor, params.id, body)),
  }),
  endpoint({
    id: 'firewall.published', method: 'get', path: '/firewall/published', permission: 'firewall.read', status: 200, refusals: ['unavailable'],
    response: z.object({
      hindrance: means(z.enum(PUBLISHED_HINDRANCES).nullable(), 'firewallPublishedHindrance'), backend: means(z.enum(['iptables', 'nftables']).nullable(), 'firewallPublishedBackend'), inForce: means(z.boolean(), 'firewallInForce'),
      rules: z.array(z.object({ id: z.string(), action: z.enum(['allow', 'deny']), ...common, comment: z.string(), createdAt: Time, createdBy: z.string() })),
      ports: means(z.array(z.object({ container: z.string(), name: z.string(), address: z.string(), port: z.number().int(), protocol: z.string(), scope: z.enum(SCOPES), verdict: z.enum(['open', 'some', 'closed', 'unknown']) })).nullable(), 'firewallPublishedPorts'),
    }).meta({ id: 'PublishedPorts' }),
    async run(app, actor) {
      const [{ hindrance, backend, inForce, rules }, ports] = await Promise.all([readPublished(app, actor), publishedPorts(app, actor)]);
      return {
        hindrance, backend, inForce, rules: rules.map(({ id, rule, comment, createdAt, createdBy }) => ({ id, ...rule, comment, createdAt, createdBy })),
        ports: ports && ports.map(({ id, name, fact: { address, host, protocol, scope, verdict } }) => ({ container: id, name, address, port: host, protocol, scope, verdict })),
      };
    },
  }),
  endpoint({
    id: 'firewall.unpublish', method: 'delete', path: '/firewall/published/{id}', permission: 'firewall.write', status: 200, params: Params, response: Result, refusals,
    run: async (app, actor, { params }) => result(await removePublished(app, actor, params.id)),
  }),
  endpoint({
    id: 'firewall.install', method: 'post', path: '/firewall/install', permission: 'firewall.write', status: 202, body: InstallInput, response: z.object({ task: z.string() }), refusals: ['unsupported', 'conflict'],
    example: { body: { provider: 'ufw' } },
    run: async (app, actor, { body }) => ({ task: await installFirewall(app, actor, body) }),
  }),
];
