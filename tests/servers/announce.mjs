// node --import announce.mjs ...: says on stderr where a server listens, which those that were told port 0 do not.
import { subscribe } from 'node:diagnostics_channel';

subscribe('tracing:net.server.listen:asyncEnd', ({ server }) => {
  console.error(`listening on http://127.0.0.1:${server.address().port}`);
});
