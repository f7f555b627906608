/** The API of exposure: what the reference says about it. */
export const exposureDocs = {
  group: 'Exposure',
  endpoints: {
    'exposure.list': 'Every port that listens, by the worst first: what holds it, how it is published, and who reaches it through the rules of the machine',
  },
  fields: {
    exposureUnknown: 'Why the rules could not be read: root, system, tools, failed; null where they were',
    exposureFiltered: 'Is there any rule about what comes in?',
    exposureLeft: 'Sockets that were not looked at, as there are too many; 0 on nearly every machine',
    exposureAgain: 'on: look now, in place of what was seen a few seconds ago',
    exposureFilter: 'Text that port, program, service, container or address contains',
    exposureLevel: 'danger: known to be broken into and open to everyone; warn: risky, and open to some, guarded or unknown; open; meant: open as usual; some; closed; machine',
    exposureScope: 'As far as the address says: everywhere, address, inside (containers and virtual machines here), machine',
    exposureHow: 'program, published (by Docker), kernel (no program is known), forwarded (to another machine)',
    exposureVerdict: 'open: everyone; some: only the networks; closed; unknown: rules decide that are not understood',
    exposureNetworks: 'Of some: who; of open: who not; at most 8, for operators and administrators',
    exposureInterfaces: 'Interfaces for which it holds; empty: all',
    exposureReasons: 'Rules that decide, as the tool writes them; text null: what the chain does at its end. For operators and administrators',
    exposureDoubts: 'Rules that decide, and of which nobody can say whether they match, and why',
    exposureDoor: 'Another port that a rule leads here',
    exposureRisk: 'What it is known as: redis, mysql, docker …; null: nothing is known',
  },
};
