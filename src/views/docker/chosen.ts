import { createContext } from 'hono/jsx';

/**
 * Name of the engine that a page is about, when it is not the one of this machine. The layout knows it, the head of the page
 * shows it: every page about containers has both, and none has to pass it on.
 */
export const ChosenEngine = createContext<string | null>(null);
