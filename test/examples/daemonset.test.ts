/** The manifest and the Dockerfile of the node agent: no more rights than it uses, the paths that the library has, and what goes with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readSettings } from '../../examples/node-agent/src/read-settings.js';
import { readNode } from '../../src/cli/settings.js';
import { repository } from './copied-example.js';

const read = (name: string): string => readFileSync(join(repository, 'examples', 'node-agent', name), 'utf8');
const [manifest, ...others] = parseAllDocuments(read('daemonset.yaml'), { uniqueKeys: true, strict: true });
const { metadata, spec } = manifest?.toJS() ?? {};
const pod = spec.template.spec;
const [agent] = pod.containers;

/** What may stand in each object; a word too many is a mistake that Kubernetes only warns of. */
const known = (value: object, keys: ReadonlyArray<string>): void =>
  expect(Object.keys(value).filter((key) => !keys.includes(key))).toEqual([]);

test('is one document that YAML has no word against, with one container', () => {
  expect([manifest?.errors, manifest?.warnings, others]).toEqual([[], [], []]);
  expect([pod.containers.length, pod.initContainers]).toEqual([1, undefined]);
  expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
  expect(metadata.name).toMatch(/^[a-z][a-z-]+$/);
});

test('takes no privileges', () => {
  expect(agent.securityContext).toEqual({
    runAsUser: 0,
    runAsGroup: 0,
    capabilities: { drop: ['ALL'] },
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
  });
  expect(pod.securityContext).toEqual({ seccompProfile: { type: 'RuntimeDefault' } });
  expect(pod.automountServiceAccountToken).toBe(false);
  known(pod, [
    'automountServiceAccountToken',
    'containers',
    'enableServiceLinks',
    'securityContext',
    'terminationGracePeriodSeconds',
    'tolerations',
    'volumes',
  ]);
});

test('mounts what it reads, read-only, at the paths that the library has', () => {
  const library = readNode({});
  if (library._tag === 'Left') throw new Error(library.left);
  const { address, root, state } = library.right;
  const paths: ReadonlyArray<string> = pod.volumes.map(({ hostPath }: { hostPath: { path: string } }) => hostPath.path);
  const isMounted = (path: string): boolean => paths.some((mounted) => `${path}/`.startsWith(`${mounted}/`));
  expect([address, root, state, '/run/netns'].filter((path) => !isMounted(path))).toEqual([]);
  // Nothing that is none of these, nor above them but for the directory of the socket.
  expect(paths).toEqual([join(address, '..'), root, '/run/netns']);
  for (const { name, hostPath } of pod.volumes) {
    const mount = agent.volumeMounts.find((candidate: { name: string }) => candidate.name === name);
    expect(mount).toEqual({ name, mountPath: hostPath.path, readOnly: true, mountPropagation: 'HostToContainer' });
  }
  expect(agent.volumeMounts).toHaveLength(pod.volumes.length);
  // The socket and not its directory would be one that nobody listens to after containerd's next start.
  expect(paths).not.toContain(address);
});

test('is probed and scraped where it listens', () => {
  const { port } = readSettings({});
  expect(agent.ports).toEqual([{ name: 'metrics', containerPort: port }]);
  expect(spec.template.metadata.annotations['prometheus.io/port']).toBe(String(port));
  expect(agent.env).toEqual([{ name: 'AGENT_HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }]);
  expect(agent.readinessProbe.httpGet).toEqual({ path: '/healthz', port: 'metrics' });
  expect(agent.livenessProbe.httpGet).toEqual({ path: '/metrics', port: 'metrics' });
});

test('the image runs what package.json starts, and copies what is there', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const [, entrypoint = ''] = /^ENTRYPOINT (.*)$/m.exec(read('Dockerfile')) ?? [];
  expect(JSON.parse(entrypoint).join(' ')).toBe(scripts.start);
  const allowed = read('.dockerignore')
    .split('\n')
    .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  );
  expect([...copied].sort()).toEqual([...allowed].sort());
});
