import { AppError } from '../../lib/errors.ts';
import { noFirewall, type FirewallChange, type FirewallDriver, type FirewallPlan, type FirewallRule, type FirewallState, type ForwardSpec, type PublishedRule, type RuleSpec } from '../firewall.ts';
import { ruleId } from '../linux/firewall/plan.ts';
import { UFW_ABILITIES } from '../linux/firewall/ufw.ts';
import { publishedLines } from '../linux/firewall/published-iptables.ts';
import { ruleOfTuple, tupleOfSpec, tupleWords } from '../linux/firewall/ufw-rules.ts';
import { shellWord } from '../../lib/shell-word.ts';

const spec = (more: Partial<RuleSpec>): RuleSpec => ({
  action: 'allow', direction: 'in', protocol: 'tcp', ports: [], service: null, source: null, destination: null, interface: null, zone: null,
  family: more.source || more.destination ? ((more.source ?? more.destination)!.includes(':') ? 'v6' : 'v4') : 'both', comment: '', program: null, profile: null, enabled: true, ...more,
});
const ports = (...all: (number | [number, number])[]) => all.map((one) => (typeof one === 'number' ? { from: one, to: one } : { from: one[0], to: one[1] }));

const FIRST: readonly RuleSpec[] = [
  spec({ action: 'deny', protocol: 'any', source: '203.0.113.66', comment: 'scans every night' }),
  spec({ action: 'limit', ports: ports(22), comment: 'SSH' }),
  spec({ ports: ports(80, 443), comment: 'Websites' }),
  spec({ protocol: 'udp', ports: ports(443), comment: 'HTTP/3' }),
  spec({ ports: ports(8686), comment: 'Mantou' }),
  spec({ ports: ports(9200), source: '10.8.0.0/24', comment: 'Search, from the office' }),
  spec({ protocol: 'udp', ports: ports([60_000, 61_000]), comment: 'mosh' }),
  spec({ ports: ports(5432), source: '2001:db8:7::/48' }),
  spec({ action: 'reject', ports: ports(113), protocol: 'any' }),
  spec({ direction: 'out', action: 'deny', ports: ports(25), comment: 'No mail from here' }),
];

const command = (...words: string[]) => ['ufw', ...words].map(shellWord).join(' ');

/** A firewall that does not exist and does what it is told, in the words of ufw. */
export function createFakeFirewall(first: readonly RuleSpec[] = FIRST): FirewallDriver {
  let active = true;
  let rules = [...first];
  let forwards: ForwardSpec[] = [{ protocol: 'tcp', port: 2222, toAddress: '10.8.0.5', toPort: 22 }];
  let policies: FirewallState['policies'] = { in: 'deny', out: 'allow', forward: 'deny' };
  let published: readonly PublishedRule[] = [];
  const made = new WeakMap<FirewallRule, RuleSpec>();
  /** What a plan does, and what was before it. */
  const works = new WeakMap<FirewallPlan, () => void>();
  const takeBacks = new WeakMap<FirewallPlan, () => void>();

  function planOf(commands: string[], work: () => void): FirewallPlan {
    const plan: FirewallPlan = { commands, steps: [], revert: [{ run: ['/usr/sbin/ufw', 'reload'] }] };
    works.set(plan, work);
    return plan;
  }

  const early = (one: RuleSpec) => one.source !== null && (one.action === 'deny' || one.action === 'reject');
  const add = (one: RuleSpec) => void (rules = early(one) ? [one, ...rules] : [...rules, one]);
  const words = (one: RuleSpec) => tupleWords(tupleOfSpec(one));
  const comment = (one: RuleSpec) => (one.comment ? ['comment', one.comment] : []);
  const addCommand = (one: RuleSpec) => command(...(early(one) ? ['prepend'] : []), ...words(one), ...comment(one));

  function plan(change: FirewallChange): FirewallPlan {
    switch (change.verb) {
      case 'add': return planOf([addCommand(change.rule)], () => add(change.rule));
      case 'remove': return planOf([command('delete', ...words(made.get(change.rule)!))], () => (rules = rules.filter((one) => one !== made.get(change.rule))));
      case 'change': return planOf([addCommand(change.to), command('delete', ...words(made.get(change.rule)!))], () => (rules = rules.map((one) => (one === made.get(change.rule) ? change.to : one))));
      case 'enable': return planOf([...change.allow.map(addCommand), command('--force', 'enable')], () => {
        change.allow.forEach(add);
        active = true;
      });
      case 'disable': return planOf([command('disable')], () => (active = false));
      case 'policy': return planOf([command('default', change.policy, { in: 'incoming', out: 'outgoing', forward: 'routed' }[change.direction])], () => (policies = { ...policies, [change.direction]: change.policy }));
      case 'forward': return planOf([forwardCommand('add', change.forward)], () => (forwards = [...forwards, change.forward]));
      case 'unforward': return planOf([forwardCommand('delete', change.forward)], () => (forwards = forwards.filter((one) => one.port !== change.forward.port || one.protocol !== change.forward.protocol)));
    }
  }

  const forwardCommand = (verb: 'add' | 'delete', { protocol, port, toAddress, toPort }: ForwardSpec) => `nft ${verb} rule inet mantou_forward prerouting ${protocol} dport ${port} ${toAddress ? `dnat to ${toAddress}:${toPort}` : `redirect to :${toPort}`}`;

  return {
    async read() {
      return noFirewall({
        provider: 'ufw', active, boot: active, policies, logging: 'low', abilities: UFW_ABILITIES, services: ['Nginx Full', 'OpenSSH', 'Samba'],
        rules: rules.map((one, nth) => {
          const rule = ruleOfTuple({ ...tupleOfSpec(one), protocol: one.protocol }, nth);
          const whole = { ...rule, spec: one, comment: one.comment, id: ruleId('fake', rule.text, rules.slice(0, nth).filter((before) => ruleOfTuple(tupleOfSpec(before)).text === rule.text).length) };
          made.set(whole, one);
          return whole;
        }),
        forwards: forwards.map((one) => ({ ...one, id: ruleId('forward', `${one.protocol}${one.port}`), text: forwardCommand('add', one).replace('nft add rule ', ''), native: false, zone: null })),
      });
    },
    plan: async (change) => plan(change),
    async apply(wanted) {
      const before = { active, rules, forwards, policies, published };
      takeBacks.set(wanted, () => ({ active, rules, forwards, policies, published } = before));
      const work = works.get(wanted);
      if (!work) throw new AppError('internal', (t) => t.firewall.cannot);
      work();
    },
    revert: async (done) => takeBacks.get(done)?.(),
    published: {
      read: async () => ({ hindrance: null, backend: 'iptables', v4: published.flatMap((rule) => publishedLines(rule, 'v4')), v6: null, docker6: false, table: null }),
      has: (rule, { v4 }) => publishedLines(rule, 'v4').every((line) => v4?.includes(line)),
      plan: (wanted) => planOf([['iptables-restore --noflush <<\'EOF\'', '*filter', ':MANTOU-DOCKER - [0:0]', ...wanted.flatMap((rule) => publishedLines(rule, 'v4')), 'COMMIT', 'EOF'].join('\n')], () => (published = wanted)),
    },
    installable: () => [],
  };
}
