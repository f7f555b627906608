/** ms of a core that this process has used so far. What must not take long is measured by it: a busy machine makes nothing longer. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
