/** The events of a stream of the panel, as they come. Ends when the panel ends it, or `close` is called. */
export interface EventReader {
  events: { event: string; value: any; at: number }[];
  /** No more will come. */
  over: Promise<void>;
  close(): void;
}

export async function readEvents(url: string, headers: Record<string, string>): Promise<EventReader> {
  const stop = new AbortController();
  const answer = await fetch(url, { headers, signal: stop.signal });
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${await answer.text()}`);
  const events: EventReader['events'] = [];
  const read = async () => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of answer.body!) {
      const parts = (rest + decoder.decode(piece, { stream: true })).split('\n\n');
      rest = parts.pop()!;
      for (const part of parts) {
        const event = /^event: (.*)$/m.exec(part)?.[1];
        const text = [...part.matchAll(/^data: (.*)$/gm)].map((match) => match[1]).join('\n');
        if (event) events.push({ event, value: text ? JSON.parse(text) : null, at: performance.now() });
      }
    }
  };
  return { events, over: read().catch(() => {}), close: () => stop.abort() };
}
