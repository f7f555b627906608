import type { NetSecurityProfile, NetSecurityRules, NetworkInterface } from '../../../platform/exposure.ts';
import { fieldsOf, type Fields } from '../../../platform/windows/firewall/rules.ts';
import type { Action, Chain, Rule, Ruleset, Test } from './model.ts';
import { addressTests, excludedTest, interfaceTests, networksOf, portTests, profileTest, programTests, type Networks } from './netsecurity-match.ts';
import { always, doubtful, protocolTest } from './tests.ts';

export const TABLE = 'NetSecurity';
const CHAIN = 'Inbound';

/** What is looked at here, or does not narrow a rule: how it is called, and what Windows versions it is for. */
const KNOWN = new Set(['Action', 'Active', 'Dir', 'Profile', 'Protocol', 'LPort', 'LPort2_10', 'RPort', 'RPort2_10', 'App', 'Svc', 'IF', 'IFType', 'AppPkgId', 'PFN', 'Name', 'Desc', 'EmbedCtxt', 'Edge', 'Defer', 'Platform', 'Platform2']);
const isKnown = (key: string) => KNOWN.has(key) || /^[LR]A[46]2?$/.test(key);

interface Parsed extends Rule {
  action: 'allow' | 'block' | 'bypass';
}

const ACTIONS: Readonly<Record<string, Parsed['action']>> = { Allow: 'allow', Block: 'block', ByPass: 'bypass' };
const ALL_PROFILES: readonly NetSecurityProfile['name'][] = ['Domain', 'Private', 'Public'];

/**
 * What Windows Defender Firewall does with the first packet of a connection, as one chain in the order in which it decides
 * (learn.microsoft.com, "Windows Firewall rules"): interfaces and kinds of networks that are not filtered; those that let nothing in;
 * rules that let in whoever proves by IPsec who they are, whatever else is blocked; rules that block; rules that allow; what the
 * profile does with the rest. What narrows only who a service of Windows itself talks to (its hardening) is left out: it never opens.
 */
export function readNetSecurity({ profiles, rules, variables }: NetSecurityRules, interfaces: readonly NetworkInterface[] | null): Ruleset {
  const networks = networksOf(interfaces);
  const parsed = rules.flatMap(({ title, text, store }) => ruleOf(title, text, store, { profiles, variables, networks }) ?? []);
  const of = (action: Parsed['action']) => parsed.filter((rule) => rule.action === action);
  const each = (text: (profile: NetSecurityProfile) => string, which: (profile: NetSecurityProfile) => boolean, action: (profile: NetSecurityProfile) => Action['do']) =>
    profiles.filter(which).map((profile) => rule(`${profile.name}: ${text(profile)}`, [profileTest([profile.name], networks)], action(profile)));
  const chain: Chain = {
    name: CHAIN, table: TABLE, beside: new Map(),
    rules: [
      rule('DisabledInterfaceAliases', [excludedTest(networks)], 'accept'),
      ...each(() => 'Enabled=False', ({ enabled }) => !enabled, () => 'accept'),
      ...each(() => 'AllowInboundRules=False', ({ shielded }) => shielded, () => 'drop'),
      ...of('bypass'), ...of('block'), ...of('allow'),
      ...each(({ inbound }) => `DefaultInboundAction=${inbound === 'block' ? 'Block' : 'Allow'}`, () => true, ({ inbound }) => (inbound === 'block' ? 'drop' : 'accept')),
    ],
  };
  return { bases: [{ chain, hook: 'input', type: 'filter', priority: 0, policy: 'drop', family: null, devices: null }], byProgram: true };
}

/** Is anybody kept out at all? */
export const isFiltered = ({ profiles }: NetSecurityRules, interfaces: readonly NetworkInterface[] | null) => {
  const here = new Set(interfaces?.flatMap(({ network }) => network?.profile ?? []));
  return profiles.some(({ name, enabled }) => enabled && (here.size === 0 || here.has(name)));
};

const rule = (text: string, tests: readonly Test[], action: Action['do']): Rule => ({ text, tests, branches: [{ test: null, action: { do: action } as Action }], count: 1 });

/** null: it is switched off, about what goes out, or about none of what is asked here. */
function ruleOf(title: string, text: string, store: 'local' | 'policy', { profiles, variables, networks }: Pick<NetSecurityRules, 'profiles' | 'variables'> & { networks: Networks }): Parsed | null {
  const fields = fieldsOf(text);
  const one = (key: string) => fields?.get(key)?.[0] ?? null;
  const action = ACTIONS[one('Action') ?? ''];
  if (!fields || !action || one('Active') !== 'TRUE' || one('Dir') !== 'In') return null;
  const protocol = protocolOf(fields);
  if (protocol === null) return null;
  const asked = fields.get('Profile') ?? [];
  const ignored = store === 'local' ? profiles.filter(({ localRules }) => !localRules).map(({ name }) => name) : [];
  const names = (asked.length && !asked.includes('All') ? ALL_PROFILES.filter((name) => asked.includes(name)) : ALL_PROFILES).filter((name) => !ignored.includes(name));
  if (names.length === 0) return null;
  // Who has to prove by IPsec who they are, users, trust: whether that comes about is not seen here.
  const more = action === 'bypass' || [...fields.keys()].some((key) => !isKnown(key));
  const tests = [
    protocol, ...portTests(fields), names.length === ALL_PROFILES.length ? always : profileTest(names, networks), ...programTests(fields, variables), ...interfaceTests(fields, networks),
    ...addressTests(fields, networks), ...(more ? [doubtful('text')] : []),
  ].filter((test) => test !== always);
  return { action, ...rule(`${title}: ${saidOf(text)}`, tests, action === 'block' ? 'drop' : 'accept') };
}

/** null: about neither TCP nor UDP. */
function protocolOf(fields: Fields): Test | null {
  if (fields.has('ICMP4') || fields.has('ICMP6')) return null;
  const number = fields.get('Protocol')?.[0];
  if (number === undefined || number === '256') return always;
  return number === '6' || number === '17' ? protocolTest([number], false) : null;
}

/** A list of thousands is told by its beginning. */
const SAID_MOST = 400;

function saidOf(text: string): string {
  const said = text.split('|').slice(1).filter((part) => part && !/^(Name|Desc|EmbedCtxt|Active|Dir)=/.test(part)).join(' ');
  return said.length > SAID_MOST ? `${said.slice(0, SAID_MOST)}…` : said;
}
