/** A containerd of which nothing is real but its socket, until it is killed. */
import { fakeAnswers } from './growth/fake-answers.js';
import { serveGrpc } from './growth/grpc-server.js';
import type { FakeContainerdInput } from './growth/messages.js';
import { givenInput } from './measure/child.js';

const input = givenInput<FakeContainerdInput>();
const { answers, sizes } = fakeAnswers(input);
await serveGrpc(input.address, answers);
// Whoever started it is all that it is there for.
process.once('disconnect', () => process.exit());
if (process.send === undefined) console.log(sizes);
else process.send(sizes);
