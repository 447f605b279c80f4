/**
 * What can stand in a checkpoint, by name. All but `own`, which is containerd's, are the same on every node, down to their times.
 */

/** How a checkpoint is left before the recovery. */
export type Left =
  | { readonly _tag: 'Own' }
  | { readonly _tag: 'Text'; readonly bytes: Uint8Array }
  | { readonly _tag: 'Missing' }
  /** The container's directory with it. */
  | { readonly _tag: 'NoDirectory' }
  | { readonly _tag: 'Directory' }
  /** To a sound checkpoint outside the container's directory. */
  | { readonly _tag: 'Link'; readonly bytes: Uint8Array };

const text = (content: string): Left => ({ _tag: 'Text', bytes: Buffer.from(content) });

const created = '"CreatedAt":1700000000000000001';
const started = '"StartedAt":1700000001000000003';
const finished = '"FinishedAt":1700000002000000005';
const notYet = { started: '"StartedAt":0', finished: '"FinishedAt":0' };
const noExit = '"ExitCode":0,"Reason":"","Message":"","Resources":null';
const exit = '"ExitCode":7,"Reason":"OOMKilled","Message":"out of memory"';

/** The fields between the braces, in containerd's order, after the version. */
const checkpoint = (...fields: ReadonlyArray<string>): string => `{"Version":"v1",${fields.join(',')}}`;

const sound = {
  CREATED: checkpoint('"Pid":0', created, notYet.started, notYet.finished, noExit),
  // No process can have this pid: Linux has at most 4,194,304.
  RUNNING: checkpoint('"Pid":4200042', created, started, notYet.finished, noExit),
  EXITED: checkpoint('"Pid":4200042', created, started, finished, exit, '"Resources":null'),
  ZERO: checkpoint(
    '"Pid":0,"CreatedAt":0,"StartedAt":0,"FinishedAt":0,"ExitCode":255,"Reason":"Unknown","Message":"","Resources":null',
  ),
};
const exited = (change: (text: string) => string): Left => text(change(sound.EXITED));
const running = (change: (text: string) => string): Left => text(change(sound.RUNNING));

/** Those that a container is in all states with. */
export const plainCheckpoints = {
  CREATED: text(sound.CREATED),
  RUNNING: text(sound.RUNNING),
  EXITED: text(sound.EXITED),
  ZERO: text(sound.ZERO),
  missing: { _tag: 'Missing' },
  corrupt: text('{"Version":"v1",}'),
} satisfies Readonly<Record<string, Left>>;

/** Those that nothing can be read from. */
export const lostCheckpoints = {
  empty: text(''),
  'only white space': text(' \n'),
  'NUL-filled': text('\0'.repeat(sound.RUNNING.length)),
  truncated: running((whole) => whole.slice(0, whole.length / 2)),
  'of version v2': running((whole) => whole.replace('v1', 'v2')),
  'of version V1': running((whole) => whole.replace('v1', 'V1')),
  'without a version': running((whole) => whole.replace('"Version":"v1",', '')),
  'a number for a version': running((whole) => whole.replace('"v1"', '1')),
  'an array': text('[]'),
  'a word': text('null'),
  'more behind it': running((whole) => `${whole}x`),
  'a byte order mark': running((whole) => `\ufeff${whole}`),
  'a leading zero': running((whole) => whole.replace('4200042', '04200042')),
  'exit code above int32': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":4294967296')),
  'exit code just above int32': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":2147483648')),
  'exit code in quotes': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":"7"')),
  'exit code with a point': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":7.0')),
  'negative pid': running((whole) => whole.replace('4200042', '-1')),
  'pid above uint32': running((whole) => whole.replace('4200042', '4294967296')),
  'time with an exponent': running((whole) => whole.replace('1700000001000000003', '17e17')),
  'time above int64': running((whole) => whole.replace('1700000001000000003', '9223372036854775808')),
  'reason of another type': exited((whole) => whole.replace('"OOMKilled"', '7')),
  'resources of another type': running((whole) => whole.replace('"Resources":null', '"Resources":7')),
  'wrong type, then right': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":"8","ExitCode":7')),
} satisfies Readonly<Record<string, Left>>;

/** Those that look odd and can be read. */
export const oddCheckpoints = {
  'keys in other cases': exited((whole) => whole.toLowerCase().replace('"oomkilled"', '"OOMKilled"')),
  'a key with a long s': running((whole) => whole.replace('"StartedAt"', '"\u017ftartedAt"')),
  'an escaped key': running((whole) => whole.replace('"StartedAt"', '"\\u0053tartedAt"')),
  'duplicate keys': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":8,"ExitCode":9')),
  'duplicate keys in two cases': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":8,"exitCODE":9')),
  'a value, then null': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":7,"ExitCode":null')),
  'null fields': exited((whole) => whole.replace('"OOMKilled"', 'null').replace('"Pid":4200042', '"Pid":null')),
  'unknown fields': exited((whole) => whole.replace('{', '{"Later":{"a":[1,2]},"$":12345678901234567890,')),
  'white space': running((whole) => `\n${whole.replaceAll(',', ' ,\n\t')}\r\n`),
  'only an exit': text(checkpoint(finished, '"ExitCode":7')),
  'only a start': text(checkpoint(started)),
  'only a creation': text(checkpoint(created)),
  'an exit before 1970': exited((whole) => whole.replace('1700000002000000005', '-6795364578871345152')),
  'the last of all times': exited((whole) => whole.replace('1700000002000000005', '9223372036854775807')),
  'negative exit code': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":-2147483648')),
  'minus zero': exited((whole) => whole.replace('"ExitCode":7', '"ExitCode":-0')),
  'pid of all ones': running((whole) => whole.replace('4200042', '4294967295')),
  resources: running((whole) =>
    whole.replace('"Resources":null', '"Resources":{"linux":{"cpu_period":100000,"memory_limit_in_bytes":5}}'),
  ),
  'a message to escape': exited((whole) => whole.replace('out of memory', '<&>\\u2028\\" \u{1f4a5}\\t\\u0001')),
  'bytes that are no UTF-8': {
    _tag: 'Text',
    bytes: Buffer.from(sound.EXITED.replace('out of memory', 'out \u00ff of'), 'latin1'),
  },
  'half a surrogate pair': exited((whole) => whole.replace('out of memory', 'out \\ud83d of')),
} satisfies Readonly<Record<string, Left>>;

/** Those where the file itself is not what it should be. */
export const oddFiles = {
  own: { _tag: 'Own' },
  'without its directory': { _tag: 'NoDirectory' },
  'a directory': { _tag: 'Directory' },
  'a link': { _tag: 'Link', bytes: Buffer.from(sound.EXITED) },
} satisfies Readonly<Record<string, Left>>;

export const checkpoints = { ...plainCheckpoints, ...lostCheckpoints, ...oddCheckpoints, ...oddFiles };

export type CheckpointName = keyof typeof checkpoints;
