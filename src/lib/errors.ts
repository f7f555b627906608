import type { Messages } from '../i18n/en.ts';

/** The seven ways an operation can be refused. Everything else that is thrown is a bug. */
export type ErrorCode = 'invalid' | 'denied' | 'not_found' | 'conflict' | 'unsupported' | 'unavailable' | 'internal';

export const STATUS = {
  invalid: 422,
  denied: 403,
  not_found: 404,
  conflict: 409,
  unsupported: 501,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

/** What to say, in the reader's language: chosen when it is shown, not when it is thrown. */
export type Say = (t: Messages) => string;

export interface FieldIssue {
  /** "query.limit", "body.name". */
  field: string;
  /** What is accepted. */
  say: Say;
}

export interface AppErrorOptions {
  cause?: unknown;
  /** Last lines of a tool's output: the reader is the administrator. */
  detail?: string;
  /** The form field that the message is about. */
  field?: string;
  /** Every field that does not fit, when there are several: API answers list them. */
  issues?: readonly FieldIssue[];
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
}

/** An expected refusal, shown to the person as a page, a fragment or JSON by the one `onError`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly say: Say;
  readonly detail: string | undefined;
  readonly field: string | undefined;
  readonly issues: readonly FieldIssue[] | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, say: Say, options: AppErrorOptions = {}) {
    super(code, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.say = say;
    this.detail = options.detail;
    this.field = options.field;
    this.issues = options.issues;
    this.retryAfter = options.retryAfter;
  }

  get status() {
    return STATUS[this.code];
  }
}
