import type { Listener } from './processes.ts';

/** The rules of the machine in the words of its tools. */
export interface RuleTexts {
  /** iptables-save and ip6tables-save, and those of the older kind beside them where both are used. */
  iptables: readonly { family: 4 | 6; text: string }[];
  /** `nft -j list ruleset`, and `nft -a -t list ruleset`, which writes the rules as people do. */
  nft: { json: string; listing: string } | null;
}

/**
 * Why they cannot be read: `root`: nobody else may; `system`: this one's are not understood here; `tools`: no program here reads
 * them; `failed`: one did not answer.
 */
export type RulesUnknown = 'root' | 'system' | 'tools' | 'failed';

export interface NetworkInterface {
  name: string;
  addresses: { address: string; family: 4 | 6; prefix: number }[];
}

/** What a listening socket is tied to beyond its address. */
export interface Bound extends Pick<Listener, 'protocol' | 'address' | 'port'> {
  /** The one interface that it listens on. */
  device: string | null;
  /** One for "::" that takes no IPv4. */
  onlyV6: boolean;
}

export interface ExposureLook {
  rules: RuleTexts | { unknown: RulesUnknown; detail?: string };
  /** null: not known. */
  interfaces: NetworkInterface[] | null;
  bound: Bound[] | null;
}

/** Who could reach what listens here: the way there. What listens is the processes' to tell. */
export interface ExposureDriver {
  look(): Promise<ExposureLook>;
}

export const NO_EXPOSURE: ExposureDriver = { look: async () => ({ rules: { unknown: 'system' }, interfaces: null, bound: null }) };
