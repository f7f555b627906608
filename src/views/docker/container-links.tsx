import type { Ui } from '../ui.ts';

interface ContainerLinksProps {
  ui: Ui;
  containers: readonly { id: string; name: string }[];
  /** The sentence that names them. */
  text(names: string): string;
}

/** A sentence in which the names of containers are links. */
export function ContainerLinks({ ui, containers, text }: ContainerLinksProps) {
  // A list is joined as the language does it: each name holds its place, between what no text has.
  const parts = text(ui.fmt.list(containers.map((_, i) => `\0${i}\0`))).split('\0');
  return (
    <>
      {parts.map((part, i) => {
        const one = i % 2 ? containers[Number(part)] : null;
        return one ? <a href={`/containers/${one.id}`}>{one.name}</a> : part;
      })}
    </>
  );
}
