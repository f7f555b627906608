import { useContext } from 'hono/jsx';
import { ChosenEngine } from './chosen.ts';

/** In the head of a page: on which engine it is. Nothing on this machine's own. */
export function OnEngine() {
  const on = useContext(ChosenEngine);
  return on ? (
    <a class="tag on-engine" data-tone="accent" href="/docker#endpoints">
      {on}
    </a>
  ) : null;
}
