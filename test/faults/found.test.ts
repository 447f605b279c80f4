/** What the faults have brought to light. */
import type { ConnectRouter } from '@connectrpc/connect';
import { expect, it } from 'vitest';
import { Images } from '../../src/containerd/proto/gen/images_pb.js';
import { recover } from '../../src/index.js';
import type { Ports } from '../../src/ports/index.js';
import { fakeContainer, fakeDirectory, fakeNode, fakePorts, withFaults } from '../../src/testing/index.js';
import { answerOf, portsOf } from '../containerd-adapter/fake-containerd.js';

it('nothing is moved aside while the directories beside it cannot be counted', async () => {
  const stray = (area: 'root' | 'state', name: string) => fakeDirectory({ kind: 'container', area, name });
  const node = fakeNode({
    containers: ['c1', 'c2'].map((id) => fakeContainer({ id })),
    directories: [stray('root', 's1'), stray('root', 's2'), stray('root', 's3'), stray('state', 's4')],
  });
  const quarantinedBy = async (ports: Ports, fake: ReturnType<typeof fakePorts>) => {
    expect(await recover()(ports)()).toMatchObject({ _tag: 'Right' });
    return fake.node().quarantined;
  };
  const calm = fakePorts(node);
  expect(await quarantinedBy(calm, calm)).toStrictEqual([]);
  const fake = fakePorts(node);
  const subject = `${node.location.root}/containers`;
  const fault = { port: 'directories', operation: 'list', subject, effect: { error: 'Denied' } } as const;
  expect(await quarantinedBy(withFaults<Ports>(fake, [fault]), fake)).toStrictEqual([]);
});

it('an image is labelled last, because one that bears the label is not adopted again', async () => {
  const made: string[] = [];
  const routes = (router: ConnectRouter): void => {
    router.service(Images, {
      get: ({ name }) => ({ image: { name, target: { digest: 'sha256:manifest' } } }),
      create: ({ image }) => {
        made.push(`made ${image?.name}`);
        return {};
      },
      update: ({ image, updateMask }) => {
        made.push(`${updateMask?.paths} of ${image?.name}`);
        return {};
      },
    });
  };
  const { images } = await portsOf(routes);
  await answerOf(images.adopt({ name: 'example/app:1', target: 'sha256:manifest', labels: {} }, 'sha256:config'));
  expect(made).toStrictEqual(['made sha256:config', 'labels.io.cri-containerd.image of example/app:1']);
});
