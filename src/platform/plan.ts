/** What a change will do: shown before it is done, and kept in the audit log. */
export interface Plan {
  /** As somebody would type them, in order. */
  commands: string[];
  /** Files that are written, whole. */
  files: FileChange[];
}

export interface FileChange {
  path: string;
  /** null: it is not there. */
  before: string | null;
  /** null: it is taken away. */
  after: string | null;
}

export const planOf = (commands: string[], files: FileChange[] = []): Plan => ({ commands, files });
