/** Where people sign in to the machine itself. More of them may come: whatever tells an address and what became of it. */
export const SIGN_IN_SERVICES = ['sshd', 'rdp'] as const;
export type SignInService = (typeof SIGN_IN_SERVICES)[number];

/** Somebody tried to sign in. */
export interface SignInTry {
  service: SignInService;
  /** As the service wrote it: no name is ever looked up. */
  address: string;
  good: boolean;
  /** ms since 1970. */
  at: number;
  /** The line that says so. */
  text: string;
}

/** `notRoot`: the log is not the panel's to read; `noService`: nothing here writes such a log. */
export type SignInsRefusal = 'notRoot' | 'noService';

/** One service whose sign-ins can be followed. */
export interface SignInSource {
  readonly service: SignInService;
  refusal(): Promise<SignInsRefusal | null>;
  /** Addresses that signed in well lately, as far as its log goes back. */
  lately(): Promise<string[]>;
  /** Tells each from now on, until the returned function is called. `onEnd`: it hears nothing any more, and why. */
  follow(onTry: (one: SignInTry) => void, onEnd: (why: string) => void): () => void;
}

export interface SignInsDriver {
  readonly sources: readonly SignInSource[];
}

export const NO_SIGN_INS: SignInsDriver = { sources: [] };
