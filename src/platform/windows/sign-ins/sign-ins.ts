import { AppError } from '../../../lib/errors.ts';
import { pause } from '../../../lib/pause.ts';
import { createSshdCounter, readSshdLine } from '../../linux/sign-ins/sshd.ts';
import type { SignInService, SignInsDriver, SignInSource, SignInTry } from '../../sign-ins.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { eventsAfter, eventsLately, newestOf, type Channel, type NamedEvent } from './events.ts';
import { createLogonCounter, logonOf } from './logons.ts';

/** How often the logs are asked for what is new. */
const LOOK_MS = 3000;
/** A PowerShell that died is started again by the next question; logs that fail longer are lost. */
const FAILS_MOST = 3;
const TEXT_MOST = 400;

const AUDITING = 'Microsoft-Windows-Security-Auditing';
const FAILED: Channel = { name: 'Security', provider: AUDITING, events: [4625] };
// Apart from the others, which may be thousands on a file server: they do not push guesses out.
const GOOD: Channel = { name: 'Security', provider: AUDITING, events: [4624] };
const RDP: Channel = { name: 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational', provider: 'Microsoft-Windows-RemoteDesktopServices-RdpCoreTS', events: [140] };
/** 2 to 4: errors, warnings and the rest, as its manifest numbers them by their level. */
const OPENSSH: Channel = { name: 'OpenSSH/Operational', provider: 'OpenSSH', events: [2, 3, 4] };

const withType = (...types: number[]) => `(${types.map((type) => `Data[@Name='LogonType']='${type}'`).join(' or ')})`;
const SOMEBODY = ['S-1-5-7', 'S-1-0-0'].map((sid) => `Data[@Name='TargetUserSid']!='${sid}'`).join(' and ');
/** Sessions of Remote Desktop, begun and taken up again, apart from what comes over the network: of file sharing there are thousands, and most of them nobody's. */
const LATELY = [withType(10, 7), `${withType(3)} and ${SOMEBODY}`].map((which) => ` and EventData[${which}]`);


/**
 * SYSTEM and NETWORK SERVICE, as whom sshd and Remote Desktop run: other logs than Security take events of anybody who signs in
 * to the machine, and such an event would ban whom they like.
 */
const SERVICES: ReadonlySet<string> = new Set(['S-1-5-18', 'S-1-5-20']);

type Reader = (event: NamedEvent) => Omit<SignInTry, 'service'> | null;
type Tried = (event: NamedEvent) => { address: string; good: boolean } | null;

/** Who signs in to Windows: by Remote Desktop and the network, and by OpenSSH where that is installed. */
export function createWindowsSignIns(shell: PowerShell, lookMs = LOOK_MS): SignInsDriver {
  const source = (service: SignInService, channels: readonly [Channel, ...Channel[]], reader: () => Reader, lately: () => Promise<string[]>): SignInSource => ({
    service,
    async refusal() {
      if (shell.missing()) return 'noService';
      try {
        return (await newestOf(shell, channels[0])) === null ? 'noService' : null;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // A PowerShell that does not start is asked again by the next look.
        return error.code === 'denied' ? 'notRoot' : 'noService';
      }
    },
    lately,
    follow(onTry, onEnd) {
      const stop = new AbortController();
      const read = reader();
      const tell = (event: NamedEvent) => {
        const one = read(event);
        if (one && !stop.signal.aborted) onTry({ service, ...one });
      };
      void listen(shell, channels, tell, lookMs, stop.signal).catch((error: unknown) => (error instanceof AppError ? (error.detail ?? error.code) : String(error))).then((why) => {
        if (!stop.signal.aborted) onEnd(why ?? 'no log');
      });
      return () => stop.abort();
    },
  });
  return {
    sources: [
      source('sshd', [OPENSSH], () => openSshReader(createSshdCounter()), async () => (await eventsLately(shell, { ...OPENSSH, events: [4] })).flatMap((event) => goodOf(openSshReader(sshdLine)(event)))),
      source('rdp', [FAILED, GOOD, RDP], logonReader, async () => {
        const found: NamedEvent[] = [];
        for (const which of LATELY) found.push(...(await eventsLately(shell, GOOD, which)));
        return [...new Set(found.flatMap((event) => goodOf(logonOf(event))))];
      }),
    ],
  };
}

const goodOf = (one: { address: string; good: boolean } | null) => (one?.good ? [one.address] : []);
const sshdLine = (message: string) => {
  const line = readSshdLine(message);
  return line && { address: line.address, good: line.kind === 'good' };
};

/** Until it is told to stop, or no log is there any more. @throws AppError when they cannot be read for long */
async function listen(shell: PowerShell, channels: readonly Channel[], tell: (event: NamedEvent) => void, lookMs: number, signal: AbortSignal): Promise<undefined> {
  const places: { channel: Channel; after: number }[] = [];
  for (const channel of channels) {
    const after = await newestOf(shell, channel);
    if (after !== null) places.push({ channel, after });
  }
  for (let fails = 0; places.length > 0 && !signal.aborted; await pause(lookMs, signal)) {
    try {
      const found: NamedEvent[] = [];
      for (const place of places) {
        const { events, newest } = await eventsAfter(shell, place.channel, place.after);
        place.after = newest;
        found.push(...events);
      }
      for (const event of found.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))) tell(event);
      fails = 0;
    } catch (error) {
      if (!(error instanceof AppError) || ++fails >= FAILS_MOST) throw error;
    }
  }
}

const reader = (one: Tried, text: (event: NamedEvent) => string): Reader => (event) => {
  const found = one(event);
  return found && { address: found.address, good: found.good, at: event.at ?? Date.now(), text: `${event.event}: ${text(event)}`.slice(0, TEXT_MOST).toWellFormed() };
};

/** Which account was asked for, from where, and why it was refused: no names are looked up. */
const SHOWN = ['TargetUserName', 'TargetDomainName', 'LogonType', 'IpAddress', 'IpPort', 'Status', 'SubStatus', 'IPString'];
const logonText = ({ fields }: NamedEvent) => fields.filter(({ name }) => SHOWN.includes(name)).map(({ name, value }) => `${name}=${value}`).join(' ');

function logonReader(): Reader {
  const count = createLogonCounter();
  return reader((event) => {
    // Nobody but Windows writes to Security.
    const one = event.event !== 140 || SERVICES.has(event.user) ? logonOf(event) : null;
    return one && count(one, event.at ?? 0) ? one : null;
  }, logonText);
}

/** Its events have the name of the program and the line that sshd would write to a file. */
function openSshReader(count: (message: string) => { address: string; good: boolean } | null): Reader {
  const payload = ({ fields }: NamedEvent) => fields.find(({ name }) => name === 'payload')?.value ?? '';
  const isSshd = ({ user, fields }: NamedEvent) => SERVICES.has(user) && fields.some(({ name, value }) => name === 'process' && /^sshd(-session|-auth)?(\.exe)?$/i.test(value));
  return reader((event) => (isSshd(event) ? count(payload(event)) : null), payload);
}
