/** The numbers in `/proc/<pid>/stat` and `/proc/stat` that tell when a process started (proc_pid_stat(5), proc_stat(5)). */

/**
 * Ticks between boot and the start of the process: field 22, counted after the last `)`, as the process name before it may hold anything.
 *
 * @example
 * assert.strictEqual(startTicksOf('7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0'), 4711n);
 */
export const startTicksOf = (stat: string): bigint | undefined => {
  const fieldsFromThird = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return naturalOf(fieldsFromThird[22 - 3]);
};

/**
 * True for a process that has ended and only waits for its parent to take note: a zombie without further threads. With threads it may still be
 * in the middle of a system call, although its first thread is a zombie.
 */
export const hasEnded = (stat: string): boolean => {
  const fieldsFromThird = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return /^[ZXx]$/.test(fieldsFromThird[0] ?? '') && Number(fieldsFromThird[20 - 3]) <= 1;
};

/** The second the machine booted in, since 1970: the line `btime`. */
export const bootSecondOf = (stat: string): bigint | undefined => naturalOf(/^btime (\d+)$/m.exec(stat)?.[1]);

/**
 * When the machine booted, in nanoseconds since 1970. `btime` is cut to the second; now less the uptime is exact to the tick, and is believed
 * within that second (a container may be shown an uptime of its own).
 */
export const bootTimeWithin = (btime: bigint, nowLessUptimeMs: number): bigint => {
  const earliest = btime * 1_000_000_000n;
  const latest = earliest + 999_999_999n;
  const measured = BigInt(Math.round(nowLessUptimeMs)) * 1_000_000n;
  if (measured < earliest) return earliest;
  return measured > latest ? latest : measured;
};

const naturalOf = (text: string | undefined): bigint | undefined =>
  text !== undefined && /^\d+$/.test(text) ? BigInt(text) : undefined;
