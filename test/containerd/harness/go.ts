/** Containers that wait for a word before they do what a test is about. */
import { writeFileSync } from 'node:fs';
import type { ContainerSpec } from './cri-config.js';

/** A command that waits for {@link letGo} first. The word is used up, so that the next process of the container waits again. */
export const atGo = (script: string): ReadonlyArray<string> => [
  'sh',
  '-c',
  `while [ ! -e /go ]; do usleep 10000; done; rm /go; ${script}`,
];

/** Gives the word to a container by the pid of its process. */
export const letGo = ({ pid }: { readonly pid: number }): void => writeFileSync(`/proc/${pid}/root/go`, '');

/**
 * Takes more memory than it may have when it is let go. Not before: a shim begins to listen for a want of memory only after it has started the process
 * (`Start` in `cmd/containerd-shim-runc-v2/task/service.go`), and what the kernel said until then is heard by nobody.
 */
export const hungry: Pick<ContainerSpec, 'memoryLimitBytes' | 'command'> = {
  memoryLimitBytes: 16 << 20,
  command: atGo('exec dd if=/dev/zero of=/dev/null bs=128M count=1'),
};
