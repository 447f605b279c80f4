/** The control group that holds all pods of one node, in every hierarchy of the machine (version 1 and 2). */
import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const hierarchies = (): ReadonlyArray<string> =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '');

// Deepest first.
const groupsBelow = (path: string): ReadonlyArray<string> => [
  ...readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => groupsBelow(join(path, entry.name))),
  path,
];

const groupsOf = (parent: string): ReadonlyArray<string> =>
  hierarchies()
    .map((hierarchy) => join(hierarchy, parent))
    .filter((path) => existsSync(path))
    .flatMap(groupsBelow);

const writeIfThere = (path: string, text: string): void => {
  if (existsSync(path)) writeFileSync(path, text);
};

/** Whether a container can be given a memory limit on this machine. */
export const canLimitMemory = (): boolean => {
  const unified = '/sys/fs/cgroup/cgroup.controllers';
  return (
    existsSync('/sys/fs/cgroup/memory/memory.oom_control') ||
    (existsSync(unified) && readFileSync(unified, 'utf8').split(/\s/).includes('memory'))
  );
};

/** Every process in the group, whoever is its parent by now. */
export const processesIn = (parent: string): ReadonlyArray<number> => [
  ...new Set(
    groupsOf(parent).flatMap((group) =>
      readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number),
    ),
  ),
];

/** Lets frozen processes go on, without which they cannot be killed. */
export const thaw = (parent: string): void => {
  for (const group of groupsOf(parent)) {
    writeIfThere(join(group, 'freezer.state'), 'THAWED');
    writeIfThere(join(group, 'cgroup.freeze'), '0');
  }
};

/** Removes the group, which has to be empty. */
export const removeGroups = (parent: string): void => {
  for (const group of groupsOf(parent)) rmdirSync(group);
};
