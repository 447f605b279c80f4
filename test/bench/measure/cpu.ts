/** Processor time of this process. */

/** Milliseconds that all of its threads have used since. */
export const cpuMsSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};
