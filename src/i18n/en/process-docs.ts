/** The API of processes: what the reference says about it. */
export const processDocs = {
  group: 'Processes',
  endpoints: {
    'processes.list': 'What runs on the machine',
    'processes.get': 'One process: what it has open, what it was told, who it belongs to',
    'processes.signal': 'Send a signal to a process, or to all that it started',
    'processes.priority': 'Set the priority of a process',
  },
  fields: {
    processFilter: 'Text that the name, command, user or service contains',
    processTraffic: 'Bytes a second over open TCP connections in the network of the host; null unless the list is sorted by `received` or `sent`, or it has none',
    socketCarried: 'Bytes since the connection was made; null: not told, as of UDP and of what listens',
    processNice: 'From -20, served first, to 19; null where the system has none',
    processService: 'Its service of the host: nginx.service',
    processContainer: 'Id of the container that it runs in',
    processStartedAt: 'When it began, as the list tells it: numbers are used again, and this names one for good',
    processGuard: 'Why it is ended only with its name as confirm: the first of the machine, the panel, one that the system needs; kernel threads not at all',
    processFiles: 'What it has open, for administrators; null where that cannot be read',
    processEnvironment: 'What it was started with, without secret values, for administrators',
    processTree: 'Also all that it started',
    processConfirm: 'Its name, for those that are guarded',
    processLeft: 'Numbers of those that run on after 1.5 s',
    processCpu: 'Percent of one core since the last look',
    processMemory: 'Resident bytes',
  },
};
